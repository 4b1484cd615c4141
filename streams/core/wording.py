"""Records in words that people read: dates, countries, readings, trips, invitations, alerts.

British newsroom English, one thought a line, for terminals, pages and messages alike. Colours are
put on where they are printed; what a format needs escaped is escaped where it is written.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from schemas.alerts import Alert, AlertKind
from schemas.base import Dates
from schemas.dossiers import Clash, Invitation, Sighting, Trip
from schemas.readings import EntityKind, Finding, Reading
from schemas.reports import InvitationClaim, TripClaim
from schemas.stories import Story
from streams.core.knowledge import Knowledge

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
HEADINGS: Mapping[AlertKind, str] = MappingProxyType(
    {
        "trip.new": "NEW TRIP",
        "trip.changed": "TRIP CHANGED",
        "trip.cancelled": "TRIP CANCELLED",
        "invitation.new": "NEW INVITATION",
        "invitation.answered": "INVITATION ANSWERED",
        "retracted": "RETRACTED",
    }
)
KINDS: Mapping[EntityKind, str] = MappingProxyType(
    {
        "leader": "leaders",
        "official": "officials",
        "person": "persons",
        "country": "countries",
        "city": "cities",
        "organisation": "organisations",
    }
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "first_report": "told for the first time",
        "confirmed": "what was possible is confirmed",
        "rescheduled": "it was put off or brought forward",
        "dates_moved": "the dates are other ones",
        "cancelled": "it was called off",
        "revived": "it is on again",
        "weakened": "what was sure is only possible",
        "extended": "what was possible has been extended",
        "answered": "there is an answer",
        "corrected": "a story was corrected",
        "killed": "the agency has withdrawn the story",
        "superseded": "a newer edition no longer says so",
        "refused": "an editor has refused it",
    }
)
NO_REPORT = "no trip and no invitation is reported"
TRUNCATED = "too long: the end was not read"

# Nothing that moves the cursor, ends the text or turns round what stands behind it.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

CountryNames = Mapping[str, str]


def country_names(known: Knowledge) -> CountryNames:
    """Code to English name."""
    return {country.code: country.name for country in known.countries}


def seen(text: str) -> str:
    """With a sign in place of what cannot be seen and would change what stands around it."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def day(value: str) -> str:
    """`2026-01-14` as 14 January 2026, `2026-01` as January 2026."""
    parts = value.split("-")
    words = [parts[0], *(MONTHS[int(month) - 1] for month in parts[1:2])]
    words += [str(int(number)) for number in parts[2:3]]
    return " ".join(reversed(words))


def dates(value: Dates) -> str:
    """First and last day in words; `date unknown` where neither is known."""
    if value.start and value.end:
        if value.start == value.end:
            return day(value.start)
        first = day(value.start)
        same_month = value.start[:7] == value.end[:7] and len(value.start) == len(value.end) == 10
        return f"{first.split(' ')[0] if same_month else first} to {day(value.end)}"
    if value.end:
        return f"by {day(value.end)}"
    return f"from {day(value.start)}" if value.start else "date unknown"


def moment(value: datetime) -> str:
    """A time to the minute, UTC."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value:%Y %H:%M} UTC"


def place(country: str | None, city: str | None, names: CountryNames) -> str:
    """A city with its country, or the country."""
    land = names.get(country or "", country or "a place not named")
    return f"{city}, {land}" if city else land


def sources(told_by: Iterable[Iterable[str]]) -> str:
    """How many independent sources say it, and which; outlets with one text are told as one."""
    texts = [" = ".join(outlets) for outlets in told_by]
    count = f"{len(texts) or 'no'} independent source{'' if len(texts) == 1 else 's'}"
    return f"{count}: {', '.join(texts)}" if texts else count


def headline(story: Story) -> str:
    """What the story is called: its headline, else its first line."""
    return story.headline or shorten(story.body.strip().partition("\n")[0], 96) or "(no text)"


def shorten(text: str, most: int) -> str:
    """On one line, cut between words where it is longer than `most` characters."""
    line = " ".join(text[: 4 * most].split())
    if len(line) <= most:
        return line
    return (line[:most].rpartition(" ")[0] or line[:most]) + " …"


def published(story: Story, reading: Reading) -> str:
    """The story's time, and whether it is its own."""
    own = "" if story.published_at else " (of arrival: the item has no time)"
    return moment(reading.published_at) + own


