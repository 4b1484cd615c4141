"""Alerts for tests, told apart by a number."""

from datetime import UTC, datetime, timedelta

from schemas.alerts import Alert, AlertEvent, AlertEvidence
from schemas.base import AlertId, Dates, LeaderId, Person, StoryId

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def event(number: int, text: str = "Ada goes to Rome.", leader: str = "ada") -> AlertEvent:
    return AlertEvent(
        id=AlertId(f"alert:{number}"),
        type="org.dragoman.trip.new",
        subject=leader,
        time=NOON + timedelta(minutes=number),
        data=Alert(
            kind="trip.new",
            leader=Person(id=LeaderId(leader), name=leader.title()),
            country="IT",
            dates=Dates(start="2026-01-20"),
            status="planned",
            independent_sources=1,
            confidence=0.9,
            evidence=(
                AlertEvidence(
                    text=text,
                    language="en",
                    story=StoryId("urn:plain:1"),
                    source="PLAIN",
                    published_at=NOON,
                ),
            ),
            sources=("PLAIN",),
            reason="first_report",
            subject=f"trip:{number}",
        ),
    )
