"""Whether the worker stands still: it reads on, and its group has given it up.

aiokafka can lose the way to the group's coordinator for good (docs/decisions/0021). Nothing fails
then, and nobody but the brokers knows. So while there is something to commit, the brokers are asked
how far the group is and who is in it, look by look. Bookkeeping and judgement only: no clock, and
nobody is asked or stopped here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

Partition = tuple[str, int]
"""Topic and number."""

Verdict = Literal[
    "nothing_waits", "not_reading", "brokers_away", "in_the_group", "waits", "stands_still"
]

LOOKS = 8
"""So many in a row that do not find the worker in its group are borne. A look is half a session
timeout after another (`between_looks_s`): four session timeouts, with our defaults longer than the
90 s after which aiokafka gives up a request and a connection by itself. Looks and not seconds are
counted, so that a machine that was suspended has not waited an hour when it wakes."""


def between_looks_s(session_timeout_s: float, commit_interval_s: float) -> float:
    """Seconds from look to look: never less than what a commit is due in."""
    return max(session_timeout_s / 2, commit_interval_s)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is acknowledged on one partition and, as far as is known, not committed."""

    oldest: int
    """Offset of the first such message."""
    newest: int
    since_s: float
    """When the oldest was acknowledged, or its forerunner was seen to be committed."""


class Uncommitted:
    """What waits for a commit, by partition. Times are of any one monotonic clock.

    Emptied from the consumer's thread as well; everything else happens on the app's loop.
    """

    def __init__(self) -> None:
        self._waiting: dict[Partition, Waiting] = {}

    def acknowledged(self, partition: Partition, offset: int, at_s: float) -> None:
        """A message may be committed from now on."""
        before = self._waiting.get(partition, Waiting(offset, offset, at_s))
        self._waiting[partition] = Waiting(
            min(before.oldest, offset), max(before.newest, offset), before.since_s
        )

    def committed(self, offsets: Mapping[Partition, int], at_s: float) -> None:
        """The brokers' word on how far each partition is committed: the offset to be read next."""
        waiting = self._waiting
        for partition, offset in offsets.items():
            one = waiting.get(partition)
            if one is None or offset <= one.oldest:
                continue
            if offset > one.newest:
                del waiting[partition]
            else:
                waiting[partition] = Waiting(offset, one.newest, at_s)

    def forget(self) -> None:
        """Partitions are shared out anew: what is not committed is read again, by whoever it is."""
        self._waiting = {}  # not cleared: a look may be going through it

    @property
    def partitions(self) -> Collection[Partition]:
        """Those on which something waits."""
        return tuple(self._waiting)

    @property
    def longest(self) -> tuple[Partition, Waiting] | None:
        """What has waited longest; `None` where nothing waits."""
        return min(self._waiting.items(), key=lambda item: item[1].since_s, default=None)

    def age_s(self, now_s: float) -> float:
        """For how long something has waited; 0 where nothing does."""
        longest = self.longest
        return 0.0 if longest is None else now_s - longest[1].since_s


@dataclass(frozen=True, slots=True)
class Seen:
    """One look, after the brokers were asked."""

    something_waits: bool
    """For a commit."""
    is_reading: bool
    """Not recovering, not rebalancing, not stopping."""
    brokers_answered: bool
    """The group's coordinator among them said how far the group is, and who is in it."""
    is_member: bool
    """Whether this worker is in it, by the coordinator's word: it has had signs of life."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often in a row the worker was found out of its group."""

    looks: int = 0


def judge(patience: Patience, seen: Seen) -> tuple[Patience, Verdict]:
    """The patience that is left after one more look, and whether it has run out.

    An outage, a recovery or a sign of life gives all of it back. A commit does not: from one who
    is not in an empty group the brokers take it too. Nor is a late commit held against a worker:
    Faust commits late, by minutes, while a backlog never lets its producer's buffer be empty.
    """
    if not seen.is_reading:
        return Patience(), "not_reading"
    if not seen.something_waits and not patience.looks:
        return Patience(), "nothing_waits"
    if not seen.brokers_answered:
        return Patience(), "brokers_away"
    if seen.is_member:
        return Patience(), "in_the_group"
    looks = patience.looks + 1
    return Patience(looks), "waits" if looks <= LOOKS else "stands_still"
