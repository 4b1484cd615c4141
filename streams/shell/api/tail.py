"""The end of a topic in memory: its newest records in order, each once.

Pure: messages are given. How records from before it are got from the brokers is not known here.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")

Place = tuple[int, int, int]
"""Where a record stands: when the log took it, as milliseconds, its partition and its offset."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[R]):
    """A record and where it stands. Within a partition places grow as offsets do."""

    place: Place
    record: R

    @property
    def partition(self) -> int:
        """Number of its partition."""
        return self.place[1]

    @property
    def offset(self) -> int:
        """In its partition."""
        return self.place[2]


_BEFORE_ALL: Place = (-1, -1, -1)


class Order:
    """Gives messages their places. A producer's clock may step back; a partition's order may not.

    The same messages get the same places, whoever reads them, from the begin of each partition on.
    """

    def __init__(self) -> None:
        self._latest: dict[int, int] = {}

    def place(self, partition: int, offset: int, timestamp_ms: int) -> Place:
        """Where this one stands; the messages of a partition are given in their order."""
        latest = max(self._latest.get(partition, 0), timestamp_ms)
        self._latest[partition] = latest
        return (latest, partition, offset)


class Tail(Generic[R]):
    """The newest records of a topic. For one event loop.

    `most` are kept; of each that has an id by `id_of`, the first message alone counts, however long
    ago it was, for which some hundred bytes are kept for each id.
    """

    def __init__(self, most: int, id_of: Callable[[R], str] | None = None) -> None:
        self._kept: deque[Kept[R]] = deque(maxlen=most)
        self._id_of = id_of
        self._first: dict[str, tuple[int, int]] = {}
        self._order = Order()
        self._floor: dict[int, int] = {}
        self._sorted: list[Kept[R]] | None = None
        self.positions: dict[int, int] = {}
        """Of each partition the offset of the next message."""
        self.horizon: Place = _BEFORE_ALL
        """At this place and before it there may be records that were let go."""
        self.count = 0
        """How many records have come, kept or let go."""

    def take(self, partition: int, offset: int, timestamp_ms: int, record: R | None) -> bool:
        """One more message, `None` for one that is no record; whether something new was kept.

        A message that was taken before changes nothing.
        """
        if offset < self.positions.get(partition, 0):
            return False
        self.positions[partition] = offset + 1
        self._floor.setdefault(partition, offset)
        place = self._order.place(partition, offset, timestamp_ms)
        if record is None or not self.is_first(partition, offset, record):
            return False
        if len(self._kept) == self._kept.maxlen:
            oldest = self._kept[0]
            self._floor[oldest.partition] = oldest.offset + 1
            self.horizon = max(self.horizon, oldest.place)
        self._kept.append(Kept(place, record))
        self._sorted = None
        self.count += 1
        return True

    def reaches(self, positions: Mapping[int, int]) -> None:
        """There is nothing before these offsets that has not come."""
        for partition, offset in positions.items():
            if offset > self.positions.get(partition, 0):
                self.positions[partition] = offset
            self._floor.setdefault(partition, offset)

    def is_first(self, partition: int, offset: int, record: R) -> bool:
        """Whether this message brings its record, and no earlier one did."""
        if self._id_of is None:
            return True
        return self._first.setdefault(self._id_of(record), (partition, offset)) == (
            partition,
            offset,
        )

    def newest_first(self, before: Place | None = None) -> Iterator[Kept[R]]:
        """The newest first, those that stand before a place; ends at the horizon."""
        if self._sorted is None:
            self._sorted = sorted(self._kept, key=lambda each: each.place)
        for each in reversed(self._sorted):
            if each.place <= self.horizon:
                return
            if before is None or each.place < before:
                yield each

    @property
    def let_go(self) -> bool:
        """Whether older ones have come that are in memory no more."""
        return self.count > len(self._kept)

    def since(self, count: int) -> list[Kept[R]] | None:
        """What came after so many, in the order in which it came; `None` if some were let go."""
        missing = self.count - count
        if missing > len(self._kept):
            return None
        return [self._kept[len(self._kept) - missing + n] for n in range(missing)]

    def has_from(self, positions: Mapping[int, int]) -> bool:
        """Whether all from these offsets on is in memory."""
        return all(positions.get(each, 0) >= floor for each, floor in self._floor.items())

    def after(self, positions: Mapping[int, int]) -> list[Kept[R]]:
        """Those in memory from these offsets on, in the order in which they came."""
        return [each for each in self._kept if each.offset >= positions.get(each.partition, 0)]

    def is_beyond(self, positions: Mapping[int, int]) -> bool:
        """Whether these offsets point behind all that has come."""
        return any(
            offset > self.positions.get(partition, 0) for partition, offset in positions.items()
        )
