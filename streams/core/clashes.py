"""What is told of a leader and cannot all be true. It is kept and shown, and settles nothing.

Two kinds: a traveller in two countries at once, and outlets of which each one's latest word on a
trip or an invitation speaks against another's. What was merely told earlier, before the news, is no
clash; neither is a day on which one visit ends and the next begins.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Literal, TypeVar

from schemas.base import Dates, TripId
from schemas.dossiers import Clash
from schemas.reports import SURE_ENOUGH, Report
from streams.core.invitations import Asked, Bidding
from streams.core.trips import Journey, Seen, believe
from streams.core.windows import SAME_DAY_OR_NEXT, Precision, Window, days_of, precision_of

T = TypeVar("T", Seen, Asked)

_OFF, _ON = "cancelled", ("planned", "under_way", "completed")
_ANSWERS = ("accepted", "declined")


def of_journeys(journeys: Sequence[Journey]) -> dict[TripId, tuple[Clash, ...]]:
    """The clashes of each trip that has some: other trips at the same time, then its outlets'."""
    found: dict[TripId, list[Clash]] = {}
    stays = [(each, stay) for each in journeys if (stay := _stay(each)) is not None]
    for (one, here), (other, there) in combinations(stays, 2):
        if _is_one_traveller(one, other) and _overlap(here, there):
            found.setdefault(one.id, []).append(Clash(about="place", trip=other.id))
            found.setdefault(other.id, []).append(Clash(about="place", trip=one.id))
    for journey in journeys:
        sure = [each for each in journey.seen if _is_sure(each.report)]
        contradicted = [
            *_clash("status", _latest_words(sure), _is_off_and_on),
            *_clash("dates", _latest_words(_since_it_was_moved(sure)), _are_apart),
        ]
        if contradicted:
            found.setdefault(journey.id, []).extend(contradicted)
    return {trip: tuple(clashes) for trip, clashes in found.items()}


def of_bidding(bidding: Bidding) -> tuple[Clash, ...]:
    """Outlets that know of different answers."""
    words = _latest_words(each for each in bidding.asked if _is_sure(each.report))
    return tuple(_clash("status", words, _are_different_answers))


def _is_one_traveller(one: Journey, other: Journey) -> bool:
    """In two countries: trips to one country are apart because nobody thinks them one."""
    return (one.leader.id, one.role) == (other.leader.id, other.role) and (
        one.country != other.country
    )


def _overlap(one: Window, other: Window) -> bool:
    """By more than a day of departure that is one of arrival."""
    return one == other or (one.first < other.last and other.first < one.last)


def _stay(journey: Journey) -> Window | None:
    """The days it takes, where they are believed to the day and not called off."""
    sure = [each for each in journey.seen if _is_sure(each.report)]
    if not sure:
        return None
    belief = believe(sure)
    if belief.status in (_OFF, "possible"):
        return None
    return _days(belief.dates)


def _days(dates: Dates) -> Window | None:
    """First to last day, where they are known to the day."""
    if dates.start is None or precision_of(dates) is not Precision.DAY:
        return None
    return days_of(dates.start).hull(days_of(dates.end or dates.start))


def _latest_words(told: Iterable[T]) -> list[T]:
    """Of each outlet what it said last, in order of publication."""
    latest: dict[str, T] = {}
    for each in sorted(told, key=lambda each: each.told):
        latest[each.report.source.name] = each
    return sorted(latest.values(), key=lambda each: each.told)


def _clash(
    about: Literal["dates", "status"], words: Sequence[T], against: Callable[[T, T], bool]
) -> Iterator[Clash]:
    pairs = [pair for pair in combinations(words, 2) if against(*pair)]
    said = {each.report.id: each for pair in pairs for each in pair}
    if said:
        order = sorted(said.values(), key=lambda each: each.told)
        yield Clash(about=about, reports=tuple(each.report.id for each in order))


def _is_off_and_on(earlier: Seen, later: Seen) -> bool:
    """Off, and then on by another's word; the other way round is how trips are called off."""
    revived = later.claim.status in _ON and not later.claim.rescheduled
    return earlier.claim.status == _OFF and revived


def _are_apart(earlier: Seen, later: Seen) -> bool:
    one, other = _days(earlier.claim.dates), _days(later.claim.dates)
    return one is not None and other is not None and one.gap(other) > SAME_DAY_OR_NEXT


def _since_it_was_moved(told: Iterable[Seen]) -> list[Seen]:
    """What was told before a trip was put off had other dates, and rightly."""
    ordered = sorted(told, key=lambda each: each.told)
    moves = [place for place, each in enumerate(ordered) if each.claim.rescheduled]
    return ordered[moves[-1] :] if moves else ordered


def _are_different_answers(earlier: Asked, later: Asked) -> bool:
    answers = earlier.claim.status, later.claim.status
    return all(each in _ANSWERS for each in answers) and answers[0] != answers[1]


def _is_sure(report: Report) -> bool:
    return report.confidence >= SURE_ENOUGH
