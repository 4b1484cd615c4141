"""One clause makes a topic; the words that decided it are told; what a mark weighs is data."""

import math
from collections.abc import Mapping

import pytest
from packaged import packaged_knowledge

from streams.core.knowledge import Knowledge, TopicEntry, TopicWeights, WordGroup
from streams.core.text import Sentence
from streams.core.topics import UNIT, Topics

RAIDS = WordGroup("raids", "strong", {"en": ("air raid*", "rocket*")})
ARMY = WordGroup("army", "weak", {"en": ("soldiers", "army", "military", "rocke*")})
PLACES = WordGroup("places", "hint", {"en": ("frontville",)})
CEREMONY = ("wreath", "anthem", "parade", "salute", "banquet", "toast")
HONOURS = WordGroup("honours", "hint", {"en": ("military honours", *CEREMONY)})
WAR = TopicEntry("war", "War", (), (RAIDS, ARMY, PLACES))


def topics(weights: Mapping[str, int] | None = None, *, base: int = -200) -> Topics:
    learned = {} if weights is None else {"war": TopicWeights(base, weights, 0.5)}
    known = Knowledge("v", (), (), (), (), (), (), (WAR,), (HONOURS,), {}, {}, learned)
    return Topics(known, "en")


def story(*texts: str, headline: bool = False) -> list[Sentence]:
    return [Sentence(text, 0, -1 if headline and n == 0 else 0, n) for n, text in enumerate(texts)]


def chance(odds: int) -> float:
    return 1 / (1 + math.exp(-odds / UNIT))


@pytest.mark.parametrize(
    ("text", "score"),
    [
        pytest.param("A rocket fell.", 0.6, id="a strong word is nearly enough"),
        pytest.param("Soldiers stood by.", None, id="a weak word alone is not"),
        pytest.param("Soldiers of the army stood by.", 0.44, id="two weak words are"),
        pytest.param("Soldiers met soldiers.", None, id="one word said twice is one"),
        pytest.param("He flew to Frontville.", None, id="a hint alone is nothing"),
    ],
)
def test_a_topic_that_nobody_labelled_has_the_sum_of_its_words(
    text: str, score: float | None
) -> None:
    found = topics().of(story("It rained.", text))
    assert [topic.score for topic in found] == ([] if score is None else [score])


def test_one_word_said_in_two_sentences_is_one_in_the_sum() -> None:
    assert topics().of(story("Soldiers stood by.", "There were soldiers.")) == ()


def test_of_two_groups_that_take_in_the_same_word_the_one_that_says_more_of_it_has_it() -> None:
    assert topics().marks("war", story("", "", "", "Rocketry.")) == [
        frozenset(("war.raids", "strong"))
    ]


def test_one_sentence_is_enough_whatever_the_others_say() -> None:
    reader = topics({"strong": 300})
    short = reader.of(story("A rocket fell."))
    long = reader.of(story("A rocket fell.", *["It rained."] * 30))
    assert [topic.score for topic in short] == [round(chance(100), 2)]
    assert long == short


def test_sentences_that_are_not_sure_enough_alone_are_together() -> None:
    reader = topics({"weak": 150})
    assert reader.of(story("Soldiers stood by.")) == ()
    [topic] = reader.of(story("Soldiers stood by.", "So did the army."))
    assert topic.score == round(1 - (1 - chance(-50)) ** 2, 2)


def test_a_longer_phrase_keeps_the_words_in_it_from_counting() -> None:
    reader = topics({"weak": 400})
    assert reader.of(story("He was received with military honours.")) == ()
    assert reader.of(story("He was received by the military."))


def test_words_beside_the_topics_are_no_topic() -> None:
    assert topics().of(story(" ".join(CEREMONY))) == ()


def test_a_word_elsewhere_in_the_sentence_takes_away() -> None:
    reader = topics({"weak": 300, "beside.honours": -300})
    assert reader.of(story("Soldiers stood by."))
    assert reader.of(story("Soldiers stood by, and there were military honours.")) == ()


def test_the_words_told_are_those_that_decided_the_strong_ones_first() -> None:
    reader = topics({"strong": 500, "weak": 10})
    [topic] = reader.of(story("The army came.", "Soldiers saw the rocket of the army."))
    assert topic.words == ("rocket", "soldiers", "army")


def test_a_group_without_a_weight_lives_by_its_strength() -> None:
    reader = topics({"strong": 300, "war.army": 500})
    assert [topic.words for topic in reader.of(story("There were air raids."))] == [("air raids",)]


