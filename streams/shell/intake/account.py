"""What came of each source, told from the record: items, delay, silence.

A fold over the messages of the raw topic, `stories.v1` and `dead-letters.v1`, so that it can be
made anywhere and at any time; nothing is read, sent or timed here. Items that the door leaves out
as repeated are not on the record: the intake counts those itself.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Literal, get_args

from schemas.dead_letters import DeadLetter
from schemas.stories import Story
from schemas.topics import STORIES_RAW
from streams.shell.intake.sources import Source

Outcome = Literal["story", "repeated", "refused"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
DAY = timedelta(days=1)
"""What the delay is the median of."""

_MANY_LAGS = 20_000
_MANY_KNOWN = 500_000
"""Of editions and dead letters that are known to be counted; then the older half goes."""


@dataclass(slots=True)
class SourceAccount:
    """What came of one source since the account was opened."""

    last_item_at: datetime | None = None
    """When its last item arrived, whatever became of it."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Items by `Outcome`."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Refused items by the dead letters' reasons."""
    lags: deque[tuple[datetime, float]] = field(default_factory=lambda: deque(maxlen=_MANY_LAGS))
    """Of stories: when they arrived, and how many seconds after publication."""

    def lag_s(self, now: datetime) -> float | None:
        """Median seconds from publication to arrival, over the last day; `None` without a story.

        An archive that is read today shows as the delay it is.
        """
        recent = [seconds for at, seconds in self.lags if at >= now - DAY]
        return median(recent) if recent else None


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a source has been silent, and whether that is longer than it may be."""

    since: datetime
    """Its last item, or the beginning of what was looked at."""
    is_exceeded: bool


class Accounts:
    """The accounts of all sources by name, fed with the record, topics in any order."""

    def __init__(self, since: datetime, sources: Iterable[Source]) -> None:
        self.since = since
        self.is_complete = False
        """Whether the record was read to its end, as it was then."""
        self._by_name = {source.name: SourceAccount() for source in sources}
        self._known: dict[object, None] = {}

    def of(self, source: Source) -> SourceAccount:
        """The account of one of the sources."""
        return self._by_name[source.name]

    def silence(self, source: Source, now: datetime, seen: datetime | None = None) -> Silence:
        """Since when nothing has come, and whether the source's limit is exceeded.

        `seen`: when an item came of which the record may not tell yet. Nobody is silent beyond the
        limit before all of the record was looked at.
        """
        last = self.of(source).last_item_at
        since = max((time for time in (last, seen) if time is not None), default=self.since)
        limit = source.silence_s
        late = limit is not None and (now - since).total_seconds() > limit
        return Silence(since, late and self.is_complete)

    def raw(self, headers: Mapping[str, bytes]) -> None:
        """An item lies on the raw topic."""
        said = headers.get("received_at", b"").decode("utf-8", "replace")
        try:
            received_at = datetime.fromisoformat(said)
        except ValueError:
            return
        if received_at.tzinfo is not None:
            self._arrived(_feed(headers), received_at)

    def story(self, story: Story) -> Outcome | None:
        """A story lies on `stories.v1`; `None` where it is counted, or of no source of ours.

        The same edition with the same time of arrival is the same item: sent on when its embargo
        was over, or parsed again after a crash. With another, it came a second time.
        """
        is_new = self._is_new(story.edition)
        account = self._by_name.get(story.feed)
        if account is None or not self._is_new((story.edition, story.feed, story.received_at)):
            return None
        self._arrived(story.feed, story.received_at)
        outcome: Outcome = "story" if is_new else "repeated"
        account.outcomes[outcome] += 1
        if is_new and story.published_at is not None:
            seconds = (story.received_at - story.published_at).total_seconds()
            account.lags.append((story.received_at, seconds))
        return outcome

    def dead_letter(self, letter: DeadLetter) -> Outcome | None:
        """A dead letter; `None` where it is counted already, or of no source of ours."""
        account = self._by_name.get(feed_of(letter))
        if letter.topic != STORIES_RAW.name or account is None or not self._is_new(letter.id):
            return None
        account.outcomes["refused"] += 1
        account.reasons[letter.reason] += 1
        return "refused"

    def _arrived(self, name: str, received_at: datetime) -> None:
        account = self._by_name.get(name)
        if account is not None:
            account.last_item_at = max(account.last_item_at or received_at, received_at)

    def _is_new(self, key: object) -> bool:
        if key in self._known:
            return False
        self._known[key] = None
        if len(self._known) > _MANY_KNOWN:
            for old in list(self._known)[: _MANY_KNOWN // 2]:
                del self._known[old]
        return True


def feed_of(letter: DeadLetter) -> str:
    """The source of a refused item; empty where it had none."""
    return _feed({header.key: header.value for header in letter.headers})


def _feed(headers: Mapping[str, bytes]) -> str:
    return headers.get("feed", b"").decode("utf-8", "replace")
