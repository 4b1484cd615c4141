"""What people type finds what it should, whatever the accents and capitals."""

import pytest

from streams.core.searching import finds, plain, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("José Antonio  KAST", "jose antonio kast"),
        ("Ursula von der Leyen-Müller", "ursula von der leyen muller"),
        ("", ""),
        ("N’Djamena!", "n djamena"),
    ],
)
def test_plain_text_has_words_alone(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        pytest.param("kast", True, id="a_word"),
        pytest.param("KAS jos", True, id="begins_of_words_in_any_order"),
        pytest.param("ast", False, id="no_middle_of_a_word"),
        pytest.param("kast boric", False, id="all_words_in_one_name"),
        pytest.param("", True, id="nothing_said_finds_all"),
    ],
)
def test_a_name_is_found_by_the_begins_of_its_words(said: str, is_found: bool) -> None:
    assert finds(said, map(words, ("José Antonio Kast", "Gabriel Boric"))) is is_found
