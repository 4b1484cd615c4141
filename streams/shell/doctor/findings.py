"""What a look at an installation gives: one finding for each thing that was looked at."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "wrong", "unseen"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, and what to do where it stands ill."""

    check: str
    """What kind of thing, such as `topics`."""
    state: State
    """`unseen` where it could not be looked at, which is no fault of the installation's."""
    told: str
    remedy: str = ""


def ok(check: str, told: str) -> Finding:
    """It is as it should be."""
    return Finding(check, "ok", told)


def wrong(check: str, told: str, remedy: str) -> Finding:
    """It is not, and this is to be done."""
    return Finding(check, "wrong", told, remedy)


def unseen(check: str, told: str, remedy: str = "") -> Finding:
    """It could not be looked at."""
    return Finding(check, "unseen", told, remedy)
