"""A topic of decisions as a running worker knows it: read whole, then followed.

Read before the first message is handled, and kept up to date from then on. What a decision does is
known to those who keep them.
"""

import asyncio
import logging
from typing import Any, NoReturn

from schemas.topics import TopicDeclaration
from streams.shell.cluster import ClusterError
from streams.shell.record import Message, Unread, decoded, follow_topic, read_topic
from streams.shell.settings import Settings

_AGAIN_AFTER_S = 5.0

_log = logging.getLogger(__name__)


class Following:
    """Base of those who follow one topic. For one event loop."""

    topic: TopicDeclaration

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def take(self, record: Any) -> None:
        """A record of the topic; those of one key come in their order, and may come again."""
        raise NotImplementedError

    async def load(self) -> None:
        """Takes all there are. Raises `ClusterError`."""
        async for message in read_topic(self._settings, self.topic):
            self._taken(message)

    async def follow(self) -> NoReturn:
        """Takes those to come, until cancelled. Brokers that are away are waited for."""
        while True:
            try:
                async for message in follow_topic(self._settings, self.topic):
                    self._taken(message)
            except ClusterError as reason:
                _log.warning("%s cannot be followed: %s", self.topic.name, reason)
            await asyncio.sleep(_AGAIN_AFTER_S)

    def _taken(self, message: Message) -> None:
        record = decoded(self.topic, message)
        if isinstance(record, Unread):
            _log.error(
                "%s holds no record at offset %d: %s",
                self.topic.name,
                message.offset,
                record.reason,
            )
        else:
            self.take(record)
