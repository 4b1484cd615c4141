"""The subscriptions and silences that hold, as a running worker knows them.

They lie on `subscriptions.v1`; a worker that has a file of them puts there what differs, at its
start. The alert log of the settings is one more, of each worker alone.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from schemas.subscriptions import ALERT_LOG, Retry, Silence, Subscription, Wish
from schemas.topics import SUBSCRIPTIONS
from streams.shell.following import Following
from streams.shell.record import sender
from streams.shell.settings import Settings


class SubscriptionsInForce(Following):
    """Those of one worker. `on_change` is told the id of each subscription that has changed."""

    topic = SUBSCRIPTIONS

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        log = Subscription(
            id=ALERT_LOG,
            owner="this worker",
            channel="log",
            target=settings.alert_log,
            origin="file",
        )
        self._subscriptions = {log.id: log}
        self._silences: dict[str, Silence] = {}
        self._retries: dict[str, Retry] = {}
        self.on_change: Callable[[str], None] = _ignore

    def get(self, subscription: str) -> Subscription | None:
        """As it is now, also when it was removed or paused; `None` where it was never heard of."""
        return self._subscriptions.get(subscription)

    def all(self) -> tuple[Subscription, ...]:
        """Those that want something, by id."""
        found = (each for each in self._subscriptions.values() if each.state == "active")
        return tuple(sorted(found, key=lambda each: each.id))

    def silences(self) -> tuple[Silence, ...]:
        """All, also those that are over or to come."""
        return tuple(self._silences.values())

    def asked_at(self, subscription: str) -> datetime | None:
        """When somebody last asked that what has failed for it be tried at once."""
        found = self._retries.get(subscription)
        return None if found is None else found.at

    def take(self, record: Wish) -> None:
        """The newest with an id holds."""
        if isinstance(record, Silence):
            self._silences[record.id] = record
        elif isinstance(record, Retry):
            self._retries[record.subscription] = record
            self.on_change(record.subscription)
        elif record.id != ALERT_LOG:
            self._subscriptions[record.id] = record
            self.on_change(record.id)

    def differing(self, wanted: Iterable[Subscription]) -> tuple[Subscription, ...]:
        """What is to be put on the topic so that those of the file hold, and no others of it.

        A paused one stays so until its entry in the file is another.
        """
        of_file = {each.id: each.model_copy(update={"origin": "file"}) for each in wanted}
        changed = [
            each
            for each in of_file.values()
            if (held := self._subscriptions.get(each.id)) is None
            or held.model_copy(update={"state": "active"}) != each
            or held.state == "removed"
        ]
        gone = [
            each.model_copy(update={"state": "removed"})
            for each in self._subscriptions.values()
            if each.origin == "file"
            and each.state != "removed"
            and each.id not in {ALERT_LOG, *of_file}
        ]
        return (*changed, *gone)


async def put(settings: Settings, records: Iterable[Wish]) -> None:
    """Puts them on the topic, confirmed. Raises `ClusterError`."""
    async with sender(settings) as sending:
        for each in records:
            await sending.put(SUBSCRIPTIONS, each.key(), each)


def _ignore(_: str) -> None:
    """Until somebody wants to know."""
