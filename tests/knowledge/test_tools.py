"""The scripts that make data files: how they inflect, and what the audit of leaders tells."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from streams.core.knowledge import Leader, Office

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "knowledge"
HEADER = "officeholder,officeholderLabel,positionLabel,end_year\n"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("language", "lemma", "forms"),
    [
        ("en", "Chilean", "Chilean Chileans"),
        ("en", "Chinese", "Chinese"),
        ("es", "chileno", "chileno chilena chilenos chilenas"),
        ("es", "francés", "francés francesa franceses francesas"),
        ("es", "alemán", "alemán alemana alemanes alemanas"),
        ("es", "estadounidense", "estadounidense estadounidenses"),
        ("es", "iraní", "iraní iraníes iranís"),
        ("pt", "francês", "francês francesa franceses francesas"),
        ("pt", "espanhol", "espanhol espanhola espanhóis espanholas"),
        ("fr", "chilien", "chilien chilienne chiliens chiliennes"),
        ("fr", "français", "français française françaises"),
        ("fr", "russe", "russe russes"),
        ("it", "cileno", "cileno cilena cileni cilene"),
        ("it", "austriaco", "austriaco austriaca austriaci austriache"),
        ("it", "francese", "francese francesi"),
        (
            "de",
            "chilenisch",
            "chilenisch chilenische chilenischer chilenischen chilenisches chilenischem",
        ),
        ("de", "Chilene", "Chilene Chilenen Chilenin Chileninnen"),
        (
            "de",
            "Italiener",
            "Italiener Italienern Italieners Italienerin Italienerinnen",
        ),
        ("it", "=tedeschi", "tedeschi"),
    ],
)
def test_a_basic_form_gives_all_forms_of_its_language(
    language: str, lemma: str, forms: str
) -> None:
    assert script("demonyms").inflect(language, lemma) == tuple(forms.split())


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param("Q1,Ann Known,president of X,\n", [], id="in office in both"),
        pytest.param("Q9,Ànn Known,president of X,\n", [], id="known by name"),
        pytest.param("Q2,Bob Gone,president of X,2022\n", [], id="left in both"),
        pytest.param("Q2,Bob Gone,president of X,\n", ["in office there"], id="left only here"),
        pytest.param("Q3,Cy New,president of X,\n", ["not in the data"], id="not here"),
        pytest.param("Q2667498,Horik II,monarch of Denmark,\n", [], id="a known mistake"),
    ],
)
def test_the_audit_tells_whom_the_data_lack_and_who_left_only_here(
    tmp_path: Path, row: str, told: list[str]
) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_text(HEADER + row, encoding="utf-8")
    sitting = Office("head_of_state", "CL", "2020", None)
    former = Office("head_of_state", "CL", "2010", "2020")
    leaders = (
        Leader("ann-known", "Ann Known", "CL", (sitting,), wikidata="Q1"),
        Leader("bob-gone", "Bob Gone", "CL", (former,), wikidata="Q2"),
    )
    lines = list(script("audit_leaders").differences(copy, leaders))
    assert len(lines) == len(told)
    assert all(words in line for words, line in zip(told, lines, strict=True))
