"""Nothing is remembered before what follows from it is confirmed by the brokers.

A kill between the two is a matter of luck, which tests/crash tries; brokers that confirm nothing
are not.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from plain_wire import EPOCH, PlainReader, item

from schemas.base import LeaderId
from schemas.codec import encode
from schemas.leaders import LeaderEdit
from schemas.record import edited
from schemas.topics import ALERTS, READINGS, REPORTS
from streams.core.editions import report
from streams.core.wire import Arrival, parse
from streams.shell.agents.fold import fold_agent
from streams.shell.agents.read import ReadTables, read_agent
from streams.shell.guard import Handle
from streams.shell.metrics import Metrics, Vocabulary
from streams.shell.outbox import NotConfirmedError, Outgoing
from streams.shell.tables import DOSSIERS_TABLE, HELD_TABLE, STORIES_TABLE, StateTable

METRICS = Metrics(["read", "fold"], Vocabulary(languages=("en",)))


class Brokers:
    """Where an agent's outputs go."""

    def __init__(self, *, confirm: bool) -> None:
        self.sent: list[Outgoing] = []
        self._confirm = confirm

    async def confirm(self, messages: Iterable[Outgoing]) -> None:
        self.sent.extend(messages)
        if not self._confirm:
            raise NotConfirmedError("the brokers are away")


def clock() -> datetime:
    return datetime(2026, 1, 5, 9, tzinfo=UTC)


def reading(outbox: Any, table: Any) -> Handle:
    tables = ReadTables(StateTable(STORIES_TABLE, table), StateTable(HELD_TABLE, table))
    return read_agent(outbox, METRICS, clock, PlainReader(), tables)


def folding(outbox: Any, table: Any) -> Handle:
    return fold_agent(outbox, METRICS, clock, StateTable(DOSSIERS_TABLE, table))


def story(**more: object) -> Any:
    told = item(1, "TRIP ada IT 2026-02-01 planned", **more)
    return parse(told, Arrival(feed="test", received_at=EPOCH))


def first_report() -> Any:
    return report(None, PlainReader().read(story()))[1][0]


def event(record: Any) -> Any:
    return SimpleNamespace(message=SimpleNamespace(value=encode(record), headers=()))


CASES = {
    "read": (reading, story(), [READINGS, REPORTS]),
    "read, under embargo": (reading, story(embargoed="2026-01-05T10:00:00Z"), [READINGS]),
    "fold": (folding, first_report(), [ALERTS]),
}


@pytest.mark.parametrize(("agent", "record", "outputs"), CASES.values(), ids=CASES)
def test_what_brokers_do_not_confirm_is_not_remembered_and_comes_again_the_same(
    agent: Any, record: Any, outputs: list[Any]
) -> None:
    table: dict[bytes, bytes] = {}
    away, back = Brokers(confirm=False), Brokers(confirm=True)

    with pytest.raises(NotConfirmedError):
        asyncio.run(agent(away, table)(event(record)))
    assert table == {}

    asyncio.run(agent(back, table)(event(record)))
    assert [each.topic for each in back.sent] == outputs
    assert back.sent == away.sent
    assert len(table) == 1


def test_a_handover_is_confirmed_before_the_dossier_is_empty() -> None:
    told = first_report()
    into = LeaderEdit(
        leader=told.leader, action="merge", into=LeaderId("bob"), edited_at=EPOCH, editor="desk"
    )
    table: dict[bytes, bytes] = {}
    away, back = Brokers(confirm=False), Brokers(confirm=True)
    asyncio.run(folding(back, table)(event(told)))
    before = dict(table)

    with pytest.raises(NotConfirmedError):
        asyncio.run(folding(away, table)(event(edited(into))))

    assert table == before
    assert [(each.topic, each.key) for each in away.sent] == [(REPORTS, "bob")]
