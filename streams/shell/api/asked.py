"""What can be asked, parameter by parameter. A parameter that is not known is refused.

Each is turned into what the core understands; what is an answer is decided there.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from schemas.alerts import AlertEvent, AlertKind
from schemas.base import CountryCode, Instant, LanguageCode, Record
from schemas.deliveries import Step
from schemas.reports import InvitationStatus, TripStatus
from schemas.subscriptions import Slug
from streams.core.agenda import Asked
from streams.core.searching import plain

_DAY_AS_SAID = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_TIME_AS_SAID = re.compile(r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}")


def _a_day(value: object) -> object:
    """Numbers would be taken for seconds since 1970."""
    if isinstance(value, str) and not _DAY_AS_SAID.match(value):
        raise ValueError("a day is YYYY-MM-DD")
    return value


def _a_time(value: object) -> object:
    if isinstance(value, str) and not _TIME_AS_SAID.match(value):
        raise ValueError("a time is as RFC 3339 has it, such as 2026-01-14T12:00:00Z")
    return value


Day = Annotated[date, BeforeValidator(_a_day)]
Time = Annotated[Instant, BeforeValidator(_a_time)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]

_TRIPS: frozenset[str] = frozenset(("possible", "planned", "under_way", "completed"))
_INVITATIONS: frozenset[str] = frozenset(("possible", "extended", "accepted", "declined"))


class Paged(Record):
    """Which page of a list."""

    limit: int = Field(100, ge=1, le=500, description="Most entries of a page.")
    cursor: str | None = Field(
        None, max_length=2000, description="`next` of the page before, as it is."
    )


class LeadersAsked(Paged):
    """Which leaders."""

    name: str = Field("", max_length=200, description="Words of a name, in any spelling.")
    country: tuple[CountryCode, ...] = Field((), description="Home country.")
    dossier: bool | None = Field(None, description="Only those who have one, or have none.")


class _Matters(Paged):
    leader: tuple[Word, ...] = Field((), description="Id of who travels or is invited.")
    country: tuple[CountryCode, ...] = Field((), description="Where to.")
    of: tuple[CountryCode, ...] = Field((), description="Home of who travels or is invited.")
    topic: tuple[Word, ...] = Field((), description="Of the stories behind it.")
    foreground: bool | None = Field(None, description="Only news, or only background.")
    sure: bool = Field(
        False, description="Only what is sure enough for an alert: a confidence of 0.5 or more."
    )
    first: Day | None = Field(None, alias="from", description="First day, YYYY-MM-DD.")
    last: Day | None = Field(None, alias="to", description="Last day, included.")
    undated: bool = Field(
        False, description="With `from` or `to`: also what nobody knows the days of."
    )


class TripsAsked(_Matters):
    """Which trips."""

    city: tuple[Word, ...] = Field((), description="Where to, in any spelling.")
    status: tuple[TripStatus, ...] = Field((), description="By default all but `cancelled`.")

    def asked(self) -> Asked:
        """As the core understands it."""
        statuses = frozenset(self.status) or _TRIPS
        return _asked(self, statuses=statuses, cities=frozenset(map(plain, self.city)))


class InvitationsAsked(_Matters):
    """Which invitations."""

    inviter: tuple[Word, ...] = Field((), description="Id of who invites.")
    occasion: str = Field("", max_length=200, description="Words of it: `inauguration`.")
    status: tuple[InvitationStatus, ...] = Field((), description="By default all but `withdrawn`.")

    def asked(self) -> Asked:
        """As the core understands it."""
        return _asked(
            self,
            statuses=frozenset(self.status) or _INVITATIONS,
            inviters=frozenset(self.inviter),
            occasion=self.occasion,
        )


def _asked(
    said: _Matters,
    *,
    statuses: frozenset[str],
    cities: frozenset[str] = frozenset(),
    inviters: frozenset[str] = frozenset(),
    occasion: str = "",
) -> Asked:
    return Asked(
        leaders=frozenset(said.leader),
        inviters=inviters,
        of=frozenset(said.of),
        to=frozenset(said.country),
        cities=cities,
        statuses=statuses,
        topics=frozenset(said.topic),
        occasion=occasion,
        foreground=said.foreground,
        sure=said.sure,
        first=None if said.first is None else said.first.toordinal(),
        last=None if said.last is None else said.last.toordinal(),
        undated=said.undated,
    )


class AlertFilter(Record):
    """Which alerts, of a list, a stream or a feed."""

    leader: tuple[Word, ...] = Field((), description="Id of who travels, is invited or invites.")
    country: tuple[CountryCode, ...] = Field((), description="Where to.")
    of: tuple[CountryCode, ...] = Field((), description="Home of who travels or is invited.")
    kind: tuple[AlertKind, ...] = Field((), description="Such as `trip.new`.")
    topic: tuple[Word, ...] = Field((), description="Of the stories behind it.")
    language: tuple[LanguageCode, ...] = Field((), description="Of one of its sentences.")

    def wants(self, event: AlertEvent, home: CountryCode | None) -> bool:
        """Whether an alert is an answer."""
        alert = event.data
        people = {alert.leader.id, *([alert.inviter.id] if alert.inviter else ())}
        return (
            _meets(self.leader, people)
            and _meets(self.country, {alert.country})
            and _meets(self.of, {home})
            and _meets(self.kind, {alert.kind})
            and _meets(self.topic, alert.topics)
            and _meets(self.language, {each.language for each in alert.evidence})
        )


class AlertsAsked(AlertFilter, Paged):
    """Which alerts of the list."""

    since: Time | None = Field(None, description="Their time, this or later.")
    until: Time | None = Field(None, description="Their time, before this.")

    def wants(self, event: AlertEvent, home: CountryCode | None) -> bool:
        """Whether an alert is an answer."""
        in_time = (self.since is None or event.time >= self.since) and (
            self.until is None or event.time < self.until
        )
        return in_time and super().wants(event, home)


class DeliveriesAsked(Paged):
    """Which steps of deliveries."""

    alert: Word | None = Field(None, description="Id of an alert.")
    subscription: Slug | None = Field(None, description="Id of a subscription.")
    step: tuple[Step, ...] = Field((), description="Such as `given_up`.")


class WhyAsked(Record):
    """Which alert, and which subscription."""

    alert: Word
    subscription: Slug


class DossierAsked(Record):
    """As of when, and how much."""

    at: str | None = Field(
        None,
        max_length=40,
        description="As it was then, from the record: a time, or the end of a day, in UTC.",
        examples=["2026-01-14", "2026-01-14T12:00Z"],
    )
    history: bool = Field(False, description="With all that has left it since.")


def _meets(wanted: Iterable[object], has: Iterable[object]) -> bool:
    wanted = frozenset(wanted)
    return not wanted or not wanted.isdisjoint(has)
