"""Whether alerts reach those who subscribe: by the account of the last day."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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
    last: dict[str, Delivery] = {}
    lost: dict[str, int] = {}
    for step in steps:
        if step.step in ("brought", "failed", "given_up"):
            last[step.subscription] = step
        if step.step == "given_up":
            lost[step.subscription] = lost.get(step.subscription, 0) + 1
    names = sorted({key for key, each in as_now.items() if each.state != "removed"} | set(last))
    return [_of(name, as_now.get(name), last.get(name), lost.get(name, 0)) for name in names]


def _of(name: str, wanted: Subscription | None, last: Delivery | None, lost: int) -> Finding:
    if wanted is not None and wanted.state == "paused":
        return wrong(
            "subscribers",
            f"{name}: its end said that it is gone, and it is paused",
            f"Ask {wanted.owner}; `dragoman subscriptions resume {name}` puts it in again.",
        )
    if last is not None and last.step == "failed":
        return wrong(
            "subscribers",
            f"{name}: try {last.attempt} at {last.at:%Y-%m-%d %H:%M} UTC failed: {last.detail}",
            f"See whether its end answers; `dragoman why {last.alert} {name}` has all tries.",
        )
    if lost:
        return wrong(
            "subscribers",
            f"{name}: {lost} alerts given up within a day",
            "When its end takes them again: `dragoman dead-letters list`, and requeue them.",
        )
    if last is None:
        return ok("subscribers", f"{name}: nothing was to be brought within a day")
    return ok("subscribers", f"{name}: last brought at {last.at:%Y-%m-%d %H:%M} UTC")
