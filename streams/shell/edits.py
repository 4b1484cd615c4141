"""What editors have decided, as a running worker knows it: all of `leaders.v1`, kept up to date.

Read whole before the first story is, and followed from then on. A worker that hears of an edit a
moment late sends a report to the old dossier, which sends it on; so nothing hangs on the moment.
"""

import asyncio
import logging
from typing import NoReturn

from schemas.leaders import LeaderEdit
from schemas.topics import LEADERS
from streams.core.leader_edits import LeaderEdits
from streams.shell.cluster import ClusterError
from streams.shell.record import Message, decoded, follow_topic, read_topic
from streams.shell.settings import Settings

_AGAIN_AFTER_S = 5.0

_log = logging.getLogger(__name__)


class EditsInForce:
    """The edits of one worker. For one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._edits = LeaderEdits()

    def current(self) -> LeaderEdits:
        """Those that hold now."""
        return self._edits

    async def load(self) -> None:
        """Takes all there are. Raises `ClusterError`."""
        async for message in read_topic(self._settings, LEADERS):
            self._take(message)

    async def follow(self) -> NoReturn:
        """Takes those to come, until cancelled. Brokers that are away are waited for."""
        while True:
            try:
                async for message in follow_topic(self._settings, LEADERS):
                    self._take(message)
            except ClusterError as reason:
                _log.warning("edits of leaders cannot be followed: %s", reason)
            await asyncio.sleep(_AGAIN_AFTER_S)

    def _take(self, message: Message) -> None:
        edit = decoded(LEADERS, message)
        if isinstance(edit, LeaderEdit):
            self._edits = self._edits.with_edit(edit)
        else:
            _log.error("no edit of a leader, at offset %d: %s", message.offset, edit.reason)
