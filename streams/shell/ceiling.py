"""The ceiling on dead letters: how many refusals are the sources' fault, and when it must be ours.

A bad deployment would refuse everything and leave the topics empty. Policy and bookkeeping are two
frozen values, and the verdict is named. Nothing is sent or stopped here.
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["within", "run_too_long", "share_too_high"]


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What is borne: `run` refusals in a row, and a `share` of the last `window` messages.

    The share is looked at only when a window is full, so that the first message of the day cannot
    be all of it.
    """

    run: int
    share: float
    window: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What one agent has seen since it started: the last messages, `True` for a refusal."""

    run: int = 0
    recent: tuple[bool, ...] = ()
    refused: int = 0
    """How many of `recent` are refusals."""


def count(ceiling: Ceiling, tally: Tally, refused: bool) -> Tally:
    """The tally after one more message. Linear in the window."""
    dropped = tally.recent[: max(0, len(tally.recent) + 1 - ceiling.window)]
    return Tally(
        run=tally.run + 1 if refused else 0,
        recent=(*tally.recent[len(dropped) :], refused),
        refused=tally.refused + refused - sum(dropped),
    )


def judge(ceiling: Ceiling, tally: Tally) -> Verdict:
    """Whether the tally is within the ceiling, and if not, what is over it."""
    if tally.run > ceiling.run:
        return "run_too_long"
    if len(tally.recent) >= ceiling.window and tally.refused > ceiling.share * ceiling.window:
        return "share_too_high"
    return "within"
