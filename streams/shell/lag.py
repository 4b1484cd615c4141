"""How far a worker is behind, topic by topic: in messages, and in seconds.

A fold over what Faust tells of messages that come and are acknowledged (`streams.shell.sensor`),
and over the ends of the partitions as the brokers tell them (`streams.shell.ends`). Asks nobody and
reads no clock; nothing is decided on it in this process.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_MOST_MARKS = 512


class Partition(NamedTuple):
    """A partition of a topic, in the shape of Faust's own."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Behind:
    """What is not handled yet of one topic's partitions that this worker reads."""

    messages: int
    seconds: float
    """Age of the oldest of these messages; less than it is, by up to the time between two looks at
    the ends, where it was not fetched yet."""


@dataclass(slots=True)
class _Reading:
    """How far one partition is read."""

    next_offset: int | None = None
    """All before it is handled; `None` before that is known."""
    in_hand: dict[int, float] = field(default_factory=dict)
    """Offsets that have come and are not acknowledged, with the time the log took them."""
    ends: deque[tuple[int, float]] = field(default_factory=deque)
    """Ends that were seen, each with the time of the first look that saw it; rising."""

    @property
    def position(self) -> int | None:
        return min(self.in_hand) if self.in_hand else self.next_offset


class Lag:
    """Of one worker. Not thread-safe. Times are in seconds since 1970."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = tuple(topics)
        """A closed list, told of even where nothing of them is assigned."""
        self._readings: dict[Partition, _Reading] = {}

    def assigned(self, assigned: Mapping[str, Iterable[int]]) -> None:
        """From now on these partitions are read, each from a place that is not known yet."""
        self._readings = {
            Partition(topic, number): _Reading()
            for topic in self.topics
            for number in assigned.get(topic, ())
        }

    def unplaced(self) -> tuple[Partition, ...]:
        """Partitions of which it is not known how far they are read."""
        return tuple(tp for tp, reading in self._readings.items() if reading.position is None)

    def partitions(self) -> tuple[Partition, ...]:
        """All that are read."""
        return tuple(self._readings)

    def placed(self, tp: Partition, offset: int) -> None:
        """Reading begins here. Says nothing of a partition of which a message has come."""
        reading = self._readings.get(tp)
        if reading is not None and reading.position is None:
            reading.next_offset = offset

    def came(self, tp: Partition, offset: int, logged_at: float) -> None:
        """A message is in the hands of an agent."""
        reading = self._readings.get(tp)
        if reading is not None:
            reading.in_hand[offset] = logged_at

    def handled(self, tp: Partition, offset: int) -> None:
        """A message is acknowledged."""
        reading = self._readings.get(tp)
        if reading is not None:
            reading.in_hand.pop(offset, None)
            reading.next_offset = max(reading.next_offset or 0, offset + 1)

    def ends_at(self, tp: Partition, end: int, now: float) -> None:
        """The next message of this partition would have the offset `end`."""
        reading = self._readings.get(tp)
        if reading is None or (reading.ends and reading.ends[-1][0] >= end):
            return
        if len(reading.ends) >= _MOST_MARKS:
            # The oldest says how long; of those behind it every other one is enough.
            reading.ends = deque(list(reading.ends)[::2])
        reading.ends.append((end, now))

    def behind(self, now: float) -> dict[str, Behind]:
        """Of every topic; none is behind of which nothing is assigned or known."""
        found = {topic: Behind(0, 0.0) for topic in self.topics}
        for tp, reading in self._readings.items():
            one, so_far = _behind(reading, now), found[tp.topic]
            found[tp.topic] = Behind(
                so_far.messages + one.messages, max(so_far.seconds, one.seconds)
            )
        return found


def _behind(reading: _Reading, now: float) -> Behind:
    position = reading.position
    if position is None:
        return Behind(0, 0.0)
    while reading.ends and reading.ends[0][0] <= position:
        reading.ends.popleft()
    end = reading.ends[-1][0] if reading.ends else position
    # What has come was seen, even where the ends were not looked at since.
    last = max(end, reading.next_offset or 0, max(reading.in_hand, default=-1) + 1)
    since = [at for _, at in list(reading.ends)[:1]]
    if reading.in_hand:
        since.append(reading.in_hand[min(reading.in_hand)])
    # A producer's clock may be ahead of ours.
    return Behind(last - position, max(0.0, now - min(since)) if since else 0.0)
