"""A desk and its postman in one thread and on a clock of its own, for tests of the two."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schemas.alerts import AlertEvent
from schemas.base import LeaderId
from schemas.deliveries import Cleared, Delivery, Packed, Tray, Tried
from schemas.subscriptions import Silence, Subscription
from streams.core.desk import Offer, Taken, Undelivered, cleared, offered, packed, tried
from streams.core.rounds import Bring, Clear, Lane, Next, Pack, Rest, again_at, next_errand

PAUSES_S = (5.0, 300.0)
Answer = Callable[[Bring], bool]


@dataclass
class Desk:
    """`answer` says whether a try arrives. Each message is taken twice, as after a crash."""

    subscription: Subscription
    now: datetime
    answer: Answer = lambda _: True
    silences: tuple[Silence, ...] = ()
    trays: dict[LeaderId, Tray] = field(default_factory=dict)
    steps: list[Delivery] = field(default_factory=list)
    given_up: list[Undelivered] = field(default_factory=list)
    parcels: list[list[str]] = field(default_factory=list)
    """Alerts of each parcel that arrived."""
    tries: list[tuple[datetime, str, int]] = field(default_factory=list)
    offset: int = 0
    asked_at: datetime | None = None
    packed_at: datetime | None = None

    def offer(self, event: AlertEvent) -> None:
        self.offset += 1
        offset, leader = self.offset, event.data.leader.id
        self.trays.setdefault(
            leader, Tray(subscription=self.subscription.id, channel="log", leader=leader)
        )
        offer = Offer(event, offset, None, self.silences, self.now)
        self._take([leader], lambda tray: offered(tray, self.subscription, offer))

    def next(self) -> Next:
        lanes = filter(None, map(Lane.of, self.trays.values()))
        return next_errand(lanes, self.subscription, self.now, self.asked_at, self.packed_at)

    def work(self, until: datetime | None = None) -> None:
        """Does what is to be done up to a time, or to the end of all."""
        for _ in range(10_000):
            match self.next():
                case Rest(later):
                    if later is None or (until is not None and later > until):
                        self.now = max(self.now, until or self.now)
                        return
                    self.now = max(self.now, later)
                case Pack(parcel, leaders, alerts):
                    self.packed_at = self.now
                    said = Packed(
                        subscription="desk", parcel=parcel, leaders=leaders, alerts=alerts
                    )
                    self._take(leaders, lambda tray, said=said: packed(tray, said, self.now))
                case Clear(leaders):
                    over = Cleared(
                        subscription="desk",
                        leaders=leaders,
                        why="paused" if self.subscription.state == "paused" else "removed",
                        at=self.now,
                    )
                    self._take(leaders, lambda tray, over=over: cleared(tray, over))
                case Bring() as errand:
                    self._bring(errand)
        raise AssertionError("it does not come to an end")

    def states(self) -> dict[str, str]:
        return {each.alert: each.state for tray in self.trays.values() for each in tray.entries}

    def said(self, alert: str) -> list[tuple[str, str]]:
        """Steps of an alert, with their reasons."""
        return [(each.step, each.reason) for each in self.steps if each.alert == alert]

    def _bring(self, errand: Bring) -> None:
        self.tries.append((self.now, errand.parcel, errand.attempt))
        arrives = self.answer(errand)
        if arrives:
            self.parcels.append([each.event.id for each in errand.contents])
        again = None if arrives else again_at(errand.attempt, PAUSES_S, None, self.now)
        said = Tried(
            subscription="desk",
            parcel=errand.parcel,
            leaders=errand.leaders,
            attempt=errand.attempt,
            outcome="brought" if arrives else "given_up" if again is None else "failed",
            at=self.now,
            again_at=again,
        )
        self._take(errand.leaders, lambda tray: tried(tray, said))

    def _take(self, leaders: Sequence[LeaderId], fold: Callable[[Tray], Taken]) -> None:
        for leader in leaders:
            taken = fold(self.trays[leader])
            again = fold(taken.tray)
            assert (again.tray, again.steps, again.given_up) == (taken.tray, (), ())
            self.trays[leader] = taken.tray
            self.steps.extend(taken.steps)
            self.given_up.extend(taken.given_up)


def later(start: datetime, minutes: Sequence[int]) -> Iterator[datetime]:
    """Moments, each so many minutes after the one before."""
    for each in minutes:
        start += timedelta(minutes=each)
        yield start
