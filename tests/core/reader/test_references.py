"""Whom pronouns, titles without a name and words for a nation mean, in every language."""

from collections.abc import Callable

import pytest
from packaged import packaged_knowledge, packaged_reader

from bench.quality import Names, story_of
from streams.core.reports.stage import Stage


def staged(language: str, body: str, published: str = "2025-09-01") -> Stage:
    label = {"id": "x", "lang": language, "published": published, "body": body}
    stage, _ = packaged_reader().stage(story_of(label))
    assert stage is not None
    return stage


def meant(stage: Stage, word: str) -> list[str]:
    """Names of those whom the last mention of a word means."""
    found: list[str] = []
    for scene in stage.scenes:
        for actor in scene.actors:
            if scene.sentence.text[actor.start : actor.end] == word:
                found = [member.name for member in actor.members]
    return found


@pytest.mark.parametrize(
    ("language", "body", "word", "who"),
    [
        pytest.param(
            "en",
            "Penny Wong met Wang Yi in Sydney on Monday. Wang Yi spoke of trade and fishing. "
            "On Thursday she sets off for Fiji with her officials.",
            "she",
            ["Penny Wong"],
            id="en, a woman is not the man named last",
        ),
        pytest.param(
            "it",
            "Giorgia Meloni ha ricevuto Emmanuel Macron a Roma lunedì mattina. Emmanuel Macron ha "
            "parlato di commercio con i ministri. Giovedì lei partirà per Tunisi.",
            "lei",
            ["Giorgia Meloni"],
            id="it, a woman is not the man named last",
        ),
        pytest.param(
            "fr",
            "Giorgia Meloni a reçu Emmanuel Macron à Rome lundi matin. Emmanuel Macron a parlé de "
            "commerce avec les ministres. Jeudi, elle partira pour Tunis.",
            "elle",
            ["Giorgia Meloni"],
            id="fr, a woman is not the man named last",
        ),
        pytest.param(
            "pt",
            "Giorgia Meloni recebeu Emmanuel Macron em Roma na segunda-feira. Emmanuel Macron "
            "falou de comércio com os ministros. Na quinta-feira ela parte para Túnis.",
            "ela",
            ["Giorgia Meloni"],
            id="pt, a woman is not the man named last",
        ),
        pytest.param(
            "en",
            "Emmanuel Macron spoke of trade. Paris is the last stop of the tour of Javier Milei. "
            "Late on Monday he wanted to fly home.",
            "he",
            ["Javier Milei"],
            id="en, he is who was named beside no subject",
        ),
        pytest.param(
            "de",
            "Emmanuel Macron sprach über Handel. Paris ist die letzte Station der Reise von Javier "
            "Milei. Am Abend wollte er nach Hause fliegen.",
            "er",
            ["Javier Milei"],
            id="de, he is who was named beside no subject",
        ),
        pytest.param(
            "es",
            "Emmanuel Macron habló de comercio. París es la última parada de la gira de Javier "
            "Milei. Por la noche él quería volar a casa.",
            "él",
            ["Javier Milei"],
            id="es, he is who was named beside no subject",
        ),
        pytest.param(
            "fr",
            "Emmanuel Macron a parlé de commerce. Paris est la dernière étape de la tournée de "
            "Javier Milei. Dans la soirée, il voulait rentrer.",
            "il",
            ["Javier Milei"],
            id="fr, he is who was named beside no subject",
        ),
        pytest.param(
            "it",
            "Emmanuel Macron ha parlato di commercio. Parigi è l'ultima tappa del viaggio di "
            "Javier Milei. In serata lui voleva tornare a casa.",
            "lui",
            ["Javier Milei"],
            id="it, he is who was named beside no subject",
        ),
        pytest.param(
            "pt",
            "Emmanuel Macron falou de comércio. Paris é a última etapa da viagem de Javier Milei. "
            "À noite ele queria voltar para casa.",
            "ele",
            ["Javier Milei"],
            id="pt, he is who was named beside no subject",
        ),
        pytest.param(
            "en",
            "Javier Milei stayed at home. Emmanuel Macron flies to Luanda before he heads for "
            "Lisbon.",
            "he",
            ["Emmanuel Macron"],
            id="en, he is whom the same sentence names first",
        ),
        pytest.param(
            "en",
            "Emmanuel Macron received Friedrich Merz in Paris. The chancellor stayed for dinner.",
            "The chancellor",
            ["Friedrich Merz"],
            id="en, a title means who may be called so",
        ),
        pytest.param(
            "de",
            "Emmanuel Macron empfing Friedrich Merz in Paris. Der Kanzler blieb zum Abendessen.",
            "Der Kanzler",
            ["Friedrich Merz"],
            id="de, a title means who may be called so",
        ),
        pytest.param(
            "es",
            "Emmanuel Macron recibió a Pedro Sánchez en París. El presidente francés habló. "
            "Después, el primer ministro Keir Starmer llamó a los dos.",
            "presidente francés",
            ["Emmanuel Macron"],
            id="es, a title with a nation",
        ),
        pytest.param(
            "en",
            "Narendra Modi received William Ruto in Delhi. India's leader spoke of trade.",
            "India's leader",
            ["Narendra Modi"],
            id="en, the leader of a parliamentary country is its head of government",
        ),
        pytest.param(
            "fr",
            "Lula a reçu Javier Milei à Brasilia lundi. L'Argentin a signé un accord.",
            "Argentin",
            ["Javier Milei"],
            id="fr, a nation's word stands for its man",
        ),
        pytest.param(
            "de",
            "Lula empfing Javier Milei in Brasília. Der Argentinier reiste danach nach Peru.",
            "Argentinier",
            ["Javier Milei"],
            id="de, a nation's word stands for its man",
        ),
    ],
)
def test_a_reference_means(language: str, body: str, word: str, who: list[str]) -> None:
    assert meant(staged(language, body), word) == who


