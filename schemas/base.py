"""What every record has in common, and the small words records are made of.

A record is frozen, refuses fields it does not know, and has one canonical form in bytes
(`schemas.codec`). What a newer version has added is kept where it is read as such, and written
again. No record of a topic is defined here.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, NewType

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints
from pydantic_core import SchemaSerializer

StoryId = NewType("StoryId", str)
"""The agency's own id of a story; the same for all its editions."""
EditionId = NewType("EditionId", str)
ReportId = NewType("ReportId", str)
LeaderId = NewType("LeaderId", str)
"""A slug such as `jose-antonio-kast`; provisional ids begin with `provisional:`."""
TripId = NewType("TripId", str)
InvitationId = NewType("InvitationId", str)
AlertId = NewType("AlertId", str)
DeadLetterId = NewType("DeadLetterId", str)

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2, with `XK` for Kosovo and `EU` for the European Union."""
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""ISO 639-1 where it exists, else 639-3; `und` where the language could not be told."""

_PARTIAL_DATE = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")


def _known_calendar_day(value: str) -> str:
    if not _PARTIAL_DATE.match(value):
        raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
    if len(value) == len("YYYY-MM-DD"):
        date.fromisoformat(value)
    return value


PartialDate = Annotated[str, AfterValidator(_known_calendar_day)]
"""An ISO 8601 date cut to what is known: `2026`, `2026-01` or `2026-01-14`."""


def _as_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_as_utc)]
"""A moment, timezone-aware, always in UTC."""


def moment(text: str, *, end_of_day: bool = False) -> datetime:
    """An ISO 8601 time as people write it: without an offset it is UTC.

    A day alone is its begin, or with `end_of_day` its end. Raises `ValueError`.
    """
    try:
        said = datetime.fromisoformat(text)
        utc = (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
        if end_of_day and len(text) == len("YYYY-MM-DD"):
            return utc + timedelta(days=1) - timedelta(microseconds=1)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no time such as 2026-01-14 or 2026-01-14T12:00Z") from error
    return utc


class Record(BaseModel):
    """A frozen fact. Unknown fields are refused, so that a misspelt one is not lost unseen.

    Those of a record that says it is of a newer version are kept: they are in its bytes again, also
    of a copy, and of a record that holds it. Two records that differ in them are not equal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="float")

    @classmethod
    def __pydantic_init_subclass__(cls, **given: Any) -> None:
        super().__pydantic_init_subclass__(**given)
        # pydantic can be told for each call to keep what it does not know, and writes it only where
        # the class always keeps it. A class that is complete would hand out its old serializer.
        writing = _with_unknown_fields(cls.__pydantic_core_schema__)
        del cls.__pydantic_serializer__
        cls.__pydantic_serializer__ = SchemaSerializer(writing)


def _with_unknown_fields(schema: Any) -> Any:
    """A core schema whose models have unknown fields written."""
    if isinstance(schema, dict):
        return {
            key: "allow" if key == "extra_fields_behavior" else _with_unknown_fields(value)
            for key, value in schema.items()
            if key != "metadata"  # of no use to a serializer, and full of methods
        }
    if isinstance(schema, list | tuple):
        return type(schema)(map(_with_unknown_fields, schema))
    return schema


class Person(Record):
    """Someone with a dossier, or who may get one: id, and the name people are shown."""

    id: LeaderId
    name: str


class Place(Record):
    """Where a trip goes: a country, and a city where the wire names one."""

    country: CountryCode
    city: str | None = None


class Dates(Record):
    """First and last day as far as they are known; `None` where they are not.

    Only `end` means a deadline ('before 11 March'), only `start` an open end.
    """

    start: PartialDate | None = None
    end: PartialDate | None = None
