"""What sentences tell of journeys and invitations, in every language at once.

Each case is a short story of our own, published on Monday 22 December 2025, with what an editor
reads in it. Traps stand beside the rules they guard.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from schemas.base import EditionId, StoryId
from schemas.reports import SURE_ENOUGH
from schemas.stories import Story
from streams.core.reader import RuleReader

PUBLISHED = datetime(2025, 12, 22, 18, tzinfo=UTC)


def story(text: str, language: str | None = None) -> Story:
    return Story(
        id=StoryId("s"),
        edition=EditionId("e"),
        published_at=PUBLISHED,
        received_at=PUBLISHED,
        source="Example",
        feed="test",
        format="text",
        language=language,
        body=text,
    )


@dataclass(frozen=True)
class Case:
    why: str
    text: str
    trips: tuple[str, ...] = ()
    """`id country start..end status`, background ones in brackets."""
    invitations: tuple[str, ...] = ()
    """`inviter invitee to status date`."""


def read(reader: RuleReader, text: str) -> tuple[list[str], list[str]]:
    """What is sure enough to be told to people."""
    trips, invitations = [], []
    for finding in reader.read(story(text)).findings:
        claim = finding.claim
        if finding.confidence < SURE_ENOUGH:
            continue
        if claim.kind == "trip":
            dates = f"{claim.dates.start or ''}..{claim.dates.end or ''}"
            line = f"{claim.leader.id} {claim.destination.country} {dates} {claim.status}"
            trips.append(line if finding.foreground else f"({line})")
        else:
            invitations.append(
                f"{claim.inviter.id} {claim.invitee.id} {claim.to} {claim.status} {claim.date}"
            )
    return sorted(trips), sorted(invitations)


POLISH = (
    "Prezydent Polski Karol Nawrocki poleci we wtorek do Norwegii na rozmowy o handlu i energii, "
    "poinformowała w poniedziałek jego kancelaria w Warszawie."
)
FUTURE_VISIT = "daniel-noboa PE 2025-12-23..2025-12-23 planned"
PAST_VISIT = "(emmanuel-macron IN 2025-11-24..2025-11-24 completed)"
ASKED = "javier-milei emmanuel-macron AR extended None"
RECEIVED = "giorgia-meloni DE 2025-12-22..2025-12-22 under_way"
MET = (
    "emmanuel-macron CH 2025-12-23..2025-12-23 planned",
    "giorgia-meloni CH 2025-12-23..2025-12-23 planned",
)
POSSIBLE = "gustavo-petro JP .. possible"
CANCELLED = "emmanuel-macron EG .. cancelled"
TWO_STOPS = (
    "gustavo-petro JP .. planned",
    "gustavo-petro KR .. planned",
)

CASES = [
    Case(
        "en: a visit to come",
        "Ecuador's President Daniel Noboa will travel to Peru on Tuesday, his office said.",
        (FUTURE_VISIT,),
    ),
    Case(
        "es: a visit to come",
        "El presidente de Ecuador, Daniel Noboa, viajará a Perú el martes, informó su oficina.",
        (FUTURE_VISIT,),
    ),
    Case(
        "fr: a visit to come",
        "Le président équatorien Daniel Noboa se rendra au Pérou mardi, a annoncé son bureau.",
        (FUTURE_VISIT,),
    ),
    Case(
        "de: a visit to come",
        "Ecuadors Präsident Daniel Noboa wird am Dienstag nach Peru reisen, teilte sein Büro mit.",
        (FUTURE_VISIT,),
    ),
    Case(
        "en: a visit of last month is background",
        "President Emmanuel Macron visited India on 24 November, his office recalled on Monday.",
        (PAST_VISIT,),
    ),
    Case(
        "es: a visit of last month is background",
        "El presidente Emmanuel Macron visitó la India el 24 de noviembre, recordó su oficina.",
        (PAST_VISIT,),
    ),
    Case(
        "fr: a visit of last month is background",
        "Le président Emmanuel Macron s'est rendu en Inde le 24 novembre, a rappelé l'Élysée.",
        (PAST_VISIT,),
    ),
    Case(
        "de: a visit of last month is background",
        "Präsident Emmanuel Macron hatte am 24. November Indien besucht, erinnerte sein Büro.",
        (PAST_VISIT,),
    ),
    Case(
        "en: asked to come is no journey",
        "President Javier Milei has invited French President Emmanuel Macron to visit Argentina.",
        (),
        (ASKED,),
    ),
    Case(
        "es: asked to come is no journey",
        "El presidente Javier Milei invitó al presidente francés Emmanuel Macron a visitar "
        "Argentina, según su vocero.",
        (),
        (ASKED,),
    ),
    Case(
        "fr: asked to come is no journey",
        "Le président Javier Milei a invité le président français Emmanuel Macron à se rendre en "
        "Argentine, selon son porte-parole.",
        (),
        (ASKED,),
    ),
    Case(
        "de: asked to come is no journey",
        "Präsident Javier Milei hat den französischen Präsidenten Emmanuel Macron nach "
        "Argentinien eingeladen, wie sein Sprecher sagte.",
        (),
        (ASKED,),
    ),
    Case(
        "en: who is received has travelled",
        "Chancellor Friedrich Merz received Italian Prime Minister Giorgia Meloni in Berlin on "
        "Monday.",
        (RECEIVED,),
    ),
    Case(
        "es: who is received has travelled",
        "El canciller Friedrich Merz recibió este lunes en Berlín a la primera ministra italiana "
        "Giorgia Meloni.",
        (RECEIVED,),
    ),
    Case(
        "fr: who is received has travelled",
        "Le chancelier Friedrich Merz a reçu lundi à Berlin la première ministre italienne "
        "Giorgia Meloni.",
        (RECEIVED,),
    ),
    Case(
        "de: who is received has travelled",
        "Bundeskanzler Friedrich Merz empfing am Montag in Berlin die italienische "
        "Ministerpräsidentin Giorgia Meloni.",
        (RECEIVED,),
    ),
    Case(
        "en: talks in a third country are a trip of each",
        "President Emmanuel Macron and Prime Minister Giorgia Meloni will meet in Geneva on "
        "Tuesday.",
        MET,
    ),
    Case(
        "es: talks in a third country are a trip of each",
        "El presidente Emmanuel Macron y la primera ministra Giorgia Meloni se reunirán el martes "
        "en Ginebra.",
        MET,
    ),
    Case(
        "fr: talks in a third country are a trip of each",
        "Le président Emmanuel Macron et la première ministre Giorgia Meloni se rencontreront "
        "mardi à Genève.",
        MET,
    ),
    Case(
        "de: talks in a third country are a trip of each",
        "Präsident Emmanuel Macron und Ministerpräsidentin Giorgia Meloni werden sich am Dienstag "
        "in Genf treffen.",
        MET,
    ),
    Case(
        "en: only possible",
        "Colombian President Gustavo Petro may visit Japan, a spokesman said.",
        (POSSIBLE,),
    ),
    Case(
        "es: only possible",
        "El presidente colombiano Gustavo Petro podría visitar Japón, dijo un vocero.",
        (POSSIBLE,),
    ),
    Case(
        "fr: only possible",
        "Le président colombien Gustavo Petro pourrait se rendre au Japon, a dit un porte-parole.",
        (POSSIBLE,),
    ),
    Case(
        "de: only possible",
        "Der kolumbianische Präsident Gustavo Petro könnte Japan besuchen, sagte ein Sprecher.",
        (POSSIBLE,),
    ),
    Case(
        "en: called off",
        "President Emmanuel Macron has cancelled his trip to Egypt, the palace said.",
        (CANCELLED,),
    ),
    Case(
        "es: called off",
        "El presidente Emmanuel Macron canceló su viaje a Egipto, informó el palacio.",
        (CANCELLED,),
    ),
    Case(
        "fr: called off",
        "Le président Emmanuel Macron a annulé son voyage en Égypte, a indiqué le palais.",
        (CANCELLED,),
    ),
    Case(
        "de: called off",
        "Präsident Emmanuel Macron hat seine Reise nach Ägypten abgesagt, teilte der Palast mit.",
        (CANCELLED,),
    ),
    Case(
        "en: two countries of one tour",
        "President Gustavo Petro of Colombia plans to travel to Japan and South Korea, his "
        "office said.",
        TWO_STOPS,
    ),
    Case(
        "es: two countries of one tour",
        "El presidente de Colombia, Gustavo Petro, tiene previsto viajar a Japón y Corea del Sur, "
        "informó su oficina.",
        TWO_STOPS,
    ),
    Case(
        "fr: two countries of one tour",
        "Le président colombien Gustavo Petro prévoit de se rendre au Japon et en Corée du Sud, "
        "selon son bureau.",
        TWO_STOPS,
    ),
    Case(
        "de: two countries of one tour",
        "Der kolumbianische Präsident Gustavo Petro plant nach Japan und Südkorea zu reisen, "
        "teilte sein Büro mit.",
        TWO_STOPS,
    ),
    Case(
        "en: at home is no trip",
        "President Emmanuel Macron visited Marseille on Monday and opened a school.",
    ),
    Case(
        "es: at home is no trip",
        "El presidente Javier Milei viajó este lunes a Córdoba, en Argentina, para una feria.",
    ),
    Case(
        "fr: at home is no trip",
        "Le président Emmanuel Macron s'est rendu lundi à Marseille, en France, pour une école.",
    ),
    Case(
        "de: at home is no trip",
        "Bundeskanzler Friedrich Merz besuchte am Montag ein Werk in Dresden in Deutschland.",
    ),
    Case(
        "en: travellers of no office are none",
        "The national team travelled to Peru on Monday, and fans from Chile visited Lima as well.",
    ),
    Case(
        "es: travellers of no office are none",
        "La selección viajó a Perú este lunes y unos hinchas de Chile visitaron Lima también.",
    ),
    Case(
        "en: migrants' return is nobody's trip",
        "President Daniel Noboa spoke of the return of irregular migrants to Venezuela and Peru.",
    ),
    Case(
        "en: an invitation among people of one country is none",
        "President Daniel Noboa invited Foreign Minister Gabriela Sommerfeld to Guayaquil.",
    ),
    Case(
        "pt: a visit to come",
        "O presidente do Equador, Daniel Noboa, viajará ao Peru na terça-feira, disse o gabinete.",
        (FUTURE_VISIT,),
    ),
    Case(
        "it: a visit to come",
        "Il presidente dell'Ecuador, Daniel Noboa, si recherà in Perù martedì, dice l'ufficio.",
        (FUTURE_VISIT,),
    ),
    Case(
        "pt: a visit of last month is background",
        "O presidente Emmanuel Macron visitou a Índia em 24 de novembro, lembrou o gabinete.",
        (PAST_VISIT,),
    ),
    Case(
        "it: a visit of last month is background",
        "Il presidente Emmanuel Macron ha visitato l'India il 24 novembre, ricorda il suo ufficio.",
        (PAST_VISIT,),
    ),
    Case(
        "pt: asked to come is no journey",
        "O presidente Javier Milei convidou o presidente francês Emmanuel Macron a visitar a "
        "Argentina, segundo o porta-voz.",
        (),
        (ASKED,),
    ),
    Case(
        "it: asked to come is no journey",
        "Il presidente Javier Milei ha invitato il presidente francese Emmanuel Macron a visitare "
        "l'Argentina, ha detto un portavoce.",
        (),
        (ASKED,),
    ),
    Case(
        "pt: who is received has travelled",
        "O chanceler Friedrich Merz recebeu nesta segunda-feira em Berlim a primeira-ministra "
        "italiana, Giorgia Meloni.",
        (RECEIVED,),
    ),
    Case(
        "it: who is received has travelled",
        "Il cancelliere Friedrich Merz ha ricevuto lunedì a Berlino la presidente del Consiglio "
        "Giorgia Meloni.",
        (RECEIVED,),
    ),
    Case(
        "pt: talks in a third country are a trip of each",
        "O presidente Emmanuel Macron e a primeira-ministra Giorgia Meloni vão reunir-se na "
        "terça-feira em Genebra.",
        MET,
    ),
    Case(
        "it: talks in a third country are a trip of each",
        "Il presidente Emmanuel Macron e la premier Giorgia Meloni si incontreranno martedì a "
        "Ginevra.",
        MET,
    ),
    Case(
        "pt: only possible",
        "O presidente colombiano Gustavo Petro poderá visitar o Japão, disse um porta-voz.",
        (POSSIBLE,),
    ),
    Case(
        "it: only possible",
        "Il presidente colombiano Gustavo Petro potrebbe visitare il Giappone, dice un portavoce.",
        (POSSIBLE,),
    ),
    Case(
        "pt: called off",
        "O presidente Emmanuel Macron cancelou a viagem ao Egito, informou o palácio.",
        (CANCELLED,),
    ),
    Case(
        "it: called off",
        "Il presidente Emmanuel Macron ha annullato il viaggio in Egitto, fa sapere il palazzo.",
        (CANCELLED,),
    ),
    Case(
        "pt: two countries of one tour",
        "O presidente da Colômbia, Gustavo Petro, pretende viajar ao Japão e à Coreia do Sul, "
        "informou o gabinete.",
        TWO_STOPS,
    ),
    Case(
        "it: two countries of one tour",
        "Il presidente della Colombia, Gustavo Petro, ha in programma di recarsi in Giappone e in "
        "Corea del Sud, fa sapere l'ufficio.",
        TWO_STOPS,
    ),
    Case(
        "pt: at home is no trip",
        "O presidente Emmanuel Macron visitou Marselha, em França, na segunda-feira.",
    ),
    Case(
        "it: at home is no trip",
        "La premier Giorgia Meloni ha visitato lunedì Milano, in Italia, e una scuola.",
    ),
]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.why) for case in CASES])
def test_a_story_reports_what_an_editor_reads_in_it(case: Case, reader: RuleReader) -> None:
    assert read(reader, case.text) == (sorted(case.trips), sorted(case.invitations))


def test_a_leader_no_file_knows_is_found_by_title_and_country(reader: RuleReader) -> None:
    text = "Botswana's President Thato Examplemang will visit Norway on Tuesday, officials said."
    assert read(reader, text)[0] == [
        "provisional:bw:tato-examplemang NO 2025-12-23..2025-12-23 planned"
    ]


def test_a_provisional_leader_has_the_same_id_in_every_language(reader: RuleReader) -> None:
    texts = (
        "Botswana's President Thato Examplemang will visit Norway on Tuesday.",
        "El presidente de Botsuana, Thato Examplemang, visitará Noruega el martes.",
        "Le président du Botswana, Thato Examplemang, se rendra mardi en Norvège.",
        "Botswanas Präsident Thato Examplemang wird am Dienstag nach Norwegen reisen.",
    )
    ids = {line.split()[0] for text in texts for line in read(reader, text)[0]}
    assert ids == {"provisional:bw:tato-examplemang"}


def test_he_is_whom_the_sentence_before_was_about(reader: RuleReader) -> None:
    text = (
        "President Emmanuel Macron spoke to mayors in Paris on Monday. "
        "He will fly to Egypt on Tuesday, his office said."
    )
    assert read(reader, text)[0] == ["emmanuel-macron EG 2025-12-23..2025-12-23 planned"]


def test_a_title_with_a_country_is_whoever_held_the_office_on_the_day(reader: RuleReader) -> None:
    text = "The Ecuadorian president will visit Norway on Tuesday, the foreign ministry said."
    assert read(reader, text)[0] == ["daniel-noboa NO 2025-12-23..2025-12-23 planned"]


def test_a_kill_reports_nothing(reader: RuleReader) -> None:
    killed = story("President Emmanuel Macron will travel to Egypt on Tuesday.").model_copy(
        update={"signal": "kill"}
    )
    assert reader.read(killed).findings == ()


def test_a_language_without_lexicon_is_a_reading(reader: RuleReader) -> None:
    reading = reader.read(story(POLISH))
    assert (reading.language, reading.findings) == ("pl", ())


def test_the_evidence_is_a_sentence_of_the_story(reader: RuleReader) -> None:
    for case in CASES:
        for finding in reader.read(story(case.text)).findings:
            assert finding.evidence.text in case.text


def test_reading_twice_gives_the_same(reader: RuleReader) -> None:
    for case in CASES:
        assert reader.read(story(case.text)) == reader.read(story(case.text))


GUESTS = {
    "en": "A summit on rivers opens in Geneva on Tuesday, the Swiss government said. "
    "Emmanuel Macron of France, Giorgia Meloni of Italy and Poland's Donald Tusk are expected.",
    "es": "Una cumbre sobre los ríos comenzará el martes en Ginebra, informó el Gobierno suizo. "
    "Asistirán Emmanuel Macron, de Francia, Giorgia Meloni, de Italia, y el polaco Donald Tusk.",
    "fr": "Un sommet sur les fleuves s'ouvrira mardi à Genève, a annoncé le gouvernement suisse. "
    "Emmanuel Macron, Giorgia Meloni et le Polonais Donald Tusk y assisteront.",
    "de": "Ein Gipfel zu den Flüssen wird am Dienstag in Genf beginnen, teilte die Schweiz mit. "
    "Emmanuel Macron, Giorgia Meloni und der Pole Donald Tusk werden erwartet.",
    "pt": "Uma cimeira sobre os rios começará na terça-feira em Genebra, informou a Suíça. "
    "Participarão Emmanuel Macron, Giorgia Meloni e o polaco Donald Tusk.",
    "it": "Un vertice sui fiumi comincerà martedì a Ginevra, ha annunciato la Svizzera. "
    "Ci saranno Emmanuel Macron, Giorgia Meloni e il polacco Donald Tusk.",
}


@pytest.mark.parametrize("language", GUESTS)
def test_guests_of_a_gathering_go_where_it_is_held(language: str, reader: RuleReader) -> None:
    assert read(reader, GUESTS[language])[0] == [
        "donald-tusk CH 2025-12-23..2025-12-23 planned",
        "emmanuel-macron CH 2025-12-23..2025-12-23 planned",
        "giorgia-meloni CH 2025-12-23..2025-12-23 planned",
    ]


ABSENT = {
    "en": "A summit on rivers opens in Geneva on Tuesday. Emmanuel Macron will not attend.",
    "es": "Una cumbre sobre los ríos comenzará el martes en Ginebra. Emmanuel Macron no asistirá.",
    "fr": "Un sommet sur les fleuves s'ouvrira mardi à Genève. Emmanuel Macron n'y assistera pas.",
    "de": "Ein Gipfel zu den Flüssen wird am Dienstag in Genf beginnen. "
    "Emmanuel Macron wird nicht teilnehmen.",
    "pt": "Uma cimeira sobre os rios começará na terça-feira em Genebra. "
    "Emmanuel Macron não participará.",
    "it": "Un vertice sui fiumi comincerà martedì a Ginevra. Emmanuel Macron non parteciperà.",
}


@pytest.mark.parametrize("language", ABSENT)
def test_who_stays_away_from_a_gathering_does_not_travel(language: str, reader: RuleReader) -> None:
    assert read(reader, ABSENT[language])[0] == []


STAND_IN = {
    "en": "A summit on rivers opens in Geneva on Tuesday. "
    "Italy's Giorgia Meloni will be represented by Foreign Minister Antonio Tajani.",
    "es": "Una cumbre sobre los ríos comenzará el martes en Ginebra. "
    "La italiana Giorgia Meloni estará representada por el canciller Antonio Tajani.",
    "fr": "Un sommet sur les fleuves s'ouvrira mardi à Genève. "
    "L'Italienne Giorgia Meloni sera représentée par le ministre Antonio Tajani.",
    "de": "Ein Gipfel zu den Flüssen wird am Dienstag in Genf beginnen. "
    "Giorgia Meloni wird vertreten durch Außenminister Antonio Tajani.",
}


@pytest.mark.parametrize("language", STAND_IN)
def test_a_stand_in_travels_and_who_is_stood_in_for_does_not(
    language: str, reader: RuleReader
) -> None:
    assert read(reader, STAND_IN[language])[0] == [
        "antonio-tajani CH 2025-12-23..2025-12-23 planned"
    ]


COMPANIONS = {
    "en": "President Emmanuel Macron will travel to Egypt on Tuesday. "
    "He will be accompanied by Foreign Minister Jean-Noël Barrot.",
    "es": "El presidente Emmanuel Macron viajará a Egipto el martes. "
    "Irá acompañado por el ministro de Exteriores Jean-Noël Barrot.",
    "fr": "Le président Emmanuel Macron se rendra en Égypte mardi. "
    "Il sera accompagné de son ministre Jean-Noël Barrot.",
    "de": "Präsident Emmanuel Macron wird am Dienstag nach Ägypten reisen. "
    "Er wird begleitet von Außenminister Jean-Noël Barrot.",
    "pt": "O presidente Emmanuel Macron viajará ao Egito na terça-feira. "
    "Será acompanhado pelo ministro Jean-Noël Barrot.",
    "it": "Il presidente Emmanuel Macron si recherà in Egitto martedì. "
    "Sarà accompagnato dal ministro Jean-Noël Barrot.",
}


@pytest.mark.parametrize("language", COMPANIONS)
def test_a_minister_in_the_delegation_shares_the_journey(language: str, reader: RuleReader) -> None:
    assert read(reader, COMPANIONS[language])[0] == [
        "emmanuel-macron EG 2025-12-23..2025-12-23 planned",
        "jean-noel-barrot EG 2025-12-23..2025-12-23 planned",
    ]


CAPITALS = {
    "en": "President Emmanuel Macron arrived in the Argentine capital on Monday.",
    "es": "El presidente Emmanuel Macron llegó este lunes a la capital argentina.",
    "fr": "Le président Emmanuel Macron est arrivé lundi dans la capitale argentine.",
    "de": "Präsident Emmanuel Macron ist am Montag in der argentinischen Hauptstadt eingetroffen.",
    "pt": "O presidente Emmanuel Macron chegou nesta segunda-feira à capital argentina.",
    "it": "Il presidente Emmanuel Macron è arrivato lunedì nella capitale argentina.",
}


@pytest.mark.parametrize("language", CAPITALS)
def test_a_country_s_capital_is_its_city(language: str, reader: RuleReader) -> None:
    [finding] = reader.read(story(CAPITALS[language])).findings
    assert finding.claim.kind == "trip"
    assert finding.claim.destination.model_dump() == {"country": "AR", "city": "Buenos Aires"}


def test_who_arrives_where_the_story_is_has_travelled_there(reader: RuleReader) -> None:
    text = (
        "CAIRO - President Emmanuel Macron will travel to Egypt on Tuesday for talks on Gaza, the "
        "presidency in Cairo said. President Abdel Fattah el-Sisi will receive him at the "
        "Ittihadiya palace.\n\n"
        "Italian Prime Minister Giorgia Meloni arrived on Monday with her foreign minister and was "
        "met at the airport."
    )
    assert [trip.split()[:2] for trip in read(reader, text)[0]] == [
        ["emmanuel-macron", "EG"],
        ["giorgia-meloni", "EG"],
    ]


INVITED_BY_CLAUSE = {
    "en": "President Emmanuel Macron will travel to Egypt on Tuesday at the invitation of "
    "President Abdel Fattah el-Sisi.",
    "es": "El presidente Emmanuel Macron viajará a Egipto el martes por invitación del presidente "
    "Abdel Fattah el-Sisi.",
    "fr": "Le président Emmanuel Macron se rendra en Égypte mardi à l'invitation du président "
    "Abdel Fattah el-Sisi.",
    "de": "Präsident Emmanuel Macron wird am Dienstag auf Einladung von Präsident "
    "Abdel Fattah el-Sisi nach Ägypten reisen.",
    "pt": "O presidente Emmanuel Macron viajará ao Egito na terça-feira a convite do presidente "
    "Abdel Fattah el-Sisi.",
    "it": "Il presidente Emmanuel Macron si recherà in Egitto martedì su invito del presidente "
    "Abdel Fattah el-Sisi.",
}


@pytest.mark.parametrize("language", INVITED_BY_CLAUSE)
def test_at_somebodys_invitation_is_an_invitation_and_a_journey(
    language: str, reader: RuleReader
) -> None:
    trips, invitations = read(reader, INVITED_BY_CLAUSE[language])
    assert trips == ["emmanuel-macron EG 2025-12-23..2025-12-23 planned"]
    assert [line.rsplit(" ", 1)[0] for line in invitations] == [
        "abdel-fattah-el-sisi emmanuel-macron EG accepted"
    ]


def test_who_invited_him_is_the_host(reader: RuleReader) -> None:
    text = (
        "President Emmanuel Macron will travel to Egypt on Tuesday. "
        "There he is to see President Abdel Fattah el-Sisi, who invited him."
    )
    assert [line.rsplit(" ", 2)[0] for line in read(reader, text)[1]] == [
        "abdel-fattah-el-sisi emmanuel-macron EG"
    ]


UNKNOWN_GUESTS = {
    "en": "A summit on rivers opens in Geneva on Tuesday. Emmanuel Macron of France, Giorgia "
    "Meloni and Thato Examplemang of Botswana are expected.",
    "es": "Una cumbre sobre los ríos comenzará el martes en Ginebra. Asistirán Emmanuel Macron, "
    "Giorgia Meloni y Thato Examplemang, de Botsuana.",
    "fr": "Un sommet sur les fleuves s'ouvrira mardi à Genève. Emmanuel Macron, Giorgia Meloni et "
    "le Botswanais Thato Examplemang y assisteront.",
}


@pytest.mark.parametrize("language", UNKNOWN_GUESTS)
def test_a_guest_no_file_knows_is_found_beside_a_country(language: str, reader: RuleReader) -> None:
    assert read(reader, UNKNOWN_GUESTS[language])[0][-1] == (
        "provisional:bw:tato-examplemang CH 2025-12-23..2025-12-23 planned"
    )


def test_an_institution_in_a_list_of_leaders_is_no_person(reader: RuleReader) -> None:
    text = "Emmanuel Macron and Giorgia Meloni spoke to the National Assembly of Ecuador on Monday."
    people = [e for e in reader.read(story(text)).entities if e.kind in ("leader", "official")]
    assert [e.name for e in people] == ["Emmanuel Macron", "Giorgia Meloni"]
