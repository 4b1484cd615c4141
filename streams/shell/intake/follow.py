"""Feeds accounts from the record on the brokers: once, or for as long as the intake runs."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from schemas.dead_letters import DeadLetter
from schemas.stories import Story
from schemas.topics import DEAD_LETTERS, STORIES, STORIES_RAW, TopicDeclaration
from streams.shell.intake.account import DAY, Accounts, Outcome
from streams.shell.intake.sources import Source
from streams.shell.record import Message, decoded, follow_topic, read_topic
from streams.shell.settings import Settings

TOPICS = (STORIES_RAW, STORIES, DEAD_LETTERS)

OnOutcome = Callable[[str, Outcome, Message], None]
"""Told of each item that is counted: the source's name, what became of it, where that stands."""


async def read_accounts(settings: Settings, sources: Iterable[Source], since: datetime) -> Accounts:
    """The accounts since a time, as the record has them now. Raises `ClusterError`.

    Reads the raw topic with all bytes of its items, as headers are not to be had alone.
    """
    accounts = Accounts(since, sources)
    for topic in TOPICS:
        async for message in read_topic(settings, topic, since=since):
            _account(accounts, topic, message)
    return accounts


async def follow_accounts(settings: Settings, accounts: Accounts, told: OnOutcome) -> None:
    """Keeps accounts up to date until it is cancelled. Raises `ClusterError`."""
    async with asyncio.TaskGroup() as following:
        for topic in TOPICS:
            following.create_task(_follow(settings, accounts, topic, told))


def looked_back(sources: Iterable[Source], now: datetime, least: timedelta = DAY) -> datetime:
    """From when on the record must be read to know of each source whether it is silent."""
    limits = [source.silence_s for source in sources if source.silence_s is not None]
    return now - max(least, timedelta(seconds=max(limits, default=0.0)))


async def _follow(
    settings: Settings, accounts: Accounts, topic: TopicDeclaration, told: OnOutcome
) -> None:
    async for message in follow_topic(settings, topic, since=accounts.since):
        counted = _account(accounts, topic, message)
        if counted is not None:
            told(*counted, message)


def _account(
    accounts: Accounts, topic: TopicDeclaration, message: Message
) -> tuple[str, Outcome] | None:
    headers = dict(message.headers)
    if topic is STORIES_RAW:
        accounts.raw(headers)
        return None
    record = decoded(topic, message)
    if isinstance(record, Story):
        outcome = accounts.story(record)
        return outcome and (record.feed, outcome)
    if isinstance(record, DeadLetter):
        outcome = accounts.dead_letter(record)
        feed = next((each.value for each in record.headers if each.key == "feed"), b"")
        return outcome and (feed.decode("utf-8", "replace"), outcome)
    return None  # what is no record of its topic is the worker's to report
