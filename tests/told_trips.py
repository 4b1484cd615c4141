"""A trip as a dossier shows it, for tests that say only what matters of it."""

from typing import Any

from schemas.base import Dates, LeaderId, Person, Place, ReportId, StoryId, TripId
from schemas.dossiers import Sighting, Trip

KAST = Person(id=LeaderId("kast"), name="José Antonio Kast")


def sighting(status: str = "planned", told: str = "2026-01-05") -> Sighting:
    return Sighting(
        report=ReportId("report:1"),
        story=StoryId("urn:1"),
        source="PLAIN",
        language="en",
        published_at=f"{told}T08:00:00+00:00",
        status=status,
        dates=Dates(),
        evidence="Kast goes\nto Quito; he, too, travels.",
        foreground=True,
    )


def trip(**told: Any) -> Trip:
    """To Quito, on three days of January 2026, planned; but for what is told."""
    fields: dict[str, Any] = {
        "id": TripId("trip:1"),
        "role": "owner",
        "leader": KAST,
        "destination": Place(country="EC", city="Quito"),
        "dates": Dates(start="2026-01-20", end="2026-01-22"),
        "status": "planned",
        "foreground": True,
        "confidence": 0.9,
        "independent_sources": 1,
        "told_by": (("PLAIN",),),
        "topics": ("trade",),
        "sightings": (sighting(),),
    }
    return Trip(**(fields | told))
