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
from streams.core.reports.judge import SURE

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


def told(reader: RuleReader, text: str, language: str) -> set[tuple[str, str]]:
    """Traveller and country, inviter and invitee of what sentences tell, before it is weighed."""
    _, found = reader.stage(story(text, language))
    trips = {(trip.traveller.id, trip.country) for trip in found.trips}
    return trips | {
        (one.inviter.id, one.invitee.id) for one in found.invitations if one.inviter is not None
    }


BY_VIDEO = {
    "en": "A summit on rivers is held by video from Geneva on Tuesday, the Swiss government said. ",
    "es": "Una cumbre sobre los ríos se celebrará el martes por videoconferencia desde Ginebra. ",
    "fr": "Un sommet sur les fleuves se tiendra mardi par visioconférence depuis Genève. ",
    "de": "Ein Gipfel zu den Flüssen wird am Dienstag per Video aus Genf abgehalten. ",
    "pt": "Uma cimeira sobre os rios vai realizar-se na terça-feira por vídeo desde Genebra. ",
    "it": "Un vertice sui fiumi si terrà martedì in videoconferenza da Ginevra. ",
}
ONE_BY_VIDEO = {
    "en": "Russia's President Vladimir Putin will speak to the summit by video link. ",
    "es": "El presidente ruso, Vladímir Putin, hablará ante la cumbre por videoconferencia. ",
    "fr": "Le président russe Vladimir Poutine s'adressera au sommet par visioconférence. ",
    "de": "Russlands Präsident Wladimir Putin wird zum Gipfel per Video sprechen. ",
    "pt": "O presidente russo, Vladimir Putin, falará à cimeira por videoconferência. ",
    "it": "Il presidente russo Vladimir Putin parlerà al vertice in videoconferenza. ",
}


@pytest.mark.parametrize("language", BY_VIDEO)
def test_nobody_travels_to_a_gathering_by_video(language: str, reader: RuleReader) -> None:
    opening, guests = GUESTS[language].split(". ", 1)
    went = {("donald-tusk", "CH"), ("emmanuel-macron", "CH"), ("giorgia-meloni", "CH")}
    assert told(reader, BY_VIDEO[language] + guests, language) == set()
    one = f"{opening}. {ONE_BY_VIDEO[language]}{guests}"
    assert told(reader, one, language) >= went


OTHERS_GO = {
    "en": "Chile's President Gabriel Boric wants a corridor by which migrants return to Venezuela.",
    "es": "El presidente chileno Gabriel Boric quiere un corredor para que los migrantes vuelvan a "
    "Venezuela.",
    "fr": "Le président chilien Gabriel Boric veut un couloir par lequel les migrants rentrent au "
    "Venezuela.",
    "de": "Chiles Präsident Gabriel Boric will einen Korridor, auf dem Migranten nach Venezuela "
    "zurückkehren.",
    "pt": "O presidente chileno Gabriel Boric quer um corredor para que os migrantes voltem à "
    "Venezuela.",
    "it": "Il presidente cileno Gabriel Boric vuole un corridoio per cui i migranti tornino in "
    "Venezuela.",
}


@pytest.mark.parametrize("language", OTHERS_GO)
def test_who_else_moves_between_countries_is_seen(language: str, reader: RuleReader) -> None:
    stage, _ = reader.stage(story(OTHERS_GO[language], language))
    assert stage is not None
    assert "crowd" in {cue.family for row in stage.cues for cue in row}
    assert read(reader, OTHERS_GO[language]) == ([], [])


THE_LAST_TO_GO = {
    "en": "Emmanuel Macron spoke in Paris. The last president to visit Peru was Daniel Noboa.",
    "es": "Emmanuel Macron habló en París. El último presidente que viajó a Perú fue Daniel Noboa.",
    "fr": "Emmanuel Macron a parlé à Paris. Le dernier président à se rendre au Pérou était "
    "Daniel Noboa.",
    "de": "Emmanuel Macron sprach in Paris. Der letzte Präsident, der nach Peru reiste, war "
    "Daniel Noboa.",
    "pt": "Emmanuel Macron falou em Paris. O último presidente a visitar o Peru foi Daniel Noboa.",
    "it": "Emmanuel Macron ha parlato a Parigi. L'ultimo presidente a visitare il Perù è stato "
    "Daniel Noboa.",
}


