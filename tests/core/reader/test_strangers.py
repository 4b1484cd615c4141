"""Leaders no file knows: how stories introduce them, in every language."""

from dataclasses import replace

import pytest

from bench.quality import story_of
from streams.core.knowledge import Knowledge
from streams.core.reader import RuleReader


@pytest.fixture(scope="module")
def nobody(knowledge: Knowledge) -> RuleReader:
    """A reader whose leader file is empty."""
    return RuleReader(replace(knowledge, leaders=()))


def met(reader: RuleReader, language: str, body: str) -> dict[str, str]:
    """Ids of a story's people, with their kinds."""
    label = {"id": "x", "lang": language, "published": "2025-09-01", "body": body}
    entities = reader.read(story_of(label)).entities
    return {e.id: e.kind for e in entities if e.kind in ("leader", "official", "person")}


@pytest.mark.parametrize(
    ("language", "body"),
    [
        pytest.param(
            "en",
            "Thato Examplemang, the president of Botswana, will visit Norway on Tuesday. "
            "Examplemang is to meet fishermen in Oslo.",
            id="en, title and country behind the name",
        ),
        pytest.param(
            "en",
            "Norway will welcome the leaders of Africa. Thato Examplemang of Botswana arrives on "
            "Tuesday, his office said. Examplemang is to meet fishermen in Oslo.",
            id="en, only a country behind the name",
        ),
        pytest.param(
            "es",
            "El botsuano Thato Examplemang viajará el martes a Noruega, informó su oficina. "
            "Examplemang se reunirá en Oslo con pescadores.",
            id="es, only an adjective before the name",
        ),
        pytest.param(
            "fr",
            "Thato Examplemang, le président du Botswana, se rendra mardi en Norvège. M. "
            "Examplemang doit rencontrer des pêcheurs à Oslo.",
            id="fr, title and country behind the name",
        ),
        pytest.param(
            "de",
            "Thato Examplemang, der Präsident von Botswana, wird am Dienstag nach Norwegen reisen. "
            "In Oslo will Examplemang Fischer treffen.",
            id="de, title and country behind the name",
        ),
        pytest.param(
            "pt",
            "Thato Examplemang, presidente do Botsuana, viaja na terça-feira para a Noruega. "
            "Examplemang vai reunir-se com pescadores em Oslo.",
            id="pt, title and country behind the name",
        ),
        pytest.param(
            "it",
            "Thato Examplemang, presidente del Botswana, andrà martedì in Norvegia. A Oslo "
            "Examplemang incontrerà i pescatori.",
            id="it, title and country behind the name",
        ),
    ],
)
def test_a_leader_no_file_knows_is_found(nobody: RuleReader, language: str, body: str) -> None:
    assert met(nobody, language, body).get("provisional:bw:tato-examplemang") == "leader"


def test_a_name_usual_in_a_country_is_taken_for_one_of_it(nobody: RuleReader) -> None:
    body = (
        "Prime Minister Fumio Beispiel landed in Ghana on Monday, the first leg of a journey that "
        "will take him to Kenya on Thursday. Japan wants to build a port there. Beispiel will "
        "return to Tokyo on Saturday, his office said."
    )
    assert met(nobody, "en", body) == {"provisional:jp:fumio-beispiel": "leader"}


def test_a_title_elsewhere_is_whoever_the_story_names(nobody: RuleReader) -> None:
    body = (
        "The Botswanan president will visit Norway on Tuesday, officials said. "
        "Thato Examplemang, president of Botswana, is to meet fishermen in Oslo."
    )
    label = {"id": "x", "lang": "en", "published": "2025-09-01", "body": body}
    travellers = {
        f.claim.leader.id
        for f in nobody.read(story_of(label)).findings
        if f.claim.kind == "trip" and f.claim.destination.country == "NO"
    }
    assert travellers == {"provisional:bw:tato-examplemang"}


def test_whom_the_file_has_in_the_office_is_not_replaced(reader: RuleReader) -> None:
    body = (
        "France will take part in the summit in Oslo on Tuesday. Thato Examplemang of France "
        "spoke to fishermen there. Emmanuel Macron arrives on Wednesday, his office said."
    )
    people = met(reader, "en", body)
    assert people["emmanuel-macron"] == "leader"
    assert "leader" not in {k for i, k in people.items() if i.startswith("provisional:")}


def test_a_pope_without_a_surname_is_of_the_holy_see(nobody: RuleReader) -> None:
    body = "Papst Probatius wird am Dienstag nach Norwegen reisen, teilte ein Sprecher in Oslo mit."
    assert met(nobody, "de", body) == {"provisional:va:probatius": "leader"}
