"""Trips as a calendar that calendar programs subscribe to (RFC 5545).

Pure: the same trips, the same bytes. A trip is an event of whole days. Where only months are known
it fills them and says so; where less is known it is left out, as it would fill a year. What was
taken back is not in it any more, and goes from the programs at their next look.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vDuration

from schemas.dossiers import Trip
from schemas.reports import SURE_ENOUGH
from streams.core import wording
from streams.core.agenda import Journey
from streams.core.windows import Window, days_of

_LOOK_AGAIN = timedelta(minutes=30)
_DAY = len("2026-01-14")


def calendar(name: str, journeys: Iterable[Journey], names: wording.CountryNames) -> bytes:
    """The calendar of these trips, under this name."""
    made = Calendar()
    made.add("prodid", "-//Dragoman//Trips//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", vDuration(_LOOK_AGAIN), {"value": "DURATION"})
    made.add("x-published-ttl", vDuration(_LOOK_AGAIN))
    for journey in sorted(journeys, key=Journey.place):
        event = _event(journey.trip, names)
        if event is not None:
            made.add_component(event)
    return bytes(made.to_ical())


def days_shown(trip: Trip) -> Window | None:
    """The days that the trip fills in a calendar; `None` where they are not known well enough."""
    start, end = trip.dates.start, trip.dates.end
    if start is None or len(start) == len("2026") or len(end or start) == len("2026"):
        return None
    return days_of(start).hull(days_of(end or start))


def _event(trip: Trip, names: wording.CountryNames) -> Event | None:
    days = days_shown(trip)
    if days is None or days.last >= date.max.toordinal():
        return None
    place = wording.place(trip.destination.country, trip.destination.city, names)
    widened = any(each and len(each) < _DAY for each in (trip.dates.start, trip.dates.end))
    note = f" (some time, {wording.dates(trip.dates)})" if widened else ""
    told = max(datetime.fromisoformat(each.published_at) for each in trip.sightings)
    event = Event()
    event.add("uid", f"{trip.id}@dragoman")
    event.add("dtstamp", told)
    event.add("last-modified", told)
    event.add("dtstart", date.fromordinal(days.first))
    event.add("dtend", date.fromordinal(days.last + 1))
    event.add("summary", f"{trip.leader.name}: {place}{note}")
    event.add("location", place)
    event.add("status", _status(trip))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [trip.status, *trip.topics])
    event.add("description", _description(trip, note))
    return event


def _status(trip: Trip) -> str:
    if trip.status == "cancelled":
        return "CANCELLED"
    unsure = trip.status == "possible" or trip.confidence < SURE_ENOUGH
    return "TENTATIVE" if unsure else "CONFIRMED"


def _description(trip: Trip, note: str) -> str:
    lines = [f"{wording.status(trip.status)}, {wording.dates(trip.dates)}"]
    if note:
        lines.append("The days are not known; the event fills all on which it can be.")
    lines.append(wording.sources(trip.told_by))
    last = max(trip.sightings, key=lambda each: each.published_at)
    lines.append(f"“{' '.join(last.evidence.split())}” ({last.source})")
    return "\n".join(lines)
