"""The whole path from story to alert with no broker: read, report, fold, decide, in that order.

The worker does the same over topics and tables; both come to the same dossiers and alerts. Nothing
here stores or sends anything.
"""

from bisect import insort
from datetime import datetime

from schemas.alerts import AlertEvent
from schemas.base import LeaderId, StoryId
from schemas.dossiers import Dossier, DossierView
from schemas.readings import Reading
from schemas.record import RecordMessage
from schemas.stories import Story, StoryState
from streams.core.addressing import take
from streams.core.editions import report
from streams.core.fold import view
from streams.core.reader import Reader


class Replay:
    """All stories and dossiers in memory. Not thread-safe.

    `with_attested`: alerts that come again because more sources speak for them are given as well.
    """

    def __init__(self, reader: Reader, *, with_attested: bool = False) -> None:
        self._reader = reader
        self._with_attested = with_attested
        self._stories: dict[StoryId, StoryState] = {}
        self._dossiers: dict[LeaderId, Dossier] = {}
        self._held: list[tuple[datetime, str, Reading]] = []

    def feed(self, story: Story) -> tuple[AlertEvent, ...]:
        """The alerts that are due when this edition arrives, in order.

        An edition under embargo at its arrival is held until another arrives after its time, or
        until `release`.
        """
        alerts = self.release(story.received_at)
        reading = self._reader.read(story)
        if story.is_held_at(story.received_at) and story.embargoed_until is not None:
            insort(self._held, (story.embargoed_until, f"{story.id} {story.edition}", reading))
            return alerts
        return (*alerts, *self.feed_reading(reading))

    def release(self, now: datetime | None = None) -> tuple[AlertEvent, ...]:
        """The alerts of what was held and is free now; without a time, of all that was held."""
        due = [each for each in self._held if now is None or each[0] <= now]
        self._held = self._held[len(due) :]
        return tuple(alert for _, _, reading in due for alert in self.feed_reading(reading))

    def feed_reading(self, reading: Reading) -> tuple[AlertEvent, ...]:
        """Like `feed`, for a story read before."""
        state, messages = report(self._stories.get(reading.story), reading)
        alerts = tuple(alert for message in messages for alert in self.feed_report(message))
        self._stories[reading.story] = state
        return alerts

    def feed_report(self, message: RecordMessage) -> tuple[AlertEvent, ...]:
        """The alerts this message makes due, in order, also in dossiers it is sent on to."""
        taken = take(self._dossiers.get(message.leader), message)
        self._dossiers[message.leader] = taken.dossier
        sent_on = (alert for each in taken.sent_on for alert in self.feed_report(each))
        again = taken.attested if self._with_attested else ()
        return (*taken.alerts, *again, *sent_on)

    def dossiers(self) -> tuple[DossierView, ...]:
        """The dossiers in which anything stands, sorted by id."""
        views = (view(self._dossiers[leader]) for leader in sorted(self._dossiers))
        return tuple(each for each in views if each.trips or each.invitations)
