"""Every check of the loader, seen to fail on one planted fault, told with its line and remedy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.core.lexicon import CATEGORIES
from streams.core.reports.judge import FORESTS
from streams.knowledge import Fault, KnowledgeError, load
from streams.knowledge.load import PACKAGED, digest

FILES = {
    "languages.csv": "code,name\nen,English\nes,Spanish\n",
    "countries.csv": "code,name,capital\nCL,Chile,Santiago\nEC,Ecuador,Quito\n",
    "country-names.csv": (
        "code,language,names\nCL,en,Chile\nCL,es,Chile\nEC,en,Ecuador\nEC,es,Ecuador\n"
    ),
    "demonyms.csv": "code,language,forms\nCL,en,Chilean|Chileans\nEC,es,ecuatoriano|ecuatoriana\n",
    "cities.csv": "name,country,names,ambiguous\nSantiago,CL,Santiago,no\nQuito,EC,Quito,no\n",
    "seats.csv": "name,country,city,names\nLa Moneda,CL,Santiago,La Moneda\n",
    "organisations.csv": "id,name,names,country,city\nun,United Nations,UN|ONU,,\n",
    "leaders.csv": (
        "id,name,country,woman,aliases,surnames,surname_alone,wikidata\n"
        "jose-antonio-kast,José Antonio Kast,CL,no,José Kast,Kast,yes,Q5937916\n"
        "daniel-noboa,Daniel Noboa,EC,no,,Noboa,yes,\n"
    ),
    "offices.csv": (
        "leader,kind,country,organisation,since,until,checked\n"
        "jose-antonio-kast,president_elect,CL,,2025-12-14,2026-03-11,yes\n"
        "jose-antonio-kast,head_of_state,CL,,2026-03-11,,yes\n"
    ),
    "given-names.csv": "countries,names\nCL|EC,José|Daniel\nEC,*boa\n",
    "titles.csv": "language,kind,forms\nen,president,President|Presidents\nen,other,General\n",
    "topics.toml": (
        '[migration]\nname = "Migration"\nmediatopics = ["medtop:20000771"]\n'
        '[migration.movers]\nstrength = "strong"\nen = ["migrant*"]\n'
        '[migration.ways]\nstrength = "weak"\nen = ["border"]\n'
        '[beside.birds]\nen = ["migratory birds"]\n'
    ),
    "models/topics.json": (
        '{"migration": {"base": -200, "threshold": 0.45, '
        '"weights": {"migration.movers": 90, "beside.birds": -40, "words:2": 7}}}\n'
    ),
    "lexicons/en.toml": 'language = "en"\n[words]\n'
    + "".join(f'"{category}" = ["{category}"]\n' for category in sorted(CATEGORIES)),
    **{
        f"models/{name}.json": (
            f'{{"name": "{name}", "threshold": 0.4, "floors": [-9], "trees": [\n'
            '["told.n",0,-5,["both",2,7,9,8],2]\n]}\n'
        )
        for name in FORESTS
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small data folder without faults."""
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "models").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(KnowledgeError) as error:
        load(folder)
    return error.value.faults


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return plant


def test_a_folder_without_faults_becomes_knowledge(folder: Path) -> None:
    knowledge = load(folder)
    kast, noboa = knowledge.leaders
    assert kast.aliases == ("José Kast",)
    assert [office.kind for office in kast.offices] == ["president_elect", "head_of_state"]
    assert noboa.offices == ()
    assert knowledge.countries[1].demonyms["es"] == ("ecuatoriano", "ecuatoriana")
    [migration] = knowledge.topics
    assert [(group.name, group.strength) for group in migration.groups] == [
        ("movers", "strong"),
        ("ways", "weak"),
    ]
    assert migration.groups[0].words["en"] == ("migrant*",)
    assert [group.words["en"] for group in knowledge.beside] == [("migratory birds",)]
    assert knowledge.topic_weights["migration"].weights["beside.birds"] == -40
    assert set(knowledge.lexicons) == {"en"}
    assert knowledge.forests["journeys"].trees == (("told.n", 0, -5, ("both", 2, 7, 9, 8), 2),)


