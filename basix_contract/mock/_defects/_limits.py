"""Defects of the limits: what is refused for want of a channel, and how."""

from __future__ import annotations

from basix_contract.mock._defects._defect import Defect

DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="callback-after-refusal",
        family="limits",
        summary="a call refused at once is told to callback_url as well",
        kills="callback/none-after-refusal",
        settings={"callback_on_refusal": True},
    ),
)
