"""What editors have decided of leaders, as a running worker knows it.

A worker that hears of an edit a moment late sends a report to the old dossier, which sends it on;
so nothing hangs on the moment.
"""

from schemas.leaders import LeaderEdit
from schemas.topics import LEADERS
from streams.core.leader_edits import LeaderEdits
from streams.shell.following import Following
from streams.shell.settings import Settings


class EditsInForce(Following):
    """The edits of one worker."""

    topic = LEADERS

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._edits = LeaderEdits()

    def current(self) -> LeaderEdits:
        """Those that hold now."""
        return self._edits

    def take(self, record: LeaderEdit) -> None:
        """A later edit takes the place of an older one."""
        self._edits = self._edits.with_edit(record)
