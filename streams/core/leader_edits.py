"""What editors have decided about leaders, applied to what was just read.

The reader knows the people of the data files and makes provisional ones of the others; an editor
says of one that it is another, that it is none of ours, or how it is called. Here that is put into
a reading's findings, so that reports go to the right dossier from the first. What had been reported
before is `streams.core.addressing`.
"""

from collections.abc import Callable, Iterable

from schemas.base import LeaderId, Person
from schemas.leaders import LeaderEdit
from schemas.readings import Entity, Finding, Reading
from schemas.reports import InvitationClaim, TripClaim
from schemas.stories import Story
from streams.core.provisional import provisional_id
from streams.core.reader import Reader


class LeaderEdits:
    """The edits that hold: of each kind, leader by leader, the latest. Frozen."""

    def __init__(self, edits: Iterable[LeaderEdit] = ()) -> None:
        held: dict[str, LeaderEdit] = {}
        for edit in edits:
            before = held.get(edit.key())
            if before is None or before.order() < edit.order():
                held[edit.key()] = edit
        self.in_force: tuple[LeaderEdit, ...] = tuple(held[key] for key in sorted(held))
        """Sorted by the keys of the topic."""
        self._into: dict[LeaderId, LeaderId] = {}
        self._called: dict[LeaderId, str] = {}
        self._renamed: dict[LeaderId, str] = {}
        self._refused: set[LeaderId] = set()
        self._confirmed: set[LeaderId] = set()
        for edit in self.in_force:
            self._take(edit)

    def _take(self, edit: LeaderEdit) -> None:
        match edit.action:
            case "merge" if edit.into is not None:
                self._into[edit.leader] = edit.into
                if edit.name:
                    self._called[edit.into] = edit.name
            case "add_alias" if edit.name:
                self._into.setdefault(provisional_id(edit.name, edit.country), edit.leader)
            case "rename" if edit.name:
                self._renamed[edit.leader] = edit.name
            case "refuse":
                self._refused.add(edit.leader)
            case "confirm":
                self._confirmed.add(edit.leader)
            case _:
                pass  # an edit that lacks what it should say

    def with_edit(self, edit: LeaderEdit) -> "LeaderEdits":
        """One more; an older one than is held changes nothing."""
        return LeaderEdits((*self.in_force, edit))

    def target(self, leader: LeaderId) -> LeaderId:
        """Who the leader is, through all merges and aliases. In a circle, where it closes."""
        seen = {leader}
        while (into := self._into.get(leader)) is not None and into not in seen:
            seen.add(into)
            leader = into
        return leader

    def is_refused(self, leader: LeaderId) -> bool:
        """An editor has said that this is no leader of ours."""
        return leader in self._refused

    def is_decided(self, leader: LeaderId) -> bool:
        """An editor has said who this is."""
        return leader in self._into or leader in self._refused or leader in self._confirmed

    def person(self, person: Person) -> Person | None:
        """Who somebody is, as editors call them; `None` for who is no leader of ours."""
        target = self.target(person.id)
        if self.is_refused(target):
            return None
        name = self._renamed.get(target)
        if name is None and target != person.id:
            name = self._called.get(target)
        return Person(id=target, name=name or person.name)

    def applied(self, reading: Reading) -> Reading:
        """The reading with everybody who they are; the very same where nobody is another."""
        people = {person.id for finding in reading.findings for person in _people(finding)}
        people |= {LeaderId(entity.id) for entity in reading.entities}
        if not any(self._concerns(each) for each in people):
            return reading
        findings = (self._finding(each) for each in reading.findings)
        return reading.model_copy(
            update={
                "findings": tuple(each for each in findings if each is not None),
                "entities": self._entities(reading.entities),
            }
        )

    def _concerns(self, leader: LeaderId) -> bool:
        return leader in self._into or leader in self._refused or leader in self._renamed

    def _finding(self, finding: Finding) -> Finding | None:
        claim = finding.claim
        said = self._trip(claim) if isinstance(claim, TripClaim) else self._invitation(claim)
        return None if said is None else finding.model_copy(update={"claim": said})

    def _trip(self, claim: TripClaim) -> TripClaim | None:
        leader = self.person(claim.leader)
        if leader is None:
            return None
        met = [self.person(host) for host in claim.hosts]
        hosts = {host.id: host for host in met if host is not None and host.id != leader.id}
        update = {"leader": leader, "hosts": tuple(hosts.values())}
        return claim.model_copy(update=update)

    def _invitation(self, claim: InvitationClaim) -> InvitationClaim | None:
        inviter, invitee = self.person(claim.inviter), self.person(claim.invitee)
        if inviter is None or invitee is None or inviter.id == invitee.id:
            return None
        return claim.model_copy(update={"inviter": inviter, "invitee": invitee})

    def _entities(self, entities: Iterable[Entity]) -> tuple[Entity, ...]:
        """One entity a person, with all its spans."""
        made: dict[str, Entity] = {}
        for entity in entities:
            found = Person(id=LeaderId(entity.id), name=entity.name)
            person = self.person(found) or found
            spans = entity.spans
            if person.id in made:
                spans = tuple(sorted((*made[person.id].spans, *spans)))
            update = {"id": person.id, "name": person.name, "spans": spans}
            made[person.id] = entity.model_copy(update=update)
        return tuple(made.values())


def _people(finding: Finding) -> tuple[Person, ...]:
    claim = finding.claim
    if isinstance(claim, TripClaim):
        return (claim.leader, *claim.hosts)
    return (claim.inviter, claim.invitee)


class EditedReader:
    """A reader with the edits that hold when it reads."""

    def __init__(self, reader: Reader, edits: Callable[[], LeaderEdits]) -> None:
        self.name = reader.name
        self.knowledge_version = reader.knowledge_version
        self._reader = reader
        self._edits = edits

    def read(self, story: Story) -> Reading:
        """What the story says, of whom editors say it is said."""
        return self._edits().applied(self._reader.read(story))
