"""Days as copy tells them, resolved on Monday 22 December 2025."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaged import packaged_knowledge

from streams.core.dates import DateGrammar, Tense
from streams.core.knowledge import Knowledge

PUBLISHED = date(2025, 12, 22)

CASES = [
    ("en", "on Tuesday", "future", "2025-12-23", "2025-12-23"),
    ("en", "on Tuesday", "past", "2025-12-16", "2025-12-16"),
    ("en", "on Monday", "past", "2025-12-22", "2025-12-22"),
    ("en", "last Monday", "past", "2025-12-15", "2025-12-15"),
    ("en", "on 3 May", "past", "2025-05-03", "2025-05-03"),
    ("en", "on May 3", "future", "2026-05-03", "2026-05-03"),
    ("en", "on Tuesday, Sept. 15, 2026", "future", "2026-09-15", "2026-09-15"),
    ("en", "from 28 to 30 December", "future", "2025-12-28", "2025-12-30"),
    ("en", "on Dec. 28 and 29", "future", "2025-12-28", "2025-12-29"),
    ("en", "from 30 December to 2 January", "future", "2025-12-30", "2026-01-02"),
    ("en", "June 28 to July 2", "future", "2026-06-28", "2026-07-02"),
    ("en", "in January", "future", "2026-01", "2026-01"),
    ("en", "in January", "past", "2025-01", "2025-01"),
    ("en", "in September last year", "none", "2024-09", "2024-09"),
    ("en", "next week", "future", "2025-12-29", "2026-01-04"),
    ("en", "next month", "future", "2026-01", "2026-01"),
    ("en", "before March 11", "past", None, "2026-03-11"),
    ("en", "tomorrow", "none", "2025-12-23", "2025-12-23"),
    ("de", "am Dienstag", "future", "2025-12-23", "2025-12-23"),
    ("de", "am Dienstagabend", "past", "2025-12-16", "2025-12-16"),
    ("de", "am frühen Morgen des 23. Dezember 2025", "past", "2025-12-23", "2025-12-23"),
    ("de", "vom 5. bis 7. Oktober", "future", "2026-10-05", "2026-10-07"),
    ("de", "vor dem 11. März", "none", None, "2026-03-11"),
    ("de", "nächste Woche", "future", "2025-12-29", "2026-01-04"),
    ("fr", "lundi prochain", "future", "2025-12-29", "2025-12-29"),
    ("fr", "mardi dernier", "past", "2025-12-16", "2025-12-16"),
    ("fr", "du 3 au 5 mai", "future", "2026-05-03", "2026-05-05"),
    ("fr", "le 1er janvier", "future", "2026-01-01", "2026-01-01"),
    ("fr", "avant le 11 mars", "none", None, "2026-03-11"),
    ("fr", "en septembre de l'an dernier", "none", "2024-09", "2024-09"),
    ("es", "el martes", "future", "2025-12-23", "2025-12-23"),
    ("es", "el pasado viernes", "past", "2025-12-19", "2025-12-19"),
    ("es", "del 3 al 5 de mayo de 2026", "none", "2026-05-03", "2026-05-05"),
    ("es", "el jueves 8", "future", "2026-01-08", "2026-01-08"),
    ("fr", "jeudi 11", "past", "2025-12-11", "2025-12-11"),
    ("es", "antes del 11 de marzo", "none", None, "2026-03-11"),
    ("es", "en septiembre del año pasado", "none", "2024-09", "2024-09"),
    ("pt", "na terça-feira", "future", "2025-12-23", "2025-12-23"),
    ("pt", "de 3 a 5 de maio", "future", "2026-05-03", "2026-05-05"),
    ("it", "martedì", "past", "2025-12-16", "2025-12-16"),
    ("it", "dal 3 al 5 maggio", "future", "2026-05-03", "2026-05-05"),
]


@pytest.mark.parametrize(
    ("language", "text", "tense", "start", "end"),
    [pytest.param(*case, id=f"{case[0]}: {case[1]} ({case[2]})") for case in CASES],
)
def test_a_day_is_resolved_by_publication_and_tense(
    language: str,
    text: str,
    tense: Tense,
    start: str | None,
    end: str | None,
    knowledge: Knowledge,
) -> None:
    days = DateGrammar(knowledge.lexicons[language]).find(text)
    resolved = [day.resolve(PUBLISHED, tense) for day in days]
    assert [(d.start, d.end) for d in resolved if d] == [(start, end)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "he may march on", id="common words"),
        pytest.param("en", "a 58.2% share and 1,930 votes", id="numbers"),
        pytest.param("fr", "sept ministres", id="seven is no September"),
    ],
)
def test_what_only_looks_like_a_day_is_none(language: str, text: str, knowledge: Knowledge) -> None:
    assert DateGrammar(knowledge.lexicons[language]).find(text) == ()


def test_a_day_no_calendar_has_is_no_day(knowledge: Knowledge) -> None:
    [day] = DateGrammar(knowledge.lexicons["en"]).find("on 31 February 2026")
    assert day.resolve(PUBLISHED, "none") is None


@given(st.text(alphabet="0123456789 .,-–/abcdefghijklmnoprstuvyáéäMTJASOND", max_size=60))
def test_any_text_resolves_or_does_not_but_never_fails(text: str) -> None:
    for grammar in _grammars():
        for day in grammar.find(text):
            day.resolve(PUBLISHED, "none")


def _grammars() -> list[DateGrammar]:
    if not _CACHE:
        _CACHE.extend(DateGrammar(lexicon) for lexicon in packaged_knowledge().lexicons.values())
    return _CACHE


_CACHE: list[DateGrammar] = []
