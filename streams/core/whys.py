"""Why somebody was told of an alert, or was not: the steps of its way, put into words.

Pure: the steps are given, as they lie on the record. What decided at each step is
`streams.core.subscribing` and the channels.
"""

from collections.abc import Iterable

from schemas.base import Instant
from schemas.deliveries import Delivery, Step
from schemas.explanations import Explanation, Standing, WhyStep

_SAID: dict[Step, str] = {
    "planned": "wanted",
    "passed_over": "not wanted",
    "taken_out": "taken out before it was brought",
    "brought": "brought",
    "failed": "did not get through",
    "given_up": "given up",
}
_STANDING: dict[Step, Standing] = {
    "planned": "waiting",
    "passed_over": "passed_over",
    "taken_out": "taken_out",
    "brought": "brought",
    "failed": "failing",
    "given_up": "given_up",
}


def why(steps: Iterable[Delivery]) -> Explanation | None:
    """The explanation of one alert and one subscription; `None` where there is no step.

    The steps in the order of the record. A step that is there again after a crash is told once.
    What was brought stays brought, whatever a repeated step says after it.
    """
    told = _once(steps)
    if not told:
        return None
    last = next((each for each in told if each.step == "brought"), told[-1])
    return Explanation(
        alert=last.alert,
        subscription=last.subscription,
        standing=_STANDING[last.step],
        said=_in_one_sentence(last, sum(each.step == "failed" for each in told)),
        steps=tuple(map(_step, told)),
    )


def _step(each: Delivery) -> WhyStep:
    return WhyStep(at=each.at, step=each.step, reason=each.reason, said=_in_words(each))


def _once(steps: Iterable[Delivery]) -> tuple[Delivery, ...]:
    first: dict[tuple[object, ...], Delivery] = {}
    for each in steps:
        same = (each.step, each.reason, each.detail, each.parcel, each.attempt)
        first.setdefault(same, each)
    return tuple(first.values())


def _in_words(each: Delivery) -> str:
    said = _SAID[each.step]
    if each.attempt is not None and each.attempt > 1:
        said += f" at try {each.attempt}"
    if each.step == "brought":
        said += f" by {each.channel}"
    if each.detail and each.detail not in (each.step, said):
        said += f": {each.detail}"
    if each.due_at is not None:
        again = "tried again" if each.step == "failed" else "to be brought"
        said += f" ({again} at {_moment(each.due_at)})"
    return said


def _in_one_sentence(last: Delivery, failed: int) -> str:
    tries = f" after {failed} tries that failed" if failed > 1 else " after a try that failed"
    tries = tries if failed else ""
    match last.step:
        case "brought":
            return f"It was brought to {last.subscription} at {_moment(last.at)}{tries}."
        case "planned":
            due = "" if last.due_at is None else f" at {_moment(last.due_at)}"
            return f"It waits to be brought to {last.subscription}{due}."
        case "failed":
            again = "" if last.due_at is None else f" It is tried again at {_moment(last.due_at)}."
            return f"It has not got through to {last.subscription} yet.{again}"
        case "given_up":
            return f"It was given up{tries}: {last.detail or 'no reason is noted'}."
        case "taken_out":
            return f"It was taken out before it was brought: {last.detail}."
        case _:
            return f"It was not wanted there: {last.detail}."


def _moment(at: Instant) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")
