"""Why an alert came to a subscription or did not, as people and programs are told; on no topic."""

from typing import Literal

from schemas.base import AlertId, Instant, Record
from schemas.deliveries import Step
from schemas.subscriptions import Slug

Standing = Literal["waiting", "passed_over", "taken_out", "failing", "brought", "given_up"]
"""How it stands: `waiting` for its time, `failing` and tried again; the others are final."""


class WhyStep(Record):
    """One step of the way, in words beside what they are made from."""

    at: Instant
    step: Step
    reason: str
    said: str


class Explanation(Record):
    """How an alert stands with a subscription, and each step that led there, in their order."""

    alert: AlertId
    subscription: Slug
    standing: Standing
    said: str
    """In one sentence."""
    steps: tuple[WhyStep, ...]
