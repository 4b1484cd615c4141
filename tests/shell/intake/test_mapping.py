"""What becomes of a message of somebody else's topic."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.wire import Arrival, Refusal, parse
from streams.shell.intake.mapping import Mapped, mapped
from streams.shell.intake.sources import Source

LOGGED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENT = datetime(2026, 3, 1, 11, 30, tzinfo=UTC)
STORY = '{"uri": "u", "headline": "Ministro viaja a Lima"}'
HEADERS = {"format": "x-type", "received_at": "x-at", "source": "x-from", "language": "x-lang"}


def source(**fields: object) -> Source:
    return Source(name="bus", way="topic", topic="news", **fields)  # type: ignore[arg-type]


def test_without_a_mapping_the_value_is_the_item() -> None:
    assert mapped(source(), b"anything", {"x-type": b"ninjs"}, LOGGED) == Mapped(
        b"anything", None, LOGGED
    )


def test_headers_say_what_they_are_mapped_to() -> None:
    said = {
        "x-type": b"application/json",
        "x-at": b"2026-03-01T12:30:00+01:00",
        "x-from": b" Agencia Sur ",
        "x-lang": b"es-AR",
    }

    assert mapped(source(headers=HEADERS), b"{}", said, LOGGED) == Mapped(
        b"{}", "ninjs", SENT, "Agencia Sur", "es"
    )


def test_what_headers_say_badly_counts_as_not_said() -> None:
    said = {"x-type": b"\xff", "x-at": b"yesterday", "x-from": b" ", "x-lang": b"??"}

    assert mapped(source(headers=HEADERS), b"{}", said, LOGGED) == Mapped(b"{}", None, LOGGED)


ENVELOPE = {"item": "news.body", "format": "news.type", "source": "from", "received_at": "at"}


@pytest.mark.parametrize(
    ("encoding", "body", "item"),
    [
        pytest.param("plain", STORY, STORY.encode(), id="a text"),
        pytest.param("plain", {"uri": "u"}, b'{"uri":"u"}', id="JSON within the JSON"),
        pytest.param("base64", b64encode(STORY.encode()).decode(), STORY.encode(), id="base64"),
        pytest.param(
            "base64",
            b64encode(b"\xff" * 90).decode()[:76] + "\n" + "/" * 44,
            b"\xff" * 90,
            id="base64 in lines",
        ),
    ],
)
def test_the_item_may_lie_in_an_envelope(encoding: str, body: object, item: bytes) -> None:
    value = json.dumps(
        {"at": SENT.isoformat(), "from": "Sur", "news": {"type": "text", "body": body}}
    )
    wrapped = source(envelope={**ENVELOPE, "encoding": encoding})

    assert mapped(wrapped, value.encode(), {}, LOGGED) == Mapped(item, "text", SENT, "Sur")


def test_a_header_goes_before_the_envelope() -> None:
    both = source(headers=HEADERS, envelope=ENVELOPE)
    value = json.dumps({"from": "envelope", "news": {"body": "x"}}).encode()

    assert mapped(both, value, {"x-from": b"header"}, LOGGED).outlet == "header"
    assert mapped(both, value, {}, LOGGED).outlet == "envelope"


UNMAPPED = [
    pytest.param("plain", b"no JSON", "no JSON", id="no JSON"),
    pytest.param("plain", b"", "no JSON", id="nothing, as where a key was deleted"),
    pytest.param("plain", b"\xff\xfe", "no JSON", id="no text"),
    pytest.param("plain", b"[]", "no item at news.body", id="no object"),
    pytest.param("plain", b'{"news": 1}', "no item at news.body", id="nothing below"),
    pytest.param("plain", b'{"news": {"body": 7}}', "no item at news.body", id="a number"),
    pytest.param("base64", b'{"news": {"body": {}}}', "no item at news.body", id="no text"),
    pytest.param("base64", b'{"news": {"body": "a story"}}', "no base64", id="no base64"),
    pytest.param("base64", '{"news": {"body": "é"}}'.encode(), "no base64", id="not in ASCII"),
]


@pytest.mark.parametrize(("encoding", "value", "why"), UNMAPPED)
def test_what_cannot_be_mapped_is_refused_further_on_with_all_its_bytes(
    encoding: str, value: bytes, why: str
) -> None:
    wrapped = source(format="text", envelope={**ENVELOPE, "encoding": encoding})

    item = mapped(wrapped, value, {}, LOGGED)
    assert item.data == value
    refusal = parse(item.data, Arrival("bus", LOGGED, item.format or ""))
    assert isinstance(refusal, Refusal)
    assert why in refusal.detail


@given(st.binary(max_size=80), st.dictionaries(st.sampled_from(["x-type", "x-at"]), st.binary()))
def test_any_value_is_an_item_or_is_kept_whole(value: bytes, headers: dict[str, bytes]) -> None:
    wrapped = source(headers=HEADERS, envelope=ENVELOPE)

    item = mapped(wrapped, value, headers, LOGGED)
    assert item.data == value or not (item.format or "").startswith("unmapped")
