"""Plain text, with and without its header."""

from datetime import UTC, datetime

import pytest

from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
ARRIVAL = Arrival(feed="desk", format="text", received_at=NOON)


def story_of(text: str) -> Story:
    story = parse(text.encode(), ARRIVAL)
    assert isinstance(story, Story), story
    return story


def test_a_text_without_header_is_all_body() -> None:
    story = story_of("Kast viajó a Quito.\r\n\r\nSegundo párrafo.\n")

    assert story.body == "Kast viajó a Quito.\n\nSegundo párrafo."
    assert (story.headline, story.published_at, story.language) == (None, None, None)
    assert story.id.startswith("story:")


def test_the_same_words_have_the_same_id_and_other_words_another() -> None:
    assert story_of("one\r\ntwo").id == story_of("\ufeffone\ntwo\n\n").id
    assert story_of("one").id != story_of("two").id


def test_a_header_says_what_the_text_cannot() -> None:
    story = story_of(
        "Uri: urn:desk:1\nPUBLISHED: 2025-12-21T20:00:00+01:00\nlanguage: es-CL\n"
        "Source: La Tercera\nHeadline: Kast viaja\nDateline: Santiago\nVersion: 3\n"
        "Signal: correction\nEmbargo: 2025-12-22T06:00:00Z\nSlugline: chile-ecuador\n\n"
        "Texto.\n\nMás: texto."
    )

    assert story.id == "urn:desk:1"
    assert story.published_at == datetime(2025, 12, 21, 19, tzinfo=UTC)
    assert story.embargoed_until == datetime(2025, 12, 22, 6, tzinfo=UTC)
    assert (story.language, story.source, story.headline) == ("es", "La Tercera", "Kast viaja")
    assert (story.dateline, story.version, story.signal) == ("Santiago", "3", "correction")
    assert (story.slugline, story.body) == ("chile-ecuador", "Texto.\n\nMás: texto.")


def test_a_first_line_with_a_colon_is_no_header() -> None:
    story = story_of("Live: the summit in Lima\nUri: no\n\nBody")

    assert story.body.startswith("Live: the summit")
    assert story.id.startswith("story:")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Uri: a\nTitle: b\n\nc", "line 2", id="a key that is not in the list"),
        pytest.param("Uri: a\nc goes on", "line 2", id="no blank line before the body"),
        pytest.param("Uri: a\nURI: b\n\nc", "second time", id="a key twice"),
        pytest.param("Published: last Tuesday\n\nc", "ISO 8601", id="no time"),
        pytest.param("Signal: oops\n\nc", "correction", id="no signal"),
    ],
)
def test_a_header_with_a_fault_is_refused_rather_than_guessed(text: str, words: str) -> None:
    refusal = parse(text.encode(), ARRIVAL)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "bad_value"
    assert words in refusal.detail


def test_a_kill_needs_no_body_and_other_texts_do() -> None:
    kill = story_of("Uri: a\nSignal: kill\n\n")

    assert (kill.signal, kill.body) == ("kill", "")
    assert parse(b"Uri: a\nSource: AP\n\n", ARRIVAL) == Refusal(
        "missing_field", "neither headline nor body: there is nothing to read"
    )


def test_a_text_may_begin_like_markup_when_it_is_said_to_be_text() -> None:
    assert story_of("<p>he said</p>").body == "<p>he said</p>"