PLANTED = [
    pytest.param(
        replace("cities.csv", "Quito,EC,Quito,no", "Quito,EC,Quito"),
        ("cities.csv", 3, "3 cells instead of 4"),
        id="a line with a cell too few",
    ),
    pytest.param(
        replace("cities.csv", "Quito,EC", '"Quito,EC'),
        ("cities.csv", 3, "not csv"),
        id="a quote that is not closed",
    ),
    pytest.param(
        replace("seats.csv", "name,country,city,names", "name,country,town,names"),
        ("seats.csv", 1, "unknown column 'town'"),
        id="an unknown column",
    ),
    pytest.param(
        replace("seats.csv", "name,country,city,names", "name,country,city,city"),
        ("seats.csv", 1, "column 'names' must stand once"),
        id="a column is missing",
    ),
    pytest.param(
        lambda folder: (folder / "seats.csv").unlink(),
        ("seats.csv", 0, "the file is missing"),
        id="a missing file",
    ),
    pytest.param(
        lambda folder: (folder / "titles.csv").write_bytes(b"language,kind,forms\nen,other,\xe9\n"),
        ("titles.csv", 2, "not in UTF-8"),
        id="a file in Latin-1",
    ),
    pytest.param(
        replace("countries.csv", "EC,Ecuador", "Ec,Ecuador"),
        ("countries.csv", 3, "'Ec' is no country code"),
        id="a bad country code",
    ),
    pytest.param(
        replace("countries.csv", "EC,Ecuador", "CL,Ecuador"),
        ("countries.csv", 3, "the country CL stands twice"),
        id="a country twice",
    ),
    pytest.param(
        replace("countries.csv", "EC,Ecuador,Quito", "EC,,Quito"),
        ("countries.csv", 3, "the cell name is empty"),
        id="an empty cell",
    ),
    pytest.param(
        replace("country-names.csv", "EC,es,Ecuador", "EC,es,"),
        ("country-names.csv", 5, "the cell names is empty"),
        id="an empty list",
    ),
    pytest.param(
        replace("country-names.csv", "EC,es,Ecuador", "EC,en,República"),
        ("country-names.csv", 5, "EC in en stands twice"),
        id="names in two lines",
    ),
    pytest.param(
        replace("country-names.csv", "EC,es,Ecuador\n", ""),
        ("countries.csv", 3, "EC has no name in es"),
        id="a country without a name in a language",
    ),
    pytest.param(
        replace("country-names.csv", "EC,es,Ecuador", "EC,es,Ecuador|chíle"),
        ("country-names.csv", 5, "'chíle' of EC is also that of CL"),
        id="a name of two countries",
    ),
    pytest.param(
        replace("demonyms.csv", "EC,es", "EC,xx"),
        ("demonyms.csv", 3, "the language 'xx' is unknown"),
        id="an unknown language",
    ),
    pytest.param(
        replace("demonyms.csv", "EC,es", "PE,es"),
        ("demonyms.csv", 3, "'PE' is not in countries.csv"),
        id="a country that is not listed",
    ),
    pytest.param(
        replace("demonyms.csv", "ecuatoriano|", "ecuatoriano||"),
        ("demonyms.csv", 3, "the list forms has an empty entry"),
        id="an empty entry of a list",
    ),
    pytest.param(
        replace("demonyms.csv", "ecuatoriano|", "ecuatoriano |"),
        ("demonyms.csv", 3, "blanks around 'ecuatoriano '"),
        id="a blank in a list",
    ),
    pytest.param(
        replace("demonyms.csv", "ecuatoriana", "ecuatoriano"),
        ("demonyms.csv", 3, "'ecuatoriano' stands twice in forms"),
        id="an entry twice",
    ),
    pytest.param(
        replace("cities.csv", "Quito,EC,Quito,no", "Quito ,EC,Quito|Quito ,no"),
        ("cities.csv", 3, "blanks around name 'Quito '"),
        id="a blank in a cell",
    ),
    pytest.param(
        replace("cities.csv", "Quito,EC,Quito,no", "Quito,EC,San Francisco de Quito,no"),
        ("cities.csv", 3, "names lacks the city's own name"),
        id="a city without its own name",
    ),
    pytest.param(
        replace("cities.csv", "Quito,EC,Quito,no", "Quito,EC,Quito|Santiago,no"),
        ("cities.csv", 3, "the city 'Santiago' of Quito (EC) is also that of Santiago (CL)"),
        id="a spelling of two cities",
    ),
    pytest.param(
        replace("cities.csv", "Quito,EC,Quito,no", "Quito,EC,Quito,maybe"),
        ("cities.csv", 3, "ambiguous is 'maybe'"),
        id="neither yes nor no",
    ),
    pytest.param(
        replace("seats.csv", "La Moneda,CL,Santiago", "La Moneda,EC,Santiago"),
        ("seats.csv", 2, "no city 'Santiago' in EC"),
        id="a seat in a city of another country",
    ),
    pytest.param(
        replace("seats.csv", "La Moneda\n", "La Moneda\nPalacio,EC,Quito,la moneda\n"),
        ("seats.csv", 3, "the seat 'la moneda' of Palacio is also that of La Moneda"),
        id="a spelling of two seats",
    ),
    pytest.param(
        replace("organisations.csv", "un,U", "oas,OAS,ONU,,\nun,U"),
        ("organisations.csv", 3, "the name 'ONU' of un is also that of oas"),
        id="a spelling of two organisations",
    ),
    pytest.param(
        replace("organisations.csv", "un,U", "un,OAS,OEA,,\nun,U"),
        ("organisations.csv", 3, "the id 'un' stands twice"),
        id="an organisation twice",
    ),
    pytest.param(
        replace("leaders.csv", "daniel-noboa,", "jose-antonio-kast,"),
        ("leaders.csv", 3, "the id 'jose-antonio-kast'"),
        id="a leader's id twice",
    ),
    pytest.param(
        replace("leaders.csv", "daniel-noboa,", "Daniel Noboa,"),
        ("leaders.csv", 3, "'Daniel Noboa' is no slug"),
        id="an id that is no slug",
    ),
    pytest.param(
        replace("leaders.csv", "EC,no,,Noboa", "EC,no,Jose Kast,Noboa"),
        ("leaders.csv", 3, "the spelling 'Jose Kast' of daniel-noboa is also that of"),
        id="a spelling of two leaders, but for an accent",
    ),
    pytest.param(
        replace("leaders.csv", "EC,no,,Noboa", "EC,no,,Noboa|Kast"),
        ("leaders.csv", 3, "the spelling 'Kast' of daniel-noboa is also that of"),
        id="an unmistakable surname of two leaders",
    ),
    pytest.param(
        replace("leaders.csv", "EC,no,,Noboa,yes", "EC,no,,,yes"),
        ("leaders.csv", 3, "surname_alone is yes without a surname"),
        id="an unmistakable surname that is not there",
    ),
    pytest.param(
        replace("leaders.csv", "Noboa,yes,", "Noboa,yes,937"),
        ("leaders.csv", 3, "wikidata is '937'"),
        id="a bad Wikidata item",
    ),
    pytest.param(
        replace("leaders.csv", "Noboa,yes,", "Noboa,yes,Q5937916"),
        ("leaders.csv", 3, "the Wikidata item 'Q5937916' of daniel-noboa is also that of"),
        id="a Wikidata item twice",
    ),
    pytest.param(
        replace("offices.csv", "jose-antonio-kast,head", "gabriel-boric,head"),
        ("offices.csv", 3, "no leader has the id 'gabriel-boric'"),
        id="an office of an unknown leader",
    ),
    pytest.param(
        replace("offices.csv", "head_of_state", "chief"),
        ("offices.csv", 3, "unknown kind 'chief'"),
        id="an unknown office",
    ),
    pytest.param(
        replace("offices.csv", "2025-12-14,2026-03-11", "2026-03-12,2026-03-11"),
        ("offices.csv", 2, "since 2026-03-12 is after until 2026-03-11"),
        id="since after until",
    ),
    pytest.param(
        replace("offices.csv", "2025-12-14,2026-03-11", "2026-04,2026-03-11"),
        ("offices.csv", 2, "since 2026-04 is after until 2026-03-11"),
        id="since after until, cut to the month",
    ),
    pytest.param(
        replace("offices.csv", "2025-12-14", "14.12.2025"),
        ("offices.csv", 2, "since '14.12.2025' is no day"),
        id="a day not as in ISO 8601",
    ),
    pytest.param(
        replace("offices.csv", "2025-12-14", "2025-02-30"),
        ("offices.csv", 2, "since '2025-02-30' is no day"),
        id="a day no calendar has",
    ),
    pytest.param(
        replace("offices.csv", "head_of_state,CL,", "head_of_state,CL,un"),
        ("offices.csv", 3, "an office is a country's or an organisation's"),
        id="an office of both",
    ),
    pytest.param(
        replace("offices.csv", "head_of_state,CL,", "organisation_head,,uno"),
        ("offices.csv", 3, "the organisation 'uno' is unknown"),
        id="an office of an unknown organisation",
    ),
    pytest.param(
        replace("given-names.csv", "CL|EC", "CL|PE"),
        ("given-names.csv", 2, "'PE' is not in countries.csv"),
        id="a given name of an unknown country",
    ),
    pytest.param(
        replace("titles.csv", "en,other", "en,boss"),
        ("titles.csv", 3, "unknown kind 'boss'"),
        id="an unknown kind of title",
    ),
    pytest.param(
        replace("titles.csv", "General", "General|president"),
        ("titles.csv", 3, "the form 'president' of other is also that of president"),
        id="a title of two kinds",
    ),
    pytest.param(
        replace("topics.toml", '"migrant*"]', '"migrant*"'),
        ("topics.toml", 7, "not TOML"),
        id="a bracket that is not closed",
    ),
    pytest.param(
        replace("topics.toml", "medtop:20000771", "20000771"),
        ("topics.toml", 3, "'20000771' is no Media Topic"),
        id="an invented Media Topic",
    ),
    pytest.param(
        replace("topics.toml", "mediatopics", "mediatopic"),
        ("topics.toml", 1, "has an unknown key mediatopic"),
        id="a misspelt key of a topic",
    ),
    pytest.param(
        replace("topics.toml", 'en = ["border"]', 'xx = ["border"]'),
        ("topics.toml", 9, "the language 'xx' is unknown"),
        id="a topic in an unknown language",
    ),
    pytest.param(
        replace("topics.toml", '["border"]', '["border", ""]'),
        ("topics.toml", 9, "empty phrase"),
        id="an empty phrase",
    ),
    pytest.param(
        replace("topics.toml", '["border"]', '["border", "border"]'),
        ("topics.toml", 9, "'border' stands twice"),
        id="a phrase twice",
    ),
    pytest.param(
        replace("topics.toml", '["border"]', '"border"'),
        ("topics.toml", 9, "is no list of words"),
        id="a word where a list belongs",
    ),
    pytest.param(
        replace("topics.toml", "[migration]\n", "peace = 1\n[migration]\n"),
        ("topics.toml", 1, "the topic peace is no table"),
        id="a topic that is no table",
    ),
    pytest.param(
        replace("topics.toml", 'strength = "weak"', 'strength = "feeble"'),
        ("topics.toml", 7, "the strength of migration.ways is feeble"),
        id="a strength that is none",
    ),
    pytest.param(
        replace("topics.toml", 'strength = "weak"\n', ""),
        ("topics.toml", 7, "the strength of migration.ways is missing"),
        id="a group of words without a strength",
    ),
    pytest.param(
        replace("topics.toml", "[beside.birds]\n", '[beside.birds]\nstrength = "weak"\n'),
        ("topics.toml", 10, "the strength of beside.birds is weak"),
        id="a strength of words that are about no topic",
    ),
    pytest.param(
        lambda folder: (folder / "models/topics.json").unlink(),
        ("models/topics.json", 1, "the weights of topics are missing"),
        id="no weights of topics",
    ),
    pytest.param(
        replace("models/topics.json", '{"migration"', '{"trade"'),
        ("models/topics.json", 1, "there are weights of a topic that topics.toml has not"),
        id="weights of a topic that is none",
    ),
    pytest.param(
        replace("models/topics.json", "migration.movers", "migration.shakers"),
        ("models/topics.json", 1, "migration weighs migration.shakers"),
        id="the weight of a group that was renamed",
    ),
    pytest.param(
        replace("models/topics.json", "90", "90.5"),
        ("models/topics.json", 1, "the weights of migration are no whole numbers"),
        id="a weight that is a fraction",
    ),
    pytest.param(
        replace("models/topics.json", "0.45", "45"),
        ("models/topics.json", 1, "the threshold of migration is no number between 0 and 1"),
        id="a threshold that is no chance",
    ),
    pytest.param(
        replace("models/topics.json", '"base"', '"bias"'),
        ("models/topics.json", 1, "migration has base, threshold and weights"),
        id="weights that lack their base",
    ),
    pytest.param(
        replace("models/topics.json", "}}}", "}}"),
        ("models/topics.json", 2, "this is no JSON"),
        id="weights that are cut off",
    ),
    pytest.param(
        replace("lexicons/en.toml", '"abbreviation" =', '"abreviation" ='),
        ("lexicons/en.toml", 3, "the category 'abreviation' is unknown"),
        id="a category that is not in the closed list",
    ),
    pytest.param(
        replace("lexicons/en.toml", '"abbreviation" = ["abbreviation"]\n', ""),
        ("lexicons/en.toml", 2, "the category 'abbreviation' is missing"),
        id="a category that is missing",
    ),
    pytest.param(
        replace("lexicons/en.toml", 'language = "en"', 'language = "es"'),
        ("lexicons/en.toml", 1, "the language 'es' of en.toml"),
        id="a lexicon under another language's name",
    ),
    pytest.param(
        replace("lexicons/en.toml", 'language = "en"', 'language = "en"\nversion = 2'),
        ("lexicons/en.toml", 2, "version is unknown or missing"),
        id="an unknown key of a lexicon",
    ),
    pytest.param(
        lambda folder: (folder / "lexicons/en.toml").unlink(),
        ("lexicons", 0, "there is no lexicon"),
        id="no lexicon at all",
    ),
    pytest.param(
        replace("languages.csv", "es,Spanish", "en,Spanish"),
        ("languages.csv", 3, "the language en stands twice"),
        id="a language twice",
    ),
    pytest.param(
        lambda folder: (folder / "models/news.json").unlink(),
        ("models/news.json", 1, "the forest news is missing"),
        id="a forest is missing",
    ),
    pytest.param(
        replace("models/news.json", '"trees": [', '"trees": {'),
        ("models/news.json", 2, "this is no JSON"),
        id="a forest that is no JSON",
    ),
    pytest.param(
        replace("models/news.json", '"name": "news"', '"name": "days"'),
        ("models/news.json", 1, "this is the forest 'days'"),
        id="a forest under another's name",
    ),
    pytest.param(
        replace("models/news.json", '"floors": [-9]', '"floors": [-0.9]'),
        ("models/news.json", 1, "floors are whole numbers"),
        id="a bound that is no whole number",
    ),
    pytest.param(
        replace("models/news.json", '["told.n",0,-5,', '["told.n",0.5,-5,'),
        ("models/news.json", 1, "a fork is [feature,"),
        id="a fork that asks for half a count",
    ),
    pytest.param(
        replace("models/news.json", '"threshold": 0.4', '"threshold": 4'),
        ("models/news.json", 1, "the threshold is no number between 0 and 1"),
        id="a threshold that is no probability",
    ),
    pytest.param(
        replace("models/news.json", '"floors": [-9]', '"floors": [-9], "depth": 3'),
        ("models/news.json", 1, "a forest has floors, name, threshold, trees"),
        id="an unknown key of a forest",
    ),
]


