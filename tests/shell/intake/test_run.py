"""The intake as a whole: one source that fails stops no other, and all of them finish."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from intake_desk import Desk
from prometheus_client.parser import text_string_to_metric_families

from streams.shell.intake.account import OUTCOMES, Accounts
from streams.shell.intake.door import Door
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.pages import SourceMetrics, source_line
from streams.shell.intake.run import run_ways
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import WAY_NAMES, Source
from streams.shell.intake.ways import WAYS, WayIn

GOOD, BAD = Source(name="good", way="feed"), Source(name="bad", way="push")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def run(desk: Desk, shifts: Sequence[Shift], ways: dict[str, WayIn], items: int) -> None:
    """Until so many items have come."""

    async def main() -> None:
        running = asyncio.create_task(run_ways(shifts, desk.door, desk.ledger, desk.stop, ways))
        await desk.brokers.until(items)
        desk.stop.set()
        await running

    asyncio.run(main())


async def brings_items(shift: Shift, door: Door, ledger: Ledger) -> None:
    number = 0
    while await shift.pause(1):
        number += 1
        await door.take(shift.source, f"{shift.source.name} {number}".encode(), format="text")


def test_a_source_that_fails_stops_no_other_and_is_tried_again(desk: Desk) -> None:
    tries = []

    async def fails(shift: Shift, door: Door, ledger: Ledger) -> None:
        tries.append(shift.now())
        raise ValueError("its feed is no feed")

    shifts = [desk.shift(GOOD), desk.shift(BAD)]
    run(desk, shifts, {"feed": WayIn(each=brings_items), "push": WayIn(each=fails)}, 200)

    assert len(tries) > 3
    pauses = [(b - a).total_seconds() for a, b in pairwise(tries)]
    assert pauses[0] < pauses[2]
    assert shifts[0].standing.problem is None
    assert shifts[1].standing.problem == "ValueError: its feed is no feed"


def test_a_way_that_ends_by_itself_is_failing(desk: Desk) -> None:
    async def ends(shift: Shift, door: Door, ledger: Ledger) -> None:
        return

    shifts = [desk.shift(GOOD), desk.shift(BAD)]
    run(desk, shifts, {"feed": WayIn(each=brings_items), "push": WayIn(each=ends)}, 5)

    assert shifts[1].standing.problem == "it ended by itself"


def test_what_is_in_hand_is_finished_when_it_is_time_to_stop(desk: Desk) -> None:
    async def slow(shift: Shift, door: Door, ledger: Ledger) -> None:
        await door.take(shift.source, b"first", format="text")
        while await shift.pause(1):
            pass
        await door.take(shift.source, b"last", format="text")

    run(desk, [desk.shift(GOOD)], {"feed": WayIn(each=slow)}, 1)

    assert desk.brokers.data == [b"first", b"last"]


def test_sources_that_share_a_way_can_be_run_together(desk: Desk) -> None:
    async def both(shifts: Sequence[Shift], door: Door, ledger: Ledger) -> None:
        for shift in shifts:
            await door.take(shift.source, shift.source.name.encode(), format="text")
        await shifts[0].pause(1e9)

    other = Source(name="other", way="feed")
    run(desk, [desk.shift(GOOD), desk.shift(other)], {"feed": WayIn(together=both)}, 2)

    assert desk.brokers.data == [b"good", b"other"]


def test_the_table_of_ways_has_known_names_and_one_way_to_run_each() -> None:
    assert set(WAYS) < set(WAY_NAMES)
    assert [way for way in WAYS.values() if (way.each is None) == (way.together is None)] == []


def test_problems_are_told_and_taken_back(desk: Desk) -> None:
    shift = desk.shift(GOOD)
    shift.failing("no answer")
    desk.clock.turn(60)
    shift.failing("an answer in Klingon")

    assert shift.standing.failing_since == shift.standing.started_at
    shift.well()
    assert (shift.standing.problem, shift.standing.failing_since) == (None, None)


def test_a_page_line_tells_no_key_in_an_address(desk: Desk) -> None:
    source = Source(name="good", way="feed", url="https://feeds.example/rss?apikey=hunter2")
    accounts = Accounts(desk.clock.now(), [source])
    line = source_line(desk.shift(source), accounts)

    assert line["place"] == "https://feeds.example/rss"
    assert line["items"] == dict.fromkeys(OUTCOMES, 0)
    assert "hunter2" not in str(line)


def test_the_metrics_keep_the_naming_rules_and_name_no_source_but_those_of_the_file(
    desk: Desk,
) -> None:
    shifts = [desk.shift(GOOD), desk.shift(BAD)]
    metrics = SourceMetrics([GOOD, BAD])
    shifts[1].failing("no answer")
    metrics.take_stock(shifts, Accounts(desk.clock.now(), [GOOD, BAD]), desk.clock.now())
    families = list(text_string_to_metric_families(metrics.exposition().decode()))

    assert {family.name for family in families} == {
        "dragoman_source_items",
        "dragoman_source_last_item_timestamp_seconds",
        "dragoman_source_silent",
        "dragoman_source_failing",
    }
    for family in families:
        assert family.documentation.endswith(".")
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter")
            assert sample.labels["source"] in ("good", "bad")
            assert sample.labels.get("outcome", "story") in OUTCOMES
    failing = next(family for family in families if family.name.endswith("failing"))
    assert {each.labels["source"]: each.value for each in failing.samples} == {"good": 0, "bad": 1}
