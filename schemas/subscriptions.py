"""Who wants to hear of what, where and when; on `subscriptions.v1`, compacted to what holds now.

A subscription is data: an editor writes it in a file, a program sends it at run time. Whether an
alert is wanted is decided in `streams.core.subscribing`; how it is brought, by a channel.
"""

import re
from datetime import time
from typing import Annotated, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints

from schemas.alerts import AlertKind
from schemas.base import CountryCode, Instant, LanguageCode, LeaderId, Record

ChannelKind = Literal["log", "webhook", "email", "apprise"]
CHANNEL_KINDS: tuple[ChannelKind, ...] = get_args(ChannelKind)

MOST_SOURCES = 5
"""Nobody can ask for more independent ones."""

ALERT_LOG = "alert-log"
"""The subscription each worker has of its own: everything, at once, to its alert log."""

SLUG = r"^[a-z0-9][a-z0-9-]{0,60}$"
_CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _time_of_day(value: str) -> str:
    if not _CLOCK.match(value):
        raise ValueError("a time of day is HH:MM, from 00:00 to 23:59")
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone of the tz database, such as America/Santiago") from None
    return value


TimeOfDay: TypeAlias = Annotated[str, AfterValidator(_time_of_day)]
"""`HH:MM` on a clock on the wall."""
TimeZone: TypeAlias = Annotated[str, AfterValidator(_time_zone)]
Slug: TypeAlias = Annotated[str, StringConstraints(pattern=SLUG)]


def clock(value: TimeOfDay) -> time:
    """The time on the wall that a text says."""
    return time.fromisoformat(value)


class QuietHours(Record):
    """Nothing is brought between these times; it comes when they are over, all at once."""

    begin: TimeOfDay
    end: TimeOfDay
    """Earlier than `begin`: of the next day."""
    days: tuple[Weekday, ...] = WEEKDAYS
    """On which they begin."""


class Subscription(Record):
    """What one subscriber wants. What is left empty asks for everything."""

    type: Literal["subscription"] = "subscription"
    id: Slug
    owner: str = Field(min_length=1)
    """Who it is for, in words: a desk, a person, a program."""
    channel: ChannelKind
    target: str
    """Where the channel brings it: an address, or a reference to one that is secret
    (`env:NAME`, `file:PATH`)."""
    secret: tuple[str, ...] = ()
    """References to what a webhook is signed with; several while one takes the other's place."""
    leaders: tuple[LeaderId, ...] = ()
    """Who travels or is invited, or invites."""
    of_countries: tuple[CountryCode, ...] = ()
    """Home countries of those who travel or are invited."""
    to_countries: tuple[CountryCode, ...] = ()
    """Where the trip goes, or the invitation asks to come."""
    kinds: tuple[AlertKind, ...] = ()
    """Of first alerts. Changes and retractions of what was told always follow."""
    status: Literal["any", "confirmed"] = "any"
    """`confirmed`: not what is only possible."""
    topics: tuple[str, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    """Of the evidence: at least one sentence is in one of them."""
    least_sources: int = Field(1, ge=1, le=MOST_SOURCES)
    """Independent ones, at the time of the alert."""
    time_zone: TimeZone = "UTC"
    """Of quiet hours and digests."""
    quiet: tuple[QuietHours, ...] = ()
    digest: tuple[TimeOfDay, ...] = ()
    """Times of day at which what has come up is brought in one message; empty for at once."""
    group_s: int = Field(0, ge=0, le=3600)
    """So many seconds an alert waits for others, to come in one message with them."""
    least_pause_s: int = Field(0, ge=0, le=3600)
    """Seconds between two messages, at least; what comes up meanwhile comes in one."""
    state: Literal["active", "paused", "removed"] = "active"
    """`paused`: its end has said that it is gone; nothing is brought until it is put in again."""
    origin: Literal["file", "run_time"] = "run_time"
    """From the file that workers start with, or from whoever sent it while they ran."""

    def key(self) -> str:
        """On the topic."""
        return f"subscription {self.id}"


class Silence(Record):
    """Some alerts are not wanted for a while, by all or by one subscription."""

    type: Literal["silence"] = "silence"
    id: Slug
    subscription: Slug | None = None
    leaders: tuple[LeaderId, ...] = ()
    countries: tuple[CountryCode, ...] = ()
    kinds: tuple[AlertKind, ...] = ()
    begins_at: Instant
    ends_at: Instant
    author: str
    comment: str = ""

    def key(self) -> str:
        """On the topic."""
        return f"silence {self.id}"

    def is_over(self, now: Instant) -> bool:
        """Whether it has ended."""
        return self.ends_at <= now

    def holds(self, now: Instant) -> bool:
        """Whether it has begun and not ended."""
        return self.begins_at <= now < self.ends_at

    def ended(self, now: Instant) -> "Silence":
        """It, as it is when it is ended now; one that was to come never begins."""
        begins_at = min(self.begins_at, now)
        return self.model_copy(update={"begins_at": begins_at, "ends_at": now})

    @property
    def is_for_all_there_is(self) -> bool:
        """Whether it names nothing that it is kept to."""
        return not (self.subscription or self.leaders or self.countries or self.kinds)


class Retry(Record):
    """What has failed for a subscription is tried at once, whenever its next try was to be."""

    type: Literal["retry"] = "retry"
    subscription: Slug
    at: Instant
    """Tries that failed before this are meant."""
    author: str

    def key(self) -> str:
        """On the topic."""
        return f"retry {self.subscription}"


Wish = Subscription | Silence | Retry
SubscriptionMessage = Annotated[Wish, Field(discriminator="type")]
"""What may be on `subscriptions.v1`: the newest with a key holds."""
