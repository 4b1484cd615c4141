"""Feeds accounts from the record on the brokers: once, or for as long as the intake runs."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from schemas.dead_letters import DeadLetter
from schemas.stories import Story
from schemas.topics import DEAD_LETTERS, STORIES, STORIES_RAW, TopicDeclaration
from streams.shell.intake.account import DAY, Accounts, Outcome, feed_of
from streams.shell.intake.sources import Source
from streams.shell.record import Message, decoded, follow_topic, read_topic
from streams.shell.settings import Settings

TOPICS = (STORIES_RAW, STORIES, DEAD_LETTERS)

_OVERLAP = timedelta(minutes=5)
"""Clocks differ between machines; what is read twice is counted once."""

OnOutcome = Callable[[str, Outcome, Message], None]
"""Told of each item that is counted: the source's name, what became of it, where that stands."""


async def read_accounts(settings: Settings, sources: Iterable[Source], since: datetime) -> Accounts:
    """The accounts since a time, as the record has them now. Raises `ClusterError`.

    Reads the raw topic with all bytes of its items, as headers are not to be had alone.
    """
    accounts = Accounts(since, sources)
    await _read(settings, accounts, _nobody)
    return accounts


async def follow_accounts(
    settings: Settings, accounts: Accounts, told: OnOutcome, now: datetime
) -> None:
    """Reads the record to its end and keeps accounts up to date until it is cancelled.

    Raises `ClusterError`, several in a group.
    """
    await _read(settings, accounts, told)
    async with asyncio.TaskGroup() as following:
        for topic in TOPICS:
            following.create_task(_follow(settings, accounts, topic, now - _OVERLAP, told))


def looked_back(sources: Iterable[Source], now: datetime, least: timedelta = DAY) -> datetime:
    """From when on the record must be read to know of each source whether it is silent."""
    limits = [source.silence_s for source in sources if source.silence_s is not None]
    return now - max(least, timedelta(seconds=max(limits, default=0.0)))


async def _read(settings: Settings, accounts: Accounts, told: OnOutcome) -> None:
    for topic in TOPICS:
        async for message in read_topic(settings, topic, since=accounts.since):
            _account(accounts, topic, message, told)
    accounts.is_complete = True


async def _follow(
    settings: Settings,
    accounts: Accounts,
    topic: TopicDeclaration,
    since: datetime,
    told: OnOutcome,
) -> None:
    async for message in follow_topic(settings, topic, since=since):
        _account(accounts, topic, message, told)


def _account(
    accounts: Accounts, topic: TopicDeclaration, message: Message, told: OnOutcome
) -> None:
    headers = dict(message.headers)
    if topic is STORIES_RAW:
        accounts.raw(headers)
        return
    record, outcome, name = decoded(topic, message), None, ""
    if isinstance(record, Story):
        name, outcome = record.feed, accounts.story(record)
    elif isinstance(record, DeadLetter):
        name, outcome = feed_of(record), accounts.dead_letter(record)
    # What is no record of its topic is the worker's to report.
    if outcome is not None:
        told(name, outcome, message)


def _nobody(name: str, outcome: Outcome, message: Message) -> None:
    """Nobody is told."""