@pytest.mark.parametrize("language", THE_LAST_TO_GO)
def test_the_last_who_went_is_named_behind(language: str, reader: RuleReader) -> None:
    found = told(reader, THE_LAST_TO_GO[language], language)
    assert ("emmanuel-macron", "PE") not in found
    assert ("daniel-noboa", "PE") in found


RINGS_AND_INVITES = {
    "en": "President Daniel Noboa rang President Javier Milei and invited him to Quito.",
    "es": "El presidente Daniel Noboa llamó al presidente Javier Milei y lo invitó a Quito.",
    "fr": "Le président Daniel Noboa a appelé le président Javier Milei et l'a invité à Quito.",
    "pt": "O presidente Daniel Noboa ligou para o presidente Javier Milei e convidou-o para Quito.",
    "it": "Il presidente Daniel Noboa chiama il presidente Javier Milei e lo invita a Quito.",
}


@pytest.mark.parametrize("language", RINGS_AND_INVITES)
def test_who_rings_somebody_and_invites_him_is_the_host(language: str, reader: RuleReader) -> None:
    found = told(reader, RINGS_AND_INVITES[language], language)
    assert ("daniel-noboa", "javier-milei") in found
    assert ("javier-milei", "daniel-noboa") not in found


A_COUNTRY_INVITES = {
    "en": "President Daniel Noboa leads Ecuador. Ecuador has invited President Javier Milei.",
    "es": "El presidente Daniel Noboa gobierna Ecuador. Ecuador ha invitado al presidente Javier "
    "Milei a la cumbre.",
    "fr": "Le président Daniel Noboa dirige l'Équateur. L'Équateur a invité le président Javier "
    "Milei.",
    "de": "Präsident Daniel Noboa regiert Ecuador. Ecuador hat Präsident Javier Milei eingeladen.",
    "pt": "O presidente Daniel Noboa governa o Equador. O Equador convidou o presidente Javier "
    "Milei para a cúpula.",
    "it": "Il presidente Daniel Noboa guida l'Ecuador. L'Ecuador ha invitato il presidente Javier "
    "Milei.",
}


@pytest.mark.parametrize("language", A_COUNTRY_INVITES)
def test_a_country_that_invites_is_its_leader(language: str, reader: RuleReader) -> None:
    assert ("daniel-noboa", "javier-milei") in told(reader, A_COUNTRY_INVITES[language], language)


CARRIED = {
    "en": "Gabriela Sommerfeld handed over an invitation from President Daniel Noboa to President "
    "Javier Milei.",
    "es": "Gabriela Sommerfeld entregó una invitación del presidente Daniel Noboa al presidente "
    "Javier Milei.",
    "fr": "Gabriela Sommerfeld a remis une invitation du président Daniel Noboa au président "
    "Javier Milei.",
    "de": "Gabriela Sommerfeld übergab eine Einladung von Präsident Daniel Noboa an Präsident "
    "Javier Milei.",
    "pt": "Gabriela Sommerfeld entregou um convite do presidente Daniel Noboa ao presidente "
    "Javier Milei.",
    "it": "La ministra degli Esteri Gabriela Sommerfeld ha consegnato un invito del presidente "
    "Daniel Noboa al presidente Javier Milei.",
}


@pytest.mark.parametrize("language", CARRIED)
def test_an_invitation_from_one_to_another_is_theirs(language: str, reader: RuleReader) -> None:
    found = {
        pair for pair in told(reader, CARRIED[language], language) if pair[1] == "javier-milei"
    }
    assert found == {("daniel-noboa", "javier-milei")}


