"""Formats told from their bytes, and files split into items."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.stories import Story
from streams.core.wire import FORMATS, Arrival, Refusal, parse, recognise, split

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
ARRIVAL = Arrival(feed="desk", received_at=NOON)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b'{"uri": "a"}', "ninjs", id="an object"),
        pytest.param(b'\xef\xbb\xbf\n {"uri": "a"}', "ninjs", id="mark and space before it"),
        pytest.param(b'[ {"uri": "a"}]', "ninjs", id="an array of objects"),
        pytest.param(b"\x01bdt0157 3 pl 245\r\n\x02", "iptc7901", id="a start of heading"),
        pytest.param(b"\r\n\x16\x16\x01v0123", "iptc7901", id="fillers before it"),
        pytest.param(b"bdt0157 3 pl 245\n\nKast", "text", id="a message without controls"),
        pytest.param(b"<!-- x --> <!doctype HTML>", "html", id="a page behind a comment"),
        pytest.param(b'<?xml version="1.0"?><html xmlns="x">', "html", id="a page in XHTML"),
        pytest.param(b"[Updated] The president went", "text", id="a bracket in copy"),
        pytest.param("Präsident reist".encode(), "text", id="words"),
        pytest.param(b"< 3 % growth", "text", id="a sign, not a tag"),
    ],
)
def test_a_format_is_told_from_the_first_bytes(data: bytes, expected: str) -> None:
    assert recognise(data) == expected


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        pytest.param(b"", "not_a_story", "empty", id="nothing"),
        pytest.param(b" \n\t ", "not_a_story", "empty", id="white space"),
        pytest.param(b"\xef\xbb\xbf", "not_a_story", "empty", id="a mark only"),
        pytest.param(b"\x01ABC\x02", "missing_field", "nothing to read", id="a heading only"),
        pytest.param(b"\x16\x16\x01a", "missing_field", "STX", id="cut in the heading"),
        pytest.param(b"\x02Kast\x03\x04", "not_a_story", "control", id="a text with no heading"),
        pytest.param(b'<?xml version="1.0"?><x/>', "unknown_format", "XML", id="XML"),
        pytest.param(b"\n<!DOCTYPE html>", "not_a_story", "no page", id="an empty page"),
        pytest.param(b"<p>Kast travels</p>", "unknown_format", "page", id="a part of a page"),
        pytest.param(b"<report>", "unknown_format", "XML", id="XML without declaration"),
        pytest.param(b"%PDF-1.7", "not_a_story", "a PDF", id="PDF"),
        pytest.param(b"\x89PNG\r\n", "not_a_story", "PNG", id="an image"),
        pytest.param(b"abc\x00def", "not_a_story", "control", id="a program's bytes"),
        pytest.param(b"\xef\xbb\xbfok \xff", "not_utf8", "mark says utf-8", id="behind a mark"),
        pytest.param(b'{"uri": "a\xf1o"}', "not_utf8", "0xf1 at offset 10", id="JSON in Latin-1"),
        pytest.param(b'{"uri": "a"', "not_a_story", "no JSON", id="torn JSON"),
        pytest.param(b'{"headline": "x"}', "missing_field", "uri", id="no uri"),
        pytest.param(b"[]", "not_a_story", "0 items", id="an empty array"),
    ],
)
def test_what_is_no_story_is_refused_with_a_reason(data: bytes, reason: str, words: str) -> None:
    refusal = parse(data, ARRIVAL)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert words in refusal.detail


def test_a_format_nobody_knows_is_refused_by_name() -> None:
    refusal = parse(b"x", Arrival(feed="desk", format="morse", received_at=NOON))

    assert refusal == Refusal(
        "unknown_format", f"'morse' is none of {', '.join(('auto', *FORMATS))}"
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b'[{"uri":"a"}, {"uri":"b"}]', (b'{"uri":"a"}', b'{"uri":"b"}'), id="array"),
        pytest.param(
            b'{"uri":"a"}\r\n\n{"uri":"b"}\n', (b'{"uri":"a"}', b'{"uri":"b"}'), id="lines"
        ),
        pytest.param(
            b'{"uri":"a"}\n{"uri":\n{"uri":"b"}',
            (b'{"uri":"a"}', b'{"uri":', b'{"uri":"b"}'),
            id="a torn line is an item of its own",
        ),
        pytest.param(b'{\n "uri": "a"\n}', (b'{\n "uri": "a"\n}',), id="one object, indented"),
        pytest.param(
            b'{"subject": [\n{"name": "x"},\n{"name": "y"}\n]',
            (b'{"subject": [', b'{"name": "x"},', b'{"name": "y"}', b"]"),
            id="a torn document with objects at the start of lines looks like lines",
        ),
        pytest.param(b"[Updated] one\ntwo", (b"[Updated] one\ntwo",), id="text"),
        pytest.param(b"[{]", (b"[{]",), id="no array after all"),
        pytest.param(b"<a/>\n<b/>", (b"<a/>\n<b/>",), id="unknown format"),
        pytest.param(b"", (b"",), id="nothing"),
    ],
)
def test_a_file_is_split_into_its_items(data: bytes, expected: tuple[bytes, ...]) -> None:
    assert split(data) == expected


def test_a_text_is_never_split() -> None:
    assert split(b'{"uri":"a"}\n{"uri":"b"}', "text") == (b'{"uri":"a"}\n{"uri":"b"}',)


def test_how_an_item_came_in_changes_neither_story_nor_edition() -> None:
    item = b'{"uri": "a", "headline": "x", "source": "AFP"}'
    later = Arrival(
        feed="other", format="ninjs", received_at=NOON + timedelta(days=1), source="Le Monde"
    )

    first, second = parse(item, ARRIVAL), parse(item, later)

    assert isinstance(first, Story)
    assert isinstance(second, Story)
    assert (first.id, first.edition) == (second.id, second.edition)
    assert (second.feed, second.received_at) == ("other", later.received_at)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ('"version": "2"', "version"),
        ('"versioncreated": "2026-01-14T10:00:00Z"', "time"),
        ('"body_text": "x"', "body"),
        ('"ednote": "CORRECTS name"', "note"),
        ('"pubstatus": "canceled"', "status"),
    ],
)
def test_whatever_an_item_says_otherwise_makes_another_edition(change: str, what: str) -> None:
    first = parse(b'{"uri": "a", "headline": "x"}', ARRIVAL)
    second = parse(f'{{"uri": "a", "headline": "x", {change}}}'.encode(), ARRIVAL)

    assert isinstance(first, Story)
    assert isinstance(second, Story)
    assert first.id == second.id
    assert first.edition != second.edition, what


@pytest.mark.parametrize(
    ("named", "arrival_source", "expected"),
    [("AFP", "Le Monde", "AFP"), (None, "Le Monde", "Le Monde"), (None, None, "desk")],
)
def test_the_source_is_the_items_else_the_feeds(
    named: str | None, arrival_source: str | None, expected: str
) -> None:
    item = b'{"uri": "a", "headline": "x", "source": "AFP"}' if named else b"words"

    story = parse(item, Arrival(feed="desk", received_at=NOON, source=arrival_source))

    assert isinstance(story, Story)
    assert story.source == expected


def test_the_table_of_formats_names_each_by_its_own_name_and_asks_for_text_last() -> None:
    assert {name: format_.name for name, format_ in FORMATS.items()} == {
        name: name for name in FORMATS
    }
    assert list(FORMATS)[-1] == "text"