@pytest.mark.parametrize(
    ("language", "body", "word"),
    [
        (
            "en",
            "Lula met Milei in Lima. The president of the Senate was absent.",
            "The president",
        ),
        ("es", "Lula recibió a Milei en Lima. La reina Letizia no estuvo allí ayer.", "La reina"),
        ("fr", "Lula a reçu Milei à Lima. L'Argentin Jorge Prat a chanté.", "Argentin"),
        ("en", "Lula met Milei in Lima. The Argentine delegation left at noon.", "Argentine"),
    ],
    ids=["of something else", "a name follows", "only whence somebody is", "only an adjective"],
)
def test_a_title_or_nation_of_somebody_else_means_nobody_named(
    language: str, body: str, word: str
) -> None:
    assert meant(staged(language, body), word) == []


@pytest.mark.parametrize(
    ("language", "body", "name"),
    [
        ("es", "El presidente argelino Abdelmayid Tebune llegó a Túnez.", "Abdelmadjid Tebboune"),
        ("pt", "O presidente argelino Abdelmajid Tebun chegou a Roma.", "Abdelmadjid Tebboune"),
    ],
)
def test_a_spelling_no_file_has_is_who_holds_that_office(
    language: str, body: str, name: str
) -> None:
    assert [m.name for m in staged(language, body).cast.values()] == [name]


def test_a_surname_of_the_same_consonants_in_another_office_is_somebody_else() -> None:
    cast = staged("es", "El ministro argelino Karim Tabuna llegó a Túnez.").cast
    assert [member.known for member in cast.values()] == [False]


def test_ministers_after_one_whom_the_file_knows_are_found() -> None:
    body = (
        "Con Tabaré Vázquez viajan a Madrid los ministros de Economía, Danilo Astori, y de "
        "Transporte, Víctor Rossi."
    )
    names = [member.name for member in staged("es", body, "2017-02-13").cast.values()]
    assert "Víctor Rossi" in names


@pytest.fixture(name="key")
def key_of_a_story() -> Callable[[str], str]:
    gold = {"leaders": ["Lula"], "officials": ["Osman Saleh Mohammed", "Shah Mehmood Qureshi"]}
    return Names(packaged_knowledge()).of({**gold, "trips": [], "invitations": []})


def test_a_labelled_name_is_found_under_part_of_it(key: Callable[[str], str]) -> None:
    assert key("Osman Saleh") == key("Osman Saleh Mohammed")


def test_a_labelled_name_is_not_found_under_another_or_a_surname_alone(
    key: Callable[[str], str],
) -> None:
    assert key("Saleh") != key("Osman Saleh Mohammed")
    assert key("Omar Saleh") != key("Osman Saleh Mohammed")
