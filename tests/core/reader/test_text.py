"""What is set aside on a page, and where sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.knowledge import Knowledge
from streams.core.language import language_of
from streams.core.text import MOST_CHARACTERS, read_page, split_sentences

STORY = (
    "Prime Minister Ana Brown will travel to Oslo on Monday, her office said in the capital. "
    "She is to meet business leaders and open a new library in the harbour district.\n\n"
    "The visit is the third this year and will be followed by a seminar on fishing quotas. "
    "Officials on both sides said that the talks had been prepared for several months."
)


def body_of(page_text: str, knowledge: Knowledge) -> list[str]:
    page = read_page(None, page_text, knowledge.lexicons)
    return [s.text for s in page.sentences if s.paragraph >= 0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Skip to content\n\nSubscribe to our newsletter\n\n", "", id="menu"),
        pytest.param("", "\n\nWe use cookies to improve your experience.", id="cookie banner"),
        pytest.param("", "\n\nRead also\n\nKing Olaf flew to Rome for a funeral.", id="teaser"),
        pytest.param(
            "Àwòrán tí AI ṣe àti àwọn ìròyìn mìíràn\n\n", "", id="furniture in another language"
        ),
        pytest.param(
            "", "\n\nAwọn iroyin ti o ni ibatan\n\nKing Olaf flew to Rome.", id="foreign heading"
        ),
    ],
)
def test_page_furniture_and_teasers_are_set_aside(
    before: str, after: str, knowledge: Knowledge
) -> None:
    assert body_of(before + STORY + after, knowledge) == body_of(STORY, knowledge)


def test_subheads_inside_a_story_do_not_cut_it(knowledge: Knowledge) -> None:
    first, second = STORY.split("\n\n")
    assert body_of(f"{first}\n\nA busy year\n\n{second}", knowledge) == body_of(STORY, knowledge)


def test_a_story_without_headline_takes_the_heading_before_it(knowledge: Knowledge) -> None:
    page = read_page(None, f"Brown to visit Oslo on Monday\n\n{STORY}", knowledge.lexicons)
    assert page.headline == "Brown to visit Oslo on Monday"


def test_hard_wrapped_lines_are_one_paragraph(knowledge: Knowledge) -> None:
    wrapped = "\n\n".join(
        "\n".join(paragraph[n : n + 60] for n in range(0, len(paragraph), 60))
        for paragraph in STORY.split("\n\n")
    )
    assert len(body_of(wrapped, knowledge)) == len(body_of(STORY, knowledge))


def test_sentences_are_slices_of_the_body(knowledge: Knowledge) -> None:
    page = read_page("A headline", f"Menu\n\n{STORY}", knowledge.lexicons)
    body = f"Menu\n\n{STORY}"
    assert all(
        body[s.start : s.start + len(s.text)] == s.text for s in page.sentences if s.paragraph >= 0
    )


def test_what_lies_beyond_the_limit_is_not_read_and_said(knowledge: Knowledge) -> None:
    page = read_page(None, "A word. " * (MOST_CHARACTERS // 4), knowledge.lexicons)
    assert page.truncated


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        pytest.param("en", "Mr. Bell met Dr. Ruiz. He left at 10 p.m. on Friday.", 2, id="titles"),
        pytest.param("en", "John F. Kerry spoke. “Yes,” he said.", 2, id="initials"),
        pytest.param("de", "Er kam am 23. Dezember. Am 2. Mai reist er.", 2, id="ordinals"),
        pytest.param("es", "El Sr. Paz viajó. ¿Volverá? Sí.", 3, id="inverted question mark"),
        pytest.param("fr", "« Oui. » Il part.", 2, id="guillemets"),
        pytest.param("en", "He thought … and left.", 1, id="a pause is no end"),
    ],
)
def test_sentences_end_where_they_end(
    language: str, text: str, count: int, knowledge: Knowledge
) -> None:
    abbreviations = frozenset(knowledge.lexicons[language].words["abbreviation"])
    assert len(split_sentences(text, abbreviations, ordinals=language == "de")) == count


@given(st.text(max_size=400))
def test_any_text_has_a_language_and_sentences_that_are_slices(text: str) -> None:
    page = read_page(None, text, {})
    assert language_of(text)
    assert all(s.text in text for s in page.sentences if s.paragraph >= 0)
