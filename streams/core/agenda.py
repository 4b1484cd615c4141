"""Who is where and when, and who is asked where: the trips and invitations of all dossiers.

A question is a set of filters, of which each that is given must let a matter through; within one,
any entry is enough. What it asks of days is whether they overlap with those on which the matter can
be. Where dossiers are kept and how an answer is cut into pages is none of this module's business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.base import CountryCode
from schemas.dossiers import DossierView, Invitation, Sighting, Trip
from schemas.reports import SURE_ENOUGH
from streams.core.searching import finds, plain, words
from streams.core.windows import (
    SHORT_DAYS,
    Precision,
    Window,
    days_of,
    precision_of,
)

_NO_DAY: Final = 4_000_000
"""Behind all days: where matters without one are sorted."""

Place = tuple[int, str, str]
"""Where a matter stands in an answer: first day, owner, id."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A trip in the dossier of the one who travels."""

    trip: Trip
    home: CountryCode | None
    """Of the traveller, where it is known."""
    span: Window | None
    """The days on which it can be; `None` where nothing is known of them."""

    def place(self) -> Place:
        """In the order of an answer."""
        return (self.span.first if self.span else _NO_DAY, self.trip.leader.id, self.trip.id)


@dataclass(frozen=True, slots=True)
class Asking:
    """An invitation in the dossier of the one who is invited."""

    invitation: Invitation
    home: CountryCode | None
    """Of the one who is invited."""
    span: Window | None

    def place(self) -> Place:
        """In the order of an answer."""
        first = self.span.first if self.span else _NO_DAY
        return (first, self.invitation.invitee.id, self.invitation.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of trips or invitations. What is left empty asks for everything."""

    leaders: frozenset[str] = frozenset()
    """Who travels or is invited."""
    inviters: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    """Home countries of those who travel or are invited."""
    to: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    """As `plain` makes them."""
    statuses: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    occasion: str = ""
    """Words of it."""
    foreground: bool | None = None
    sure: bool = False
    """Only what is sure enough for an alert."""
    first: int | None = None
    """First day of the time that is asked for, as an ordinal; `None` for all before the last."""
    last: int | None = None
    undated: bool = False
    """Also what has no days, where some are asked for."""


def journeys(view: DossierView, home: CountryCode | None) -> Iterator[Journey]:
    """The leader's own trips; those of others, who come to see them, stand in other dossiers."""
    for trip in view.trips:
        if trip.role == "owner":
            yield Journey(trip, home, span_of_trip(trip))


def askings(view: DossierView, home: CountryCode | None) -> Iterator[Asking]:
    """The invitations that the leader has got."""
    for each in view.invitations:
        if each.role == "owner":
            yield Asking(each, home, None if each.date is None else days_of(each.date))


def wants_journey(asked: Asked, journey: Journey) -> bool:
    """Whether a trip is an answer."""
    trip = journey.trip
    return (
        _among(trip.leader.id, asked.leaders)
        and _among(journey.home, asked.of)
        and _among(trip.destination.country, asked.to)
        and _among(trip.status, asked.statuses)
        and asked.foreground in (None, trip.foreground)
        and (not asked.sure or trip.confidence >= SURE_ENOUGH)
        and (not asked.topics or not asked.topics.isdisjoint(trip.topics))
        and _in_time(asked, journey.span)
        and _in_city(asked, trip.destination.city)
    )


def wants_asking(asked: Asked, asking: Asking) -> bool:
    """Whether an invitation is an answer. No invitation is to a city: none is asked for."""
    each = asking.invitation
    return (
        _among(each.invitee.id, asked.leaders)
        and _among(each.inviter.id, asked.inviters)
        and _among(asking.home, asked.of)
        and _among(each.to, asked.to)
        and _among(each.status, asked.statuses)
        and asked.foreground in (None, each.foreground)
        and (not asked.sure or each.confidence >= SURE_ENOUGH)
        and (not asked.topics or not asked.topics.isdisjoint(each.topics))
        and _in_time(asked, asking.span)
        and (not asked.occasion or finds(asked.occasion, (words(each.occasion or ""),)))
    )


def span_of_trip(trip: Trip) -> Window | None:
    """The days on which a trip can be, from its dates and from when it was told to be going on.

    A stay with no known end that was told of later as going on reached to then, within a fortnight.
    Without a first day, a deadline counts from the day it was told; what was under way was so when
    it was told. `None` where nothing is known.
    """
    dates = trip.dates
    on_the_spot = [_day(each) for each in trip.sightings if each.status == "under_way"]
    if dates.start is not None:
        stated = days_of(dates.start).hull(days_of(dates.end or dates.start))
        if dates.end is not None or precision_of(dates) is not Precision.DAY:
            return stated
        latest = max((day for day in on_the_spot if day >= stated.first), default=stated.last)
        return Window(stated.first, min(latest, stated.first + SHORT_DAYS))
    if dates.end is not None:
        end = days_of(dates.end)
        told = [_day(each) for each in trip.sightings]
        first = end.first if trip.status == "completed" else min([*told, end.first])
        return Window(first, end.last)
    return Window(min(on_the_spot), max(on_the_spot)) if on_the_spot else None


def _day(sighting: Sighting) -> int:
    return date.fromisoformat(sighting.published_at[: len("2026-01-14")]).toordinal()


def _among(value: str | None, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted


def _in_city(asked: Asked, city: str | None) -> bool:
    if not asked.cities:
        return True
    return city is not None and plain(city) in asked.cities


def _in_time(asked: Asked, span: Window | None) -> bool:
    if asked.first is None and asked.last is None:
        return True
    if span is None:
        return asked.undated
    begins_in_time = asked.last is None or span.first <= asked.last
    return begins_in_time and (asked.first is None or span.last >= asked.first)
