"""Kills that wait for their story: what was called back and has not come, or has come otherwise.

A kill may come before its story, and then the story is withdrawn when it comes. One that stays
alone is for a person to look at: its story never came, or came under another id, in which case it
stands though it was killed.
"""

from schemas.base import StoryId
from schemas.stories import Story


class WaitingKills:
    """A fold over editions in any order. Keeps the id of every story, and the kills that wait."""

    def __init__(self) -> None:
        self._told: set[StoryId] = set()
        self._kills: dict[StoryId, Story] = {}

    def add(self, edition: Story) -> None:
        """One edition of `stories.v1`; again changes nothing."""
        if edition.signal != "kill":
            self._told.add(edition.id)
            self._kills.pop(edition.id, None)
        elif edition.id not in self._told:
            held = self._kills.get(edition.id)
            if held is None or held.rank().order() < edition.rank().order():
                self._kills[edition.id] = edition

    def waiting(self) -> tuple[Story, ...]:
        """The newest kill of each story that has no other edition, by time."""
        return tuple(sorted(self._kills.values(), key=lambda kill: (kill.rank().order(), kill.id)))
