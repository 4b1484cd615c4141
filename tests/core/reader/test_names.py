"""Which capitalised words are one name, and where it stands."""

import pytest

from streams.core.knowledge import Knowledge
from streams.core.names import Names


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        pytest.param("en", "He met Thato Examplemang on Monday.", ["Thato Examplemang"], id="two"),
        pytest.param(
            "en", "Dr. Kay Rala “Xan” Exempla spoke.", ["Kay Rala “Xan” Exempla"], id="a nickname"
        ),
        pytest.param(
            "es", "Viajó Ana María de la Prueba.", ["Ana María de la Prueba"], id="small words"
        ),
        pytest.param(
            "fr", "Le départ d'Amélie Exemple.", ["Amélie Exemple"], id="an elided word before it"
        ),
        pytest.param(
            "de", "Nach Frieda Beispiel kam niemand mehr.", ["Frieda Beispiel"], id="first"
        ),
        pytest.param(
            "de",
            "Frieda Beispiels Reise endet. Dann ruht Frieda Beispiel.",
            ["Frieda Beispiel"],
            id="a genitive is the same name",
        ),
        pytest.param("en", "Leaders MEET IN ROME today.", [], id="what is shouted is no name"),
    ],
)
def test_names_are_two_capitalised_words_and_more(
    knowledge: Knowledge, language: str, text: str, wanted: list[str]
) -> None:
    assert [name.text for name in Names(knowledge, language).find([text], [[]])] == wanted


def test_a_word_of_a_name_alone_is_the_same_person(knowledge: Knowledge) -> None:
    texts = ["Thato Examplemang flew to Oslo.", "There Examplemang spoke, and Other did not."]
    (name,) = Names(knowledge, "en").find(texts, [[], []])
    assert [(m.line, m.start, m.full) for m in name.mentions] == [(0, 0, True), (1, 6, False)]


def test_what_is_taken_is_in_no_name(knowledge: Knowledge) -> None:
    text = "President Thato Examplemang"
    (name,) = Names(knowledge, "en").find([text], [[(0, 9)]])
    assert name.text == "Thato Examplemang"


@pytest.mark.parametrize(
    ("language", "text", "word", "wanted"),
    [
        pytest.param("pt", "o primeiro-ministro Luís Montenegro", "Montenegro", True, id="behind"),
        pytest.param("pt", "foi recebido no Montenegro", "Montenegro", False, id="a preposition"),
        pytest.param("es", "el presidente Santiago Prueba", "Santiago", True, id="before"),
        pytest.param("es", "llegó a Santiago Prueba", "Santiago", False, id="goes there"),
    ],
)
def test_a_place_beside_a_capitalised_word_may_be_a_name(
    knowledge: Knowledge, language: str, text: str, word: str, wanted: bool
) -> None:
    start = text.index(word)
    found = Names(knowledge, language).is_in_name(text, start, start + len(word), demonym=False)
    assert found is wanted
