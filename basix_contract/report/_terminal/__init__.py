"""The summary on a terminal: what it came to, what was played, and what is to be looked at, on one screen."""

from __future__ import annotations
