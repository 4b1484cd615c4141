"""What the API answers with: pages of records, and how bytes of any kind are sent.

Records of the topics are answered as they are; only what is made for an answer is defined here.
"""

from hashlib import sha256

from fastapi import Request, Response

from schemas.alerts import AlertEvent
from schemas.base import CountryCode, Dates, LeaderId, Record
from schemas.deliveries import Delivery
from schemas.dossiers import Invitation, Trip
from schemas.readings import Reading
from schemas.subscriptions import Silence, Subscription


class LeaderEntry(Record):
    """Somebody who is known, by the data files or by a dossier."""

    id: LeaderId
    name: str
    country: CountryCode | None
    """Home; null for heads of international organisations, and where it is not known."""
    has_dossier: bool
    trips: int = 0
    invitations: int = 0


class LeaderPage(Record):
    """Leaders, by id."""

    items: tuple[LeaderEntry, ...]
    next: str | None = None


class TripEntry(Record):
    """A trip of whoever travels."""

    home: CountryCode | None
    days: Dates | None
    """First and last day on which it can be; null where nothing is known of them."""
    trip: Trip


class TripPage(Record):
    """Trips by their first day; those without one last."""

    items: tuple[TripEntry, ...]
    next: str | None = None


class InvitationEntry(Record):
    """An invitation of whoever is invited."""

    home: CountryCode | None
    days: Dates | None
    invitation: Invitation


class InvitationPage(Record):
    """Invitations by their first day; those without one last."""

    items: tuple[InvitationEntry, ...]
    next: str | None = None


class AlertPage(Record):
    """Alerts, the newest first."""

    items: tuple[AlertEvent, ...]
    next: str | None = None


class Readings(Record):
    """What was read in each edition of a story, in the order in which it was read."""

    items: tuple[Reading, ...]


class DeliveryPage(Record):
    """Steps of deliveries, the newest first."""

    items: tuple[Delivery, ...]
    next: str | None = None


class Subscriptions(Record):
    """All that hold, by id."""

    items: tuple[Subscription, ...]


class Silences(Record):
    """All that hold or are to come, by id."""

    items: tuple[Silence, ...]


def answered(
    request: Request, body: bytes | str, media_type: str = "application/json", max_age_s: int = 0
) -> Response:
    """The answer, or 304 where the client has it. Nobody between may keep it for others."""
    data = body.encode() if isinstance(body, str) else body
    tag = f'"{sha256(data).hexdigest()[:32]}"'
    kept = f"max-age={max_age_s}" if max_age_s else "no-cache"
    headers = {"ETag": tag, "Cache-Control": f"private, {kept}", "Vary": "Authorization"}
    known = {each.strip().removeprefix("W/") for each in _known_tags(request).split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=media_type)


def in_json(request: Request, record: Record) -> Response:
    """A record as the answer."""
    return answered(request, record.model_dump_json())


def _known_tags(request: Request) -> str:
    return str(request.headers.get("If-None-Match", ""))
