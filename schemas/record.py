"""What may be on `reports.v1` besides reports: that an editor decided, and what went elsewhere.

Both are part of the record, so that a replay comes to the same dossiers with nothing but the topic.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Instant, LeaderId, Record, ReportId
from schemas.dossiers import Alerted, Edition, Retired
from schemas.ids import content_id
from schemas.leaders import LeaderEdit
from schemas.reports import Report, Withdrawal


class Edited(Record):
    """An editor's decision about the dossier's leader: from here on it holds there."""

    type: Literal["edited"] = "edited"
    id: ReportId
    leader: LeaderId
    edit: LeaderEdit


class Handover(Record):
    """All that a dossier held whose leader proved to be another one, for the other one's dossier.

    Already in the words of the one it goes to. The ledger goes with the reports, so that nobody is
    told again what they were told under the other name.
    """

    type: Literal["handover"] = "handover"
    id: ReportId
    """The same wherever it is sent on to: it is taken once."""
    leader: LeaderId
    """To whom."""
    origin: LeaderId
    handed_at: Instant
    heard: Instant | None
    reports: tuple[Report, ...]
    editions: tuple[Edition, ...]
    ledger: tuple[Alerted, ...]
    retired: tuple[Retired, ...]
    handovers: tuple[ReportId, ...]
    """Those the origin had taken itself."""
    via: tuple[LeaderId, ...] = ()


RecordMessage = Report | Withdrawal | Edited | Handover

ReportMessage = Annotated[RecordMessage, Field(discriminator="type")]
"""What may be on `reports.v1`."""


def edited(edit: LeaderEdit, leader: LeaderId | None = None) -> Edited:
    """The edit as the record has it, by default for the leader it is about."""
    leader = leader or edit.leader
    return Edited(
        id=ReportId(content_id("edited", leader, edit.model_dump_json())), leader=leader, edit=edit
    )


def handover_id(origin: LeaderId, edit: LeaderEdit) -> ReportId:
    """One for each merge."""
    return ReportId(content_id("handover", origin, edit.model_dump_json()))