OTHERS_INVITED = {
    "en": "President Javier Milei spoke with President Daniel Noboa in Quito. Hoteliers of the "
    "region have been invited.",
    "es": "El presidente Javier Milei habló con el presidente Daniel Noboa en Quito. Hoteleros de "
    "la región fueron invitados.",
    "fr": "Le président Javier Milei a parlé au président Daniel Noboa à Quito. Des hôteliers de "
    "la région ont été invités.",
    "de": "Präsident Javier Milei sprach mit Präsident Daniel Noboa in Quito. Auch Hoteliers aus "
    "der Region wurden eingeladen.",
    "pt": "O presidente Javier Milei falou com o presidente Daniel Noboa em Quito. Muitos "
    "hoteleiros da região foram convidados.",
    "it": "Il presidente Javier Milei ha parlato con il presidente Daniel Noboa a Quito. Gli "
    "albergatori della regione sono stati invitati.",
}


@pytest.mark.parametrize("language", OTHERS_INVITED)
def test_others_who_are_invited_are_not_whom_the_story_is_about(
    language: str, reader: RuleReader
) -> None:
    people = {"javier-milei", "daniel-noboa"}
    assert not {
        pair for pair in told(reader, OTHERS_INVITED[language], language) if set(pair) <= people
    }
    _, found = reader.stage(story(OTHERS_INVITED[language], language))
    assert not found.invitations


ONLY_ASKED = {
    "en": "A summit on rivers opens in Geneva in March. Emmanuel Macron, Giorgia Meloni and Javier "
    "Milei have been invited to attend.",
    "es": "Una cumbre sobre los ríos comenzará en marzo en Ginebra. Emmanuel Macron, Giorgia "
    "Meloni y Javier Milei han sido invitados a asistir.",
    "fr": "Un sommet sur les fleuves s'ouvrira en mars à Genève. Emmanuel Macron, Giorgia Meloni "
    "et Javier Milei ont été invités à y assister.",
    "de": "Ein Gipfel über Flüsse beginnt im März in Genf. Emmanuel Macron, Giorgia Meloni und "
    "Javier Milei wurden zur Teilnahme eingeladen.",
    "pt": "Uma cúpula sobre os rios começa em março em Genebra. Emmanuel Macron, Giorgia Meloni e "
    "Javier Milei foram convidados a participar.",
    "it": "Un vertice sui fiumi si apre a marzo a Ginevra. Emmanuel Macron, Giorgia Meloni e "
    "Javier Milei sono stati invitati a partecipare.",
}


@pytest.mark.parametrize("language", ONLY_ASKED)
def test_who_is_only_asked_to_a_gathering_does_not_travel(
    language: str, reader: RuleReader
) -> None:
    assert not {pair for pair in told(reader, ONLY_ASKED[language], language) if pair[1] == "CH"}


ABOUT_A_COUNTRY = {
    "en": "President Daniel Noboa will attend a conference on the future of Haiti in Geneva.",
    "es": "El presidente Daniel Noboa asistirá a una conferencia sobre el futuro de Haití en "
    "Ginebra.",
    "fr": "Le président Daniel Noboa participera à une conférence sur l'avenir de Haïti à Genève.",
    "pt": "O presidente Daniel Noboa participará de uma conferência sobre o futuro do Haiti em "
    "Genebra.",
    "it": "Il presidente Daniel Noboa parteciperà a una conferenza sul futuro di Haiti a Ginevra.",
}


@pytest.mark.parametrize("language", ABOUT_A_COUNTRY)
def test_a_conference_on_a_country_is_where_it_is_held(language: str, reader: RuleReader) -> None:
    assert ("daniel-noboa", "HT") not in told(reader, ABOUT_A_COUNTRY[language], language)


