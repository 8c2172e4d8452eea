"""The client role: the kit answers calls as a PBX does, honest and hostile, and sees what a client makes of it."""

from __future__ import annotations
