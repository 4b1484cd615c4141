"""Sending, and knowing that it is sent: what an agent puts out is confirmed by the brokers.

A send that is only queued is a send that a crash loses, and Faust commits over it. So all that one
message gives rise to is sent together and waited for, before anything that builds on it.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass

import faust
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, TopicAuthorizationFailedError
from faust.exceptions import ProducerSendError

from schemas.base import Record
from schemas.codec import encode, version_headers
from schemas.topics import TOPICS, TopicDeclaration
from streams.shell import tracing


class TooLargeToSendError(ValueError):
    """The brokers or the client take no message of this size; the text says which topic's."""


class NotConfirmedError(Exception):
    """The brokers have not confirmed what was sent: it may or may not be there."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way: topic, key, and the record it carries."""

    topic: TopicDeclaration
    key: str
    record: Record


class Outbox:
    """Sends to the declared topics of one app. Not for topics of raw bytes."""

    def __init__(self, app: faust.App) -> None:
        self._topics = {
            topic.name: app.topic(topic.name, key_serializer="raw", value_serializer="raw")
            for topic in TOPICS
        }

    async def confirm(self, messages: Iterable[Outgoing]) -> None:
        """Sends all of them and comes back when all are confirmed.

        Raises `TooLargeToSendError` or `NotConfirmedError`; some of the messages may then be
        there, and will come again with the same ids.
        """
        await (await self.begin(messages))

    async def begin(self, messages: Iterable[Outgoing]) -> Awaitable[None]:
        """Sends all of them; what it gives is to be awaited, and comes back when all are confirmed.

        What is begun later comes later on each partition. Both raise what `confirm` does.
        """
        queued: list[Awaitable[object]] = []
        try:
            for message in messages:  # one after the other: their order on a topic is kept
                queued.append(await self._queue(message))
        except (KafkaError, ProducerSendError) as fault:
            await asyncio.gather(*queued, return_exceptions=True)
            raise _named(fault) from fault
        return _confirmed(queued)

    async def _queue(self, message: Outgoing) -> Awaitable[object]:
        return await self._topics[message.topic.name].send(
            key=message.key.encode(),
            value=encode(message.record),
            headers={**version_headers(message.topic), **tracing.carried()},
        )


async def _confirmed(queued: Iterable[Awaitable[object]]) -> None:
    for outcome in await asyncio.gather(*queued, return_exceptions=True):
        if isinstance(outcome, KafkaError | ProducerSendError):
            raise _named(outcome) from outcome
        if isinstance(outcome, BaseException):
            raise outcome


def _named(fault: BaseException) -> Exception:
    cause = fault.__cause__ if isinstance(fault, ProducerSendError) else fault
    if isinstance(cause, MessageSizeTooLargeError):
        return TooLargeToSendError(str(cause))
    if isinstance(cause, TopicAuthorizationFailedError):
        return NotConfirmedError(
            f"the brokers do not allow us to write to topic {', '.join(map(str, cause.args))}; "
            "`dragoman acls` prints what is to be allowed"
        )
    return NotConfirmedError(f"{type(cause).__name__}: {cause}")
