"""What the reader counts on in the packaged data, beyond their being without faults."""

import re
from functools import cache

import pytest
from packaged import packaged_knowledge

from streams.core.knowledge import Knowledge

SIX = {"en", "es", "fr", "de", "pt", "it"}


@cache
def knowledge() -> Knowledge:
    return packaged_knowledge()


def test_the_packaged_data_load_without_faults() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", knowledge().version)
    assert len(knowledge().leaders) > 900


def test_all_states_have_names_and_demonyms_in_six_languages() -> None:
    lacking = {
        country.code: languages
        for country in knowledge().countries
        if (languages := SIX - country.names.keys())
    }
    assert not lacking
    territories = {country.code for country in knowledge().countries if not country.demonyms}
    assert territories <= {"AW", "BM", "CK", "CW", "FK", "FO", "GF", "GI", "GU", "NC", "PF"}


@pytest.mark.parametrize(
    ("language", "spelling", "code"),
    [
        ("es", "EE.UU.", "US"),
        ("de", "USA", "US"),
        ("fr", "Etats-Unis", "US"),
        ("pt", "EUA", "US"),
        ("en", "UK", "GB"),
        ("pt", "Grã-Bretanha", "GB"),
        ("de", "Elfenbeinküste", "CI"),
        ("it", "Paesi Bassi", "NL"),
        ("fr", "Émirats arabes unis", "AE"),
        ("es", "Catar", "QA"),
    ],
)
def test_short_forms_name_their_country(language: str, spelling: str, code: str) -> None:
    named = [one.code for one in knowledge().countries if spelling in one.names[language]]
    assert named == [code]


@pytest.mark.parametrize(
    ("language", "form", "code"),
    [
        ("es", "ecuatoriana", "EC"),
        ("de", "salvadorianischen", "SV"),
        ("de", "Venezolaner", "VE"),
        ("fr", "chiliennes", "CL"),
        ("pt", "alemães", "DE"),
        ("it", "tedeschi", "DE"),
        ("en", "Peruvian", "PE"),
        ("fr", "grecque", "GR"),
    ],
)
def test_inflected_demonyms_name_their_country(language: str, form: str, code: str) -> None:
    named = [one.code for one in knowledge().countries if form in one.demonyms.get(language, ())]
    assert named == [code]


@pytest.mark.parametrize(
    ("spelling", "country"),
    [("Pékin", "CN"), ("Genf", "CH"), ("Moscú", "RU"), ("Mailand", "IT"), ("Nova Iorque", "US")],
)
def test_cities_are_known_by_their_names_in_other_languages(spelling: str, country: str) -> None:
    found = [one for one in knowledge().cities if spelling in one.names]
    assert [(one.country, one.ambiguous) for one in found] == [(country, False)]


@pytest.mark.parametrize("name", ["Nice", "Split", "San José", "Córdoba", "Victoria", "Reading"])
def test_cities_that_are_words_or_several_places_are_ambiguous(name: str) -> None:
    found = [one.ambiguous for one in knowledge().cities if one.name == name]
    assert found
    assert all(found)


def test_capitals_win_over_other_places_of_their_name() -> None:
    santiago = [one for one in knowledge().cities if one.name == "Santiago"]
    assert [(one.country, one.ambiguous) for one in santiago if not one.ambiguous] == [
        ("CL", False)
    ]


def test_every_language_has_forms_for_every_kind_of_title() -> None:
    kinds = {title.kind for title in knowledge().titles}
    by_language = {
        language: {title.kind for title in knowledge().titles if title.language == language}
        for language in SIX
    }
    assert by_language == dict.fromkeys(SIX, kinds)


def test_topics_speak_six_languages_and_no_media_topic_is_invented() -> None:
    media = {topic.id: topic.mediatopics for topic in knowledge().topics}
    assert media["humanitarian_corridor"] == ()
    assert {"security", "migration", "humanitarian_corridor", "trade"} <= media.keys()
    groups = [group for topic in knowledge().topics for group in topic.groups]
    for group in (*groups, *knowledge().beside):
        assert group.words.keys() == SIX, group.name
        assert all(group.words.values()), group.name


def test_each_topic_that_stories_are_labelled_with_has_weights() -> None:
    labelled = {"security", "migration", "humanitarian_corridor", "trade"}
    assert knowledge().topic_weights.keys() == labelled


@pytest.mark.parametrize(
    ("spelling", "slug"),
    [
        ("Vladimir Poutine", "vladimir-putin"),
        ("Wolodymyr Selenskyj", "volodymyr-zelenskyy"),
        ("Kassym-Schomart Tokajew", "kassym-jomart-tokayev"),
        ("Abdelfatah al Sisi", "abdel-fattah-el-sisi"),
        ("Papa León XIV", "pope-leo-xiv"),
        ("Jonas Gahr Store", "jonas-gahr-store"),
        ("Luis Inácio Lula da Silva", "luiz-inacio-lula-da-silva"),
    ],
)
def test_leaders_are_known_by_their_spellings_in_other_languages(spelling: str, slug: str) -> None:
    found = [one.id for one in knowledge().leaders if spelling in (one.name, *one.aliases)]
    assert found == [slug]


@pytest.mark.parametrize("slug", ["rodrigo-paz", "santiago-pena", "pedro-sanchez", "xi-jinping"])
def test_a_surname_alone_is_enough_only_where_it_is_unmistakable(slug: str) -> None:
    one = next(one for one in knowledge().leaders if one.id == slug)
    assert one.surname_alone is (slug == "xi-jinping")
