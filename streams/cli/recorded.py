"""The records of a topic for a command, those that cannot be read told as problems."""

from typing import Any

from schemas.topics import TOPICS
from streams.cli import given
from streams.cli.items import Problem
from streams.core.canary import is_of_canary


def records_of(name: str, problems: list[Problem], *, key: str | None = None) -> list[Any]:
    """All records of a topic, or of a key's partition, in the order in which the log took them.

    All of them in memory, without the canary's. What is no record goes to `problems`.
    """
    settings = given.settings()
    from streams.shell.record import (  # noqa: PLC0415
        Message,
        Unread,
        decoded,
        in_order_of_time,
        read_topic,
    )

    topic = next(topic for topic in TOPICS if topic.name == name)

    async def read() -> list[Message]:
        return [message async for message in read_topic(settings, topic, key=key)]

    records: list[Any] = []
    for message in in_order_of_time(given.run(read())):
        record = decoded(topic, message)
        if isinstance(record, Unread):
            where = f"{message.topic}[{message.partition}]@{message.offset}"
            problems.append(Problem(where, record.reason))
        elif not is_of_canary(record):
            records.append(record)
    return records