def language(story: Story, reading: Reading, *, is_readable: bool) -> str:
    """The language as detected, and the declared one where it is another."""
    detected = "not known" if reading.language == "und" else reading.language
    declared = "" if story.language in (None, reading.language) else f", declared {story.language}"
    return f"{detected}{declared}{'' if is_readable else ' (no lexicon: not read for reports)'}"


def signal(story: Story, reading: Reading) -> str | None:
    """What the edition says of the one before it, with the note to editors; `None`: nothing."""
    return None if reading.signal == "none" else f"{reading.signal}: {story.note or 'no note'}"


def set_aside(count: int) -> str:
    """How much of the page is no part of the story."""
    return f"{count} block{'' if count == 1 else 's'} of page furniture set aside"


def claim(said: TripClaim | InvitationClaim, names: CountryNames) -> str:
    """Who goes where and when, or who is invited by whom, in one line."""
    if said.kind == "trip":
        where = place(said.destination.country, said.destination.city, names)
        return f"{said.leader.name} to {where}, {dates(said.dates)}"
    where = place(said.to, None, names)
    about = f" ({said.occasion})" if said.occasion else ""
    when = f", {day(said.date)}" if said.date else ""
    return f"{said.invitee.name} invited by {said.inviter.name} to {where}{about}{when}"


def reports(count: int) -> str:
    """How many trips and invitations a story reports."""
    return f"{count or 'no'} report{'' if count == 1 else 's'}"


def ground(finding: Finding) -> str:
    """Whether it is news."""
    return "news" if finding.foreground else "background"


def alert(data: Alert, names: CountryNames) -> str:
    """Who, where, when, and how it stands, in one line."""
    where = place(data.country, data.city, names)
    when = dates(data.dates)
    about = f" ({data.occasion})" if data.occasion else ""
    if data.inviter is not None:
        what = f"{data.leader.name} invited by {data.inviter.name} to {where}{about}"
    else:
        what = f"{data.leader.name} to {where}{about}"
    return f"{what}, {when} — {_words(data.status)}"


def trip(view: Trip, names: CountryNames) -> str:
    """A trip of a dossier in one line."""
    where = place(view.destination.country, view.destination.city, names)
    if view.role == "owner":
        hosts = ", ".join(host.name for host in view.hosts)
        return f"to {where}, {dates(view.dates)}" + (f", hosted by {hosts}" if hosts else "")
    return f"receives {view.leader.name} in {where}, {dates(view.dates)}"


def invitation(view: Invitation, names: CountryNames) -> str:
    """An invitation of a dossier in one line."""
    where = place(view.to, None, names)
    about = f" ({view.occasion})" if view.occasion else ""
    when = f", {day(view.date)}" if view.date else ""
    if view.role == "owner":
        return f"invited by {view.inviter.name} to {where}{about}{when}"
    return f"invites {view.invitee.name} to {where}{about}{when}"


def clash(said: Clash, sightings: Iterable[Sighting], other: str | None = None) -> str:
    """What else is told that cannot be true as well; `other` is the other trip, in words."""
    if other is not None:
        return f"clash: at the same time {other}"
    told = [each for each in sightings if each.report in said.reports]
    words = (
        f"{each.source}: {dates(each.dates) if said.about == 'dates' else status(each.status)}"
        for each in told
    )
    return f"clash: {'; '.join(words)}"


def status(value: str) -> str:
    """A status in words."""
    return _words(value)


def reason(value: str) -> str:
    """Why an alert was raised."""
    return REASONS.get(value, _words(value))


def changes(was: Alert, now: Alert, names: CountryNames) -> tuple[tuple[str, str, str], ...]:
    """What is told otherwise than before: what it is about, what was said, and what is said now."""
    rows = (
        ("where", place(was.country, was.city, names), place(now.country, now.city, names)),
        ("when", dates(was.dates), dates(now.dates)),
        ("status", _words(was.status), _words(now.status)),
    )
    return tuple(row for row in rows if row[1] != row[2])


def _words(value: str) -> str:
    return value.replace("_", " ")
