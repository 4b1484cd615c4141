"""A wire and a reader so plain that the shell's tests depend on no rule of any language.

A story's body has one claim a line, `TRIP leader country day status` or
`INVITE inviter invitee country status`; `BOOM` makes the reader fail. Items are ninjs.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from schemas.base import Dates, LeaderId, Person, Place
from schemas.readings import Finding, Reading
from schemas.reports import Evidence, InvitationClaim, TripClaim
from schemas.stories import Story

EPOCH = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def person(leader: str) -> Person:
    return Person(id=LeaderId(leader), name=leader.replace("-", " ").title())


@dataclass(frozen=True)
class PlainReader:
    """Reads claims as they are written. The same text, the same reading."""

    name: str = "plain"
    knowledge_version: str = "plain-1"

    def read(self, story: Story) -> Reading:
        lines = [line for line in story.body.split("\n") if line.strip()]
        return Reading(
            story=story.id,
            edition=story.edition,
            rank=story.rank(),
            source=story.source,
            trust=story.trust,
            language="en",
            published_at=story.published_at or story.received_at,
            received_at=story.received_at,
            fingerprint=sha256(story.body.encode()).hexdigest()[:16],
            headline=story.headline,
            embargoed_until=story.embargoed_until,
            signal=story.signal,
            findings=tuple(finding for line in lines for finding in _findings(line)),
            reader=self.name,
            knowledge=self.knowledge_version,
        )


def _findings(line: str) -> tuple[Finding, ...]:
    match line.split():
        case ["TRIP", leader, country, day, status]:
            claim = TripClaim(
                leader=person(leader),
                destination=Place(country=country),
                dates=Dates(start=day),
                status=status,
            )
        case ["INVITE", inviter, invitee, country, status]:
            claim = InvitationClaim(
                inviter=person(inviter), invitee=person(invitee), to=country, status=status
            )
        case ["BOOM", *_]:
            raise RuntimeError("the reader fails on purpose")
        case _:
            return ()
    evidence = Evidence(text=line, language="en")
    return (Finding(claim=claim, foreground=True, evidence=evidence, confidence=0.9, rule="plain"),)


def item(number: int, *lines: str, uri: str | None = None, **fields: object) -> bytes:
    """One ninjs item; its number sets its id and its time, a minute apart."""
    # All on one day: the id of an undated alert names the day of whichever story told it first.
    published = (EPOCH + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
    story = {
        "uri": uri or f"urn:plain:{number}",
        "type": "text",
        "version": "1",
        "versioncreated": published,
        "language": "en",
        "provider": "PLAIN",
        "headline": f"Story {number}",
        "body_text": "\n\n".join(lines) or "Nothing of note.",
        **fields,
    }
    return json.dumps(story).encode()