BORN = {
    "en": "Daniel Noboa, born in Miami, met Javier Milei in Quito. "
    "Later he met Giorgia Meloni, born in Chicago.",
    "es": "Daniel Noboa, nacido en Miami, se reunió con Javier Milei en Quito. "
    "Después se reunió con Giorgia Meloni, nacida en Chicago.",
    "fr": "Daniel Noboa, né à Miami, a rencontré Javier Milei à Quito. "
    "Ensuite il a rencontré Giorgia Meloni, née à Chicago.",
    "de": "Daniel Noboa, geboren in Miami, traf Javier Milei in Quito. "
    "Danach traf er Giorgia Meloni, geboren in Chicago.",
    "pt": "Daniel Noboa, nascido em Miami, reuniu-se com Javier Milei em Quito. "
    "Depois reuniu-se com Giorgia Meloni, nascida em Chicago.",
    "it": "Il presidente Daniel Noboa, nato a Miami, ha incontrato lunedì Javier Milei a Quito. "
    "Poi Daniel Noboa ha incontrato Emmanuel Macron, nato a Chicago.",
}


@pytest.mark.parametrize("language", BORN)
def test_where_somebody_was_born_is_no_place_of_meeting(language: str, reader: RuleReader) -> None:
    found = told(reader, BORN[language], language)
    assert not {pair for pair in found if pair[1] == "US"}
    assert ("javier-milei", "EC") in found


def test_who_receives_him_is_named_behind_the_verb(reader: RuleReader) -> None:
    text = (
        "La premier Giorgia Meloni vola martedì a Quito, dove la riceverà al palazzo presidenziale "
        "Daniel Noboa."
    )
    found = told(reader, text, "it")
    assert ("giorgia-meloni", "EC") in found
    assert ("daniel-noboa", "IT") not in found


def test_english_invited_with_nobody_behind_is_passive(reader: RuleReader) -> None:
    text = "Macron to visit Quito; Milei also invited, Noboa says"
    body = (
        "President Emmanuel Macron will visit Quito, and President Javier Milei has been invited, "
        "President Daniel Noboa said."
    )
    assert ("javier-milei", "daniel-noboa") not in told(reader, f"{text}\n\n{body}", "en")


SOMETHING_ELSE = {
    "en": "Daniel Noboa spoke in Quito. The storm Helene, which arrived in Florida on Monday, "
    "killed dozens.",
    "es": "Daniel Noboa habló en Quito. El huracán Helene, que llegó a Florida el lunes, mató a "
    "decenas de personas.",
    "fr": "Daniel Noboa a parlé à Quito. L'ouragan Helene, qui est arrivé en Floride lundi, a fait "
    "des dizaines de morts.",
    "pt": "Daniel Noboa falou em Quito. O furacão Helene, que chegou à Flórida na segunda-feira, "
    "matou dezenas de pessoas.",
    "it": "Daniel Noboa ha parlato a Quito. L'uragano Helene, che è arrivato in Florida lunedì, ha "
    "ucciso decine di persone.",
}


@pytest.mark.parametrize("language", SOMETHING_ELSE)
def test_a_relative_clause_is_about_what_stands_before_it(
    language: str, reader: RuleReader
) -> None:
    assert ("daniel-noboa", "US") not in told(reader, SOMETHING_ELSE[language], language)


def test_an_inauguration_is_held_in_the_country_of_who_is_sworn_in(reader: RuleReader) -> None:
    text = (
        "Javier Milei, Emmanuel Macron and Giorgia Meloni will attend the inauguration of Daniel "
        "Noboa.\n\nNo delegation comes from Lima in Peru."
    )
    assert ("javier-milei", "EC") in told(reader, text, "en")


def test_who_does_not_come_is_told_with_doubt(reader: RuleReader) -> None:
    text = "President Javier Milei will not travel to Peru on Tuesday, his office said."
    _, found = reader.stage(story(text, "en"))
    assert [(trip.country, trip.status) for trip in found.trips] == [("PE", "cancelled")]
    assert found.trips[0].confidence < SURE