@pytest.mark.parametrize(("plant", "expected"), PLANTED)
def test_a_planted_fault_is_told_with_file_line_and_remedy(
    folder: Path, plant: Callable[[Path], None], expected: tuple[str, int, str]
) -> None:
    plant(folder)
    file, line, words = expected
    told = [fault for fault in faults_of(folder) if words in fault.problem]
    assert [(fault.file, fault.line) for fault in told] == [(file, line)]
    assert told[0].remedy


def test_faults_in_two_files_are_told_at_once(folder: Path) -> None:
    replace("offices.csv", "head_of_state", "chief")(folder)
    replace("titles.csv", "en,other", "en,boss")(folder)
    assert [(fault.file, fault.line) for fault in faults_of(folder)] == [
        ("offices.csv", 3),
        ("titles.csv", 3),
    ]


def test_the_error_reads_like_a_compiler_s() -> None:
    error = KnowledgeError([Fault("cities.csv", 7, "ambiguous is 'x'", "write yes or no")])
    assert str(error) == (
        "The data files have faults (1):\ncities.csv:7: ambiguous is 'x'; write yes or no"
    )


def test_the_digest_depends_on_content_and_not_on_place_or_readme(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "data"
    shutil.copytree(folder, elsewhere)
    (elsewhere / "README.md").write_text("not knowledge")
    assert digest(elsewhere) == digest(folder) == load(folder).version


@pytest.mark.parametrize(
    "plant",
    [
        pytest.param(replace("titles.csv", "General", "Admiral"), id="other bytes"),
        pytest.param(
            lambda folder: (folder / "lexicons/en.toml").rename(folder / "lexicons/es.toml"),
            id="another name",
        ),
        pytest.param(
            replace("lexicons/en.toml", '"chrome" = ["chrome"]', '"chrome" = []'),
            id="a lexicon",
        ),
    ],
)
def test_the_digest_changes_with_a_file(folder: Path, plant: Callable[[Path], None]) -> None:
    before = digest(folder)
    plant(folder)
    assert digest(folder) != before


def test_the_packaged_data_are_inside_the_package() -> None:
    assert PACKAGED.parent.name == "streams"
    assert set(FILES) <= {
        path.relative_to(PACKAGED).as_posix() for path in PACKAGED.rglob("*") if path.is_file()
    }
