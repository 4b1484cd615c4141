"""Folding: every character keeps its place, and what it becomes does not hang on its neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.matching import Phrases, fold, lower

TEXTS = st.text(st.sampled_from("aAéÉ’ʼ`´–‐ΣσİßŒñ \t\n\u2009zK") | st.characters(), max_size=12)


@given(TEXTS)
def test_each_character_is_folded_by_itself(text: str) -> None:
    accented = "é" + text
    assert fold(accented) == "".join(fold("é" + character)[1] for character in accented)
    assert lower(accented) == "".join(lower("é" + character)[1] for character in accented)


@pytest.mark.parametrize(
    ("text", "folded", "lowered"),
    [
        ("José Jerí’s", "Jose Jeri's", "josé jerí's"),
        ("ΟΔΟΣ", "ΟΔΟΣ", "οδοσ"),
        ("İzmir é", "Izmir e", "İzmir é"),
        ("Ñu\t–‐", "Nu --", "ñu –-"),
    ],
    ids=["accents and apostrophes", "a sigma at the end", "a letter that becomes two", "blanks"],
)
def test_accents_capitals_and_typography(text: str, folded: str, lowered: str) -> None:
    assert (fold(text), lower(text)) == (folded, lowered)


def test_a_phrase_entered_twice_is_found_once() -> None:
    phrases = Phrases([("de visita", 1), ("de visita", 1), ("de visita", 2)])
    assert [match.value for match in phrases.find("está de visita")] == [1, 2]
