"""Where names are usual."""

from streams.core.knowledge import GivenNames
from streams.core.origins import Origins

LISTS = (
    GivenNames(("GE",), ("Zurab", "*shvili")),
    GivenNames(("RU", "UA", "BY", "KZ"), ("Vladimir",)),
    GivenNames(("UA",), ("*enko",)),
)


def test_a_name_in_few_countries_says_more_than_one_in_many() -> None:
    assert Origins(LISTS).of(("Zurab", "Prueba")) == {"GE": 3}
    assert Origins(LISTS).of(("Vladimir", "Prueba"))["RU"] == 2


def test_spellings_of_a_name_are_one() -> None:
    assert Origins(LISTS).of(("Wladimir", "Prueba")) == Origins(LISTS).of(("Vladimir", "Prueba"))


def test_an_ending_counts_only_at_the_end_of_the_family_name() -> None:
    assert Origins(LISTS).of(("Ana", "Probashvili")) == {"GE": 3}
    assert Origins(LISTS).of(("Probashvili", "Ana")) == {}
    assert Origins(LISTS).of(("Ana", "Enko")) == {}


def test_what_the_words_say_adds_up() -> None:
    assert Origins(LISTS).of(("Vladimir", "Probenko"))["UA"] == 5
