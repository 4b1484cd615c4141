"""What `analyze` prints of a story: the one JSON object that programs build on.

Field for field as documented for users; the records inside may change, this may not.
"""

from typing import Any

from schemas.readings import Entity, Finding, Reading
from schemas.stories import Story


def answer(story: Story, reading: Reading) -> dict[str, Any]:
    """The object for one story."""
    return {
        "uri": story.id,
        "language": reading.language,
        "topics": [{"id": topic.id, "score": topic.score} for topic in reading.topics],
        "entities": [_entity(entity) for entity in reading.entities],
        "reports": [_report(finding) for finding in reading.findings],
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.id,
        "name": entity.name,
        "kind": entity.kind,
        "country": entity.country,
    }


def _report(finding: Finding) -> dict[str, Any]:
    claim = finding.claim
    said = {
        "status": claim.status,
        "foreground": finding.foreground,
        "evidence": finding.evidence.text,
        "confidence": finding.confidence,
    }
    if claim.kind == "trip":
        return {
            "kind": "trip",
            "leader": claim.leader.model_dump(),
            "destination": claim.destination.model_dump(),
            "dates": claim.dates.model_dump(),
            **said,
        }
    return {
        "kind": "invitation",
        "inviter": claim.inviter.model_dump(),
        "invitee": claim.invitee.model_dump(),
        "to": claim.to,
        "occasion": claim.occasion,
        "date": claim.date,
        **said,
    }
