"""The door: what is new goes in, confirmed, and is then known."""

import asyncio
import json
from pathlib import Path

import pytest
from intake_desk import START, Desk

from schemas.topics import MAX_RAW_BYTES
from streams.shell.cluster import ClusterError
from streams.shell.intake.door import Taken
from streams.shell.intake.sources import Source
from streams.shell.record import RawItem

WIRE = Source(
    name="agency", way="push", format="ninjs", outlet="Agence Boréale", language="fr", trust="low"
)
MANY = json.dumps([{"uri": "a"}, {"uri": "b"}, {"uri": "a"}]).encode()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def take(desk: Desk, data: bytes, source: Source = WIRE, **more: object) -> Taken:
    return asyncio.run(desk.door.take(source, data, **more))  # type: ignore[arg-type]


def test_an_item_goes_in_with_all_that_is_known_of_its_source(desk: Desk) -> None:
    assert take(desk, b'{"uri": "a"}') == Taken(sent=1)
    assert desk.brokers.items == [
        RawItem(
            data=b'{"uri": "a"}',
            feed="agency",
            received_at=START,
            format="ninjs",
            source="Agence Boréale",
            language="fr",
            trust="low",
        )
    ]


def test_each_item_of_many_goes_in_once(desk: Desk) -> None:
    assert take(desk, MANY).sent == 2


def test_what_the_source_has_sent_before_is_left_out(desk: Desk) -> None:
    take(desk, MANY)

    assert take(desk, MANY) == Taken(sent=0, repeated=2)
    assert len(desk.brokers.items) == 2


def test_another_source_may_send_the_same(desk: Desk) -> None:
    take(desk, MANY)

    assert take(desk, MANY, Source(name="other", way="push", format="ninjs")).sent == 2


def test_what_is_not_confirmed_can_be_brought_again(desk: Desk) -> None:
    desk.brokers.away = True
    with pytest.raises(ClusterError):
        take(desk, MANY)
    desk.brokers.away = False

    assert take(desk, MANY) == Taken(sent=2)


def test_an_item_that_the_topic_does_not_take_is_refused_and_the_others_go(desk: Desk) -> None:
    large = b'{"uri": "' + b"x" * MAX_RAW_BYTES + b'"}'
    taken = take(desk, large + b'\n{"uri": "b"}')

    assert (taken.sent, [each.reason for each in taken.refused]) == (1, ["too_large"])
    assert desk.brokers.data == [b'{"uri": "b"}']


def test_what_is_said_of_these_bytes_goes_before_what_is_said_of_the_source(desk: Desk) -> None:
    take(desk, b"Bom dia.", format="text", language="pt")

    assert [(item.format, item.language) for item in desk.brokers.items] == [("text", "pt")]
