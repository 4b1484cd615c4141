"""An editor's decision about a leader; on `leaders.v1`, compacted to what holds now."""

from typing import Literal

from schemas.base import CountryCode, Instant, LeaderId, Record

Fate = Literal["confirm", "merge", "refuse"]


class LeaderEdit(Record):
    """Confirm, merge, rename, refuse a leader, or add an alias. Workers take it up at run time."""

    leader: LeaderId
    action: Literal["confirm", "merge", "rename", "refuse", "add_alias"]
    into: LeaderId | None = None
    """Where `merge` leads."""
    name: str | None = None
    """New name for `rename`, spelling for `add_alias`, for `merge` the name of whom it leads to."""
    country: CountryCode | None = None
    """For `add_alias`, of the office with which the wire names somebody so."""
    edited_at: Instant
    editor: str

    @property
    def is_fate(self) -> bool:
        """Whether there is such a person: of confirm, merge and refuse the latest holds."""
        return self.action in ("confirm", "merge", "refuse")

    def key(self) -> str:
        """On the topic: a later edit takes the place of the one with the same key."""
        if self.is_fate:
            return self.leader
        if self.action == "rename":
            return f"{self.leader} name"
        return f"{self.leader} alias {self.country or ''} {self.name or ''}"

    def order(self) -> tuple[str, str]:
        """A key that sorts older edits of one kind before newer ones."""
        return (self.edited_at.isoformat(), self.model_dump_json())
