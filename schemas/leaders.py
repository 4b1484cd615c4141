"""An editor's decision about a leader; on `leaders.v1` (compacted), keyed by the leader's id."""

from typing import Literal

from schemas.base import CountryCode, Instant, LeaderId, Record


class LeaderEdit(Record):
    """Confirm, merge, rename, refuse a leader, or add an alias. Workers take it up at run time."""

    leader: LeaderId
    action: Literal["confirm", "merge", "rename", "refuse", "add_alias"]
    into: LeaderId | None = None
    """Where `merge` leads."""
    name: str | None = None
    """New name for `rename`, spelling for `add_alias`."""
    country: CountryCode | None = None
    edited_at: Instant
    editor: str