@pytest.mark.parametrize(
    ("sentences", "marks"),
    [
        pytest.param(
            story("The rocket", "It rained.", headline=True),
            {"war.raids", "strong", "headline"},
            id="in the headline",
        ),
        pytest.param(
            story("Soldiers fell.", headline=False),
            {"war.army", "weak", "opening"},
            id="at the beginning",
        ),
        pytest.param(
            story("It rained.", "", "", "Army soldiers and the military left Frontville."),
            {
                "war.army",
                "war.places",
                "weak",
                "hint",
                "plain:2",
                "plain:3",
                "words:2",
                "words:3",
            },
            id="further down, three words and a hint",
        ),
        pytest.param(
            story("", "", "", "After air raids a rocket fell, with military honours."),
            {"war.raids", "beside.honours", "strong", "strong:2", "plain:2", "words:2"},
            id="two strong words, and one that is about something else",
        ),
    ],
)
def test_a_sentence_is_marked_by_its_words_and_its_place(
    sentences: list[Sentence], marks: set[str]
) -> None:
    assert topics().marks("war", sentences) == [frozenset(marks)]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return packaged_knowledge()


CLAUSES = {
    "security": {
        "en": "They agreed to fight drug trafficking and organised crime together.",
        "es": "Acordaron combatir juntos el narcotráfico y el crimen organizado.",
        "fr": "Ils sont convenus de lutter ensemble contre le narcotrafic et le crime organisé.",
        "de": "Sie wollen gemeinsam gegen Drogenhandel und organisierte Kriminalität vorgehen.",
        "pt": "Combinaram combater juntos o narcotráfico e o crime organizado.",
        "it": "Hanno deciso di combattere insieme il narcotraffico e il crimine organizzato.",
    },
    "migration": {
        "en": "The two will take back migrants whose asylum claims were refused.",
        "es": "Los dos países readmitirán a los migrantes a quienes se negó el asilo.",
        "fr": "Les deux pays reprendront les migrants à qui l'asile a été refusé.",
        "de": "Beide Länder nehmen Migranten zurück, deren Asylantrag abgelehnt wurde.",
        "pt": "Os dois países vão receber de volta os migrantes a quem foi negado asilo.",
        "it": "I due Paesi riprenderanno i migranti ai quali è stato negato l'asilo.",
    },
    "humanitarian_corridor": {
        "en": "He asked for a humanitarian corridor through which civilians could leave.",
        "es": "Pidió un corredor humanitario por el que pudieran salir los civiles.",
        "fr": "Il a réclamé un couloir humanitaire par lequel les civils pourraient partir.",
        "de": "Er verlangte einen humanitären Korridor, durch den Zivilisten gehen können.",
        "pt": "Pediu um corredor humanitário por onde os civis pudessem sair.",
        "it": "Ha chiesto un corridoio umanitario dal quale i civili possano uscire.",
    },
    "trade": {
        "en": "Both want a free trade agreement that does away with tariffs on beef exports.",
        "es": "Ambos quieren un acuerdo de libre comercio sin aranceles a la exportación de carne.",
        "fr": "Ils veulent un accord de libre-échange sans droits de douane sur les exportations.",
        "de": "Beide wollen ein Freihandelsabkommen, das die Zölle auf Exporte abschafft.",
        "pt": "Ambos querem um acordo de livre comércio sem tarifas às exportações de carne.",
        "it": "Entrambi vogliono un accordo di libero scambio senza dazi sulle esportazioni.",
    },
}
GREETINGS = {
    "en": "He was received with military honours and a twenty-one gun salute.",
    "es": "Fue recibido con honores militares y una guardia de honor.",
    "fr": "Il a été accueilli avec les honneurs militaires par une garde d'honneur.",
    "de": "Er wurde mit militärischen Ehren von einer Ehrengarde empfangen.",
    "pt": "Foi recebido com honras militares por uma guarda de honra.",
    "it": "È stato accolto con gli onori militari da un picchetto d'onore.",
}
CASES = [
    pytest.param(topic, language, text, id=f"{topic} in {language}")
    for topic, told in CLAUSES.items()
    for language, text in told.items()
]


@pytest.mark.parametrize(("topic", "language", "text"), CASES)
def test_a_clause_on_it_is_found_in_each_language_far_down_a_story(
    topic: str, language: str, text: str, knowledge: Knowledge
) -> None:
    sentences = [*story(*["."] * 8), Sentence(text, 0, 3, 8)]
    found = Topics(knowledge, language).of(sentences)
    assert topic in {each.id for each in found}
    assert all(each.words for each in found)


@pytest.mark.parametrize("language", GREETINGS)
def test_soldiers_who_greet_a_guest_say_nothing_of_security(
    language: str, knowledge: Knowledge
) -> None:
    assert Topics(knowledge, language).marks("security", story(GREETINGS[language])) == []
