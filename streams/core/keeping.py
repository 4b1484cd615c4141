"""What a dossier keeps, so that it stays small and quick to fold whatever the years.

The record of reports is kept for ever and is the archive; a dossier holds only what can still
matter. What is kept of a set depends on the set alone, and stays the same if it is chosen again and
again while the set grows and time goes on: each rule takes the first so many of a fixed order, and
in each order what is too old comes last. So the dossier is a function of the set of its messages
(docs/decisions/0008-the-record-is-the-archive.md). What is told of the reports that stay is
`streams.core.alerts`.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.dossiers import Edition
from schemas.reports import SURE_ENOUGH, Report, TripClaim, Withdrawal
from streams.core.windows import days_of


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. Days are counted from the latest publication a dossier has heard."""

    kept_days: int = 90
    """After it was told, and after the last day it speaks of."""
    undated_days: int = 150
    """After it was told, of what has no date: if it is to be, someone will tell it again."""
    furthest_days: int = 400
    """What it speaks of may lie so far ahead; beyond, it must be told again to be kept."""
    same_story: int = 2
    """Editions of a story that say the very same thing: the one that stands and the one to come."""
    same_claim: int = 24
    """Reports that say the very same thing, the latest of them."""
    newest: int = 60
    """Reports last told, so that no news is lost to plans that lie far ahead."""
    lasting: int = 60
    """Reports that can matter longest, so that no plan is lost to much news."""
    editions: int = 100
    """Closed editions of stories of which no report is kept."""


LIMITS = Limits()
"""Of the service."""

_NEVER = 10**7
EVERYTHING = Limits(*([_NEVER] * 8))
"""Of whoever asks the record for all of it, at a cost that grows with it."""


def told_at(message: Report | Withdrawal) -> datetime:
    """When it was published, but not after it arrived: a source's clock may be ahead of ours."""
    told = message.source if isinstance(message, Report) else message
    return min(told.published_at, told.received_at)


def last_day(report: Report, limits: Limits = LIMITS) -> int:
    """The last day, as an ordinal, on which a dossier keeps this report.

    Of two reports that say the very same thing never later for the one told first.
    """
    told = told_at(report).toordinal()
    spoken_of = _spoken_of(report)
    if spoken_of is None:
        return told + limits.undated_days
    return max(told, min(spoken_of, told + limits.furthest_days)) + limits.kept_days


def _spoken_of(report: Report) -> int | None:
    """The last day a report speaks of; `None` for what is to come and has no date."""
    claim = report.claim
    if not isinstance(claim, TripClaim):
        return days_of(claim.date).last if claim.date else None
    known = claim.dates.end or claim.dates.start
    if known is not None:
        return days_of(known).last
    over = claim.status == "completed" or not report.foreground
    return told_at(report).toordinal() if over else None


def kept(reports: Iterable[Report], today: int, limits: Limits = LIMITS) -> tuple[Report, ...]:
    """Those of the reports that stay as of this day, sorted by id. Linear but for sorting.

    The same for `kept(kept(some) + others)` as for `kept(some + others)`: within what says the very
    same thing both orders agree, so whatever a claim's limit leaves out lies behind that many in
    either order, and cannot be missed when the first of that order are taken.
    """
    alive = [(last_day(each, limits), each) for each in reports]
    alive = [each for each in alive if each[0] >= today]
    alive.sort(key=lambda each: _told(each[1]), reverse=True)
    staying = _few_of_each_claim(alive, limits)
    since = today - limits.kept_days
    newest = [each for _, each in staying if told_at(each).toordinal() >= since][: limits.newest]
    staying.sort(key=lambda each: each[0], reverse=True)  # stable: of equals the last told first
    both = {each.id: each for each in newest}
    both.update((each.id, each) for _, each in staying[: limits.lasting])
    return tuple(both[each] for each in sorted(both))


def _few_of_each_claim(
    reports: Sequence[tuple[int, Report]], limits: Limits
) -> list[tuple[int, Report]]:
    """Of reports, newest first, those that few told later say as well."""
    staying: list[tuple[int, Report]] = []
    told: Counter[Hashable] = Counter()
    for last, report in reports:
        claim = _claim(report)
        by_story = (claim, report.source.story)
        told[by_story] += 1
        if told[by_story] > limits.same_story:
            continue
        told[claim] += 1
        if told[claim] <= limits.same_claim:
            staying.append((last, report))
    return staying


def _told(report: Report) -> tuple[datetime, str]:
    return (told_at(report), report.id)


def _claim(report: Report) -> Hashable:
    """Equal for reports that say the very same thing; hosts and spellings of names aside."""
    claim, sure = report.claim, report.confidence >= SURE_ENOUGH
    said: tuple[Hashable, ...]
    if isinstance(claim, TripClaim):
        place, dates = claim.destination, claim.dates
        moved = claim.rescheduled
        said = (claim.leader.id, place.country, place.city, dates.start, dates.end, moved)
    else:
        said = (claim.inviter.id, claim.invitee.id, claim.to, claim.occasion, claim.date)
    return (claim.kind, report.role, claim.status, report.foreground, sure, *said)


def kept_editions(
    editions: Iterable[Edition], reports: Iterable[Report], limits: Limits = LIMITS
) -> tuple[Edition, ...]:
    """Those that close something that is kept, and the newest of all; sorted by story.

    A kill that comes before its story is so remembered until as many newer closings have come.
    """
    stories = {report.source.story for report in reports}
    newest_first = sorted(editions, key=lambda each: each.rank.order(), reverse=True)
    staying = newest_first[: limits.editions]
    staying += [each for each in newest_first[limits.editions :] if each.story in stories]
    return tuple(sorted(staying, key=lambda each: each.story))
