"""What the sentences of a story tell, one after the other, before the whole is weighed."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.readings import Rejected
from streams.core.reports.gatherings import (
    Gathering,
    arrivals_told,
    companions_told,
    gathering_of,
    guests_told,
)
from streams.core.reports.invitations import InvitationTold, invitations_told
from streams.core.reports.scene import Scene
from streams.core.reports.trips import TripTold, trips_told


@dataclass(frozen=True, slots=True)
class Told:
    """All that the operators found in a story."""

    trips: tuple[TripTold, ...]
    invitations: tuple[InvitationTold, ...]
    gathering: Gathering | None
    rejected: tuple[Rejected, ...]


def tell(scenes: Sequence[Scene]) -> Told:
    """Asks every operator of every sentence, in order."""
    trips: list[TripTold] = []
    invitations: list[InvitationTold] = []
    rejected: list[Rejected] = []
    gathering = gathering_of(scenes)
    for scene in scenes:
        last = trips[-1] if trips else None
        told, no_trip = trips_told(scene, last)
        asked, no_invitation = invitations_told(scene)
        trips += told
        if not told:
            trips += arrivals_told(scene, last)
        trips += companions_told(scene, trips[-1] if trips else None)
        if gathering is not None and not told:
            trips += guests_told(scene, gathering, trips)
        invitations += asked
        rejected += [*no_trip, *no_invitation]
    return Told(tuple(trips), tuple(invitations), gathering, tuple(rejected))
