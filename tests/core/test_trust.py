"""Low trust: such a source is heard and moves nobody, whatever its items claim to be."""

from datetime import timedelta
from typing import Any

import pytest
from packaged import packaged_reader
from plain_wire import EPOCH, PlainReader, item

from schemas.reports import LOW_TRUST_MOST, SURE_ENOUGH
from schemas.stories import Story, Trust
from streams.core.replay import Replay
from streams.core.wire import Arrival, parse

TRIP = "TRIP ada IT 2026-02-01 planned"


def story(data: bytes, trust: Trust, *, feed: str = "wire", language: str | None = None) -> Story:
    arrival = Arrival(feed, EPOCH + timedelta(days=1), "auto", None, language, trust)
    parsed = parse(data, arrival)
    assert isinstance(parsed, Story), parsed
    return parsed


def told(*stories: Story) -> list[str]:
    replay = Replay(PlainReader())
    return [alert.data.kind for each in stories for alert in replay.feed(each)]


def low(number: int, *lines: str, **fields: Any) -> Story:
    return story(item(number, *lines, **fields), "low", feed="rumours")


def full(number: int, *lines: str, **fields: Any) -> Story:
    return story(item(number, *lines, **fields), "full")


def test_the_highest_confidence_of_low_trust_is_not_enough_for_an_alert() -> None:
    assert LOW_TRUST_MOST < SURE_ENOUGH


def test_what_a_low_trust_source_says_alone_raises_no_alert() -> None:
    assert told(full(1, TRIP)) == ["trip.new"]
    assert told(low(1, TRIP), low(2, TRIP), low(3, TRIP)) == []


def test_it_stands_in_the_dossier() -> None:
    replay = Replay(PlainReader())
    replay.feed(low(1, TRIP))
    [dossier] = replay.dossiers()

    assert [trip.confidence for trip in dossier.trips] == [LOW_TRUST_MOST]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(low(1, TRIP), id="the_same_item_came_first_by_the_low_trust_source"),
        pytest.param(low(9, "Nothing.", uri="urn:plain:1"), id="a_newer_edition_did"),
        pytest.param(low(9, uri="urn:plain:1", pubstatus="canceled"), id="a_kill_of_it_did"),
    ],
)
def test_it_cannot_forestall_the_story_of_another(before: Story) -> None:
    assert told(before, full(1, TRIP)) == ["trip.new"]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(low(9, uri="urn:plain:1", pubstatus="canceled"), id="a_kill"),
        pytest.param(low(9, "Nothing.", uri="urn:plain:1"), id="a_newer_edition"),
        pytest.param(low(9, TRIP.replace("planned", "cancelled")), id="a_contradiction"),
    ],
)
def test_it_cannot_take_back_the_story_of_another(after: Story) -> None:
    assert told(full(1, TRIP), after) == ["trip.new"]
    # While one that is trusted can: the test would notice.
    trusted = after.model_copy(
        update={"trust": "full", "id": after.id.removeprefix("low-trust:rumours:")}
    )
    assert len(told(full(1, TRIP), trusted)) == 2


def test_it_can_correct_and_kill_its_own() -> None:
    replay = Replay(PlainReader())
    replay.feed(low(1, TRIP))
    replay.feed(low(9, uri="urn:plain:1", pubstatus="canceled"))

    assert [trip for dossier in replay.dossiers() for trip in dossier.trips] == []


def test_two_low_trust_sources_are_kept_apart() -> None:
    one, other = (story(item(1, TRIP), "low", feed=feed) for feed in ("a", "b"))

    assert one.id != other.id


def test_the_reader_of_the_package_hands_the_trust_on() -> None:
    assert packaged_reader().read(low(1)).trust == "low"


@pytest.mark.parametrize(
    ("declared", "language"),
    [
        pytest.param("en", "en", id="declared_by_the_item"),
        pytest.param(None, "pt", id="else_that_of_its_source"),
    ],
)
def test_the_language_of_a_source_is_for_items_that_declare_none(
    declared: str | None, language: str
) -> None:
    said = item(1, language=declared) if declared else item(1).replace(b'"language": "en", ', b"")

    assert story(said, "full", language="pt").language == language
    assert story(said, "full", language="pt").edition == story(said, "full").edition
