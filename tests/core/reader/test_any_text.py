"""Any text of any length gives a reading, and in bounded time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.reader import RuleReader
from streams.core.text import MOST_CHARACTERS
from tests.core.reader.test_reports import CASES, story

WORDS = sorted({word for case in CASES for word in case.text.split()})
SECONDS = 10.0
"""For the longest text that is read, on a slow machine; typical stories take milliseconds."""

HOSTILE = {
    "one name": "Emmanuel Macron ",
    "a list without end": "Emmanuel Macron, ",
    "titles": "president of Ecuador ",
    "capitals": "De La Cruz Van Der Berg ",
    "verbs": "will visit Peru and ",
    "split verbs": "wird Peru nach ",
    "dates": "3 to 5 May 2026 ",
    "numbers": "12 12 12 ",
    "quotes": "“« ",
    "commas": ", ",
    "full stops": ". A",
    "line breaks": "a\n",
    "blank": " ",
    "accents": "é́́",
}


@given(st.text(max_size=600))
def test_any_text_gives_a_reading(reader: RuleReader, text: str) -> None:
    assert reader.read(story(text)).knowledge == reader.knowledge_version


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_any_words_of_stories_give_a_reading_with_evidence(reader: RuleReader, text: str) -> None:
    reading = reader.read(story(text))
    assert all(finding.evidence.text in text for finding in reading.findings)
    assert all(text[start:end] for entity in reading.entities for start, end in entity.spans)


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_the_longest_text_is_read_in_bounded_time(reader: RuleReader, unit: str) -> None:
    began = time.process_time()
    reading = reader.read(story(unit * (MOST_CHARACTERS // len(unit) + 10)))
    assert time.process_time() - began < SECONDS
    assert reading.truncated or not unit.strip()
