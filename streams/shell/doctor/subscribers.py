"""Whether alerts reach those who subscribe: by the account of the last day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schemas.base import AlertId
from schemas.deliveries import Delivery
from schemas.subscriptions import Subscription
from schemas.topics import DELIVERIES, SUBSCRIPTIONS
from streams.shell.cluster import ClusterError
from streams.shell.doctor.findings import Finding, ok, unseen, wrong
from streams.shell.record import decoded, read_topic
from streams.shell.settings import Settings

LOOKED_BACK = timedelta(days=1)


async def subscribers(settings: Settings, now: datetime) -> Sequence[Finding]:
    """One finding for each subscription that is not removed."""
    try:
        wanted = [
            record
            async for message in read_topic(settings, SUBSCRIPTIONS)
            if isinstance(record := decoded(SUBSCRIPTIONS, message), Subscription)
        ]
        steps = [
            record
            async for message in read_topic(settings, DELIVERIES, since=now - LOOKED_BACK)
            if isinstance(record := decoded(DELIVERIES, message), Delivery)
        ]
    except ClusterError as error:
        return [unseen("subscribers", str(error))]
    return findings(wanted, steps)


def findings(wanted: Iterable[Subscription], steps: Iterable[Delivery]) -> Sequence[Finding]:
    """By the subscriptions as they were put, the newest of each last, and the steps in order."""
    as_now = {each.id: each for each in wanted}
    ways: dict[str, _Ways] = defaultdict(_Ways)
    for step in steps:
        if step.step != "passed_over":
            ways[step.subscription].go_on(step)
    put = {key for key, each in as_now.items() if each.state != "removed"}
    names = sorted(put | {key for key, way in ways.items() if way.was_tried})
    return [_of(name, as_now.get(name), ways[name]) for name in names]


@dataclass(slots=True)
class _Ways:
    """How the alerts of one subscription stand, each by its last step."""

    brought: Delivery | None = None
    failed: dict[AlertId, Delivery] = field(default_factory=dict)
    """What waits for another try. It stands here also while others get through."""
    lost: set[AlertId] = field(default_factory=set)
    """Given up, and not brought since by being requeued."""

    @property
    def was_tried(self) -> bool:
        return bool(self.brought or self.failed or self.lost)

    def go_on(self, step: Delivery) -> None:
        if step.step == "failed":
            self.failed[step.alert] = step
        elif step.step != "planned":
            self.failed.pop(step.alert, None)
        if step.step == "brought":
            self.brought = step
            self.lost.discard(step.alert)
        elif step.step == "given_up":
            self.lost.add(step.alert)


def _of(name: str, wanted: Subscription | None, ways: _Ways) -> Finding:
    if wanted is not None and wanted.state == "paused":
        return wrong(
            "subscribers",
            f"{name}: its end said that it is gone, and it is paused",
            f"Ask {wanted.owner}; `dragoman subscriptions resume {name}` puts it in again.",
        )
    if ways.failed:
        return _failing(name, list(ways.failed.values()))
    if ways.lost:
        return wrong(
            "subscribers",
            f"{name}: {len(ways.lost)} alerts given up within a day",
            "When its end takes them again: `dragoman dead-letters list`, and requeue them.",
        )
    if ways.brought is None:
        return ok("subscribers", f"{name}: nothing was to be brought within a day")
    return ok("subscribers", f"{name}: last brought at {_time(ways.brought.at)}")


def _failing(name: str, waiting: Sequence[Delivery]) -> Finding:
    last = max(waiting, key=lambda each: each.at)
    again = min((each.due_at for each in waiting if each.due_at), default=None)
    soon = f"; the next try is at {_time(again)}" if again else ""
    return wrong(
        "subscribers",
        f"{name}: {len(waiting)} alerts have not got through{soon}; "
        f"try {last.attempt} at {_time(last.at)} failed: {last.detail}",
        f"See whether its end answers: `dragoman why {last.alert} {name}` has all tries, and "
        f"`dragoman subscriptions retry {name}` makes the next at once.",
    )


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
