"""`leaders proposed`: whom the wire names and no data file knows."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from click.testing import CliRunner, Result
from packaged import packaged_knowledge, packaged_reader

from schemas.codec import encode, version_headers
from schemas.topics import READINGS, STORIES
from streams.cli.group import dragoman
from streams.cli.items import Found, read_stories
from streams.cli.proposing import Proposals
from streams.core.knowledge import Leader
from streams.core.reader import RuleReader
from streams.shell.brokers.tansu import EmbeddedTansu
from streams.shell.cluster import client_options, create_topics
from streams.shell.settings import Settings


def item(number: int, body: str, **fields: str) -> dict[str, str]:
    return {
        "uri": f"urn:test:{number}",
        "versioncreated": f"2026-01-1{number}T08:00:00Z",
        "source": "Meridian Wire",
        "headline": "Diplomacy",
        "body_text": body,
    } | fields


IN_MANY_LANGUAGES = [
    item(1, "Mauritania's President Mahmoud Ould Baba will visit Norway on Tuesday, aides said."),
    item(
        2,
        "Le président mauritanien, Mahmoud Uld Baba, se rendra mardi en Norvège, a indiqué lundi "
        "son cabinet.",
        source="Agence Boréale",
    ),
    item(
        3, "El presidente de Mauritania, Mahmud Uld Baba, visitará Noruega el martes, se informó."
    ),
    item(4, "Mauretaniens Präsident Mahmud Ould Baba wird am Dienstag nach Norwegen reisen."),
    item(5, "O presidente da Mauritânia, Mahmud Uld Baba, visitará a Noruega na terça-feira."),
    item(6, "Il presidente della Mauritania, Mahmoud Ould Baba, visiterà la Norvegia martedì."),
]


def write(folder: Path, *items: dict[str, str]) -> Path:
    file = folder / "wire.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in items))
    return file


def run(*arguments: object, **more: Any) -> Result:
    return CliRunner().invoke(
        dragoman, ["leaders", "proposed", *(str(argument) for argument in arguments)], **more
    )


def proposed(*arguments: object, **more: Any) -> list[dict[str, Any]]:
    result = run("--json", *arguments, **more)
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_someone_in_six_languages_and_four_spellings_is_proposed_once(tmp_path: Path) -> None:
    (person,) = proposed(write(tmp_path, *IN_MANY_LANGUAGES))

    example = person.pop("example")
    names = person.pop("names")
    assert person == {
        "id": "provisional:mr:mahmud-uld-baba",
        "kind": "leader",
        "titles": ["president"],
        "country": "MR",
        "stories": 6,
        "sources": ["Agence Boréale", "Meridian Wire"],
        "first_day": "2026-01-11",
        "last_day": "2026-01-16",
        "may_be": [],
    }
    assert sorted(names) == [
        "Mahmoud Ould Baba",
        "Mahmoud Uld Baba",
        "Mahmud Ould Baba",
        "Mahmud Uld Baba",
    ]
    assert example == {
        "text": IN_MANY_LANGUAGES[0]["body_text"],
        "language": "en",
        "source": "Meridian Wire",
        "story": "urn:test:1",
    }


def test_people_are_told_what_an_editor_needs(tmp_path: Path) -> None:
    result = run(write(tmp_path, *IN_MANY_LANGUAGES[:2]))

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Mahmoud Ould Baba  (provisional:mr:mahmud-uld-baba)",
        "  president, Mauritania; 2 stories of Agence Boréale, Meridian Wire, "
        "11 January 2026 to 12 January 2026",
        "  also written Mahmoud Uld Baba",
        "    “Mauritania's President Mahmoud Ould Baba will visit Norway on Tuesday, aides said.” "
        "(en,",
        "    Meridian Wire, urn:test:1)",
    ]


@pytest.mark.parametrize(
    ("body", "id_", "because"),
    [
        pytest.param(
            "Der ukrainische Außenminister Wolodimir Selenskiyy reist am Dienstag nach Norwegen.",
            "volodymyr-zelenskyy",
            "the same name",
            id="another transliteration",
        ),
        pytest.param(
            "Le vice-président ukrainien, Volodomar Zelanski, se rendra mardi en Norvège, dit-il.",
            "volodymyr-zelenskyy",
            "the same consonants",
            id="other vowels",
        ),
        pytest.param(
            "El vicepresidente de Paraguay, Sergio Peña, visitará Noruega el martes, se informó.",
            "santiago-pena",
            "the same surname and initial",
            id="another given name",
        ),
        pytest.param(
            "O vice-presidente do Paraguai, Marcos Peña, visitará a Noruega na terça-feira, disse.",
            "santiago-pena",
            "the same surname",
            id="a namesake",
        ),
        pytest.param(
            "Der ukrainische Präsident Wolodimir Selentzki reist am Dienstag nach Norwegen.",
            "volodymyr-zelenskyy",
            "a similar name",
            id="a slip",
        ),
        pytest.param(
            "The president of Russia, Volodymyr Zelenskyyy, will visit Norway on Tuesday, he said.",
            "volodymyr-zelenskyy",
            "the same name",
            id="another country",
        ),
    ],
)
def test_whom_it_may_be_is_told_and_not_decided(
    tmp_path: Path, body: str, id_: str, because: str
) -> None:
    (person,) = proposed(write(tmp_path, item(1, body)))

    assert person["id"].startswith("provisional:")
    first = person["may_be"][0]
    assert (first["id"], first["because"]) == (id_, because)


def test_those_of_the_same_country_come_first_whatever_speaks_for_others(tmp_path: Path) -> None:
    leaders = (
        Leader("marc-karny", "Marck Karny", "CA", ()),
        Leader("mirko-karny", "Mirko Karny", "PE", ()),
        Leader("alan-karny", "Alan Karny", "PE", ()),
        Leader("alan-karny-of-chile", "Alan Karny", "CL", ()),
    )
    known = replace(packaged_knowledge(), leaders=leaders)
    file = write(tmp_path, item(1, "Peru's President Mark Carny will visit Norway on Tuesday."))
    (found,) = read_stories([str(file)], "auto")
    assert isinstance(found, Found)
    proposals = Proposals(known)
    proposals.add(RuleReader(known).read(found.story), found.story)

    (person,) = proposals.proposed()

    assert [(each.id, each.because) for each in person.may_be] == [
        ("mirko-karny", "the same consonants"),
        ("alan-karny", "the same surname"),
        ("marc-karny", "the same name"),
    ]


def test_only_the_newest_edition_of_a_story_counts_and_a_kill_takes_it_back(tmp_path: Path) -> None:
    first = IN_MANY_LANGUAGES[0]
    mended = first | {
        "versioncreated": "2026-01-12T09:00:00Z",
        "body_text": "Mauritania's President Mahmoud Ould Bubu will visit Norway on Tuesday.",
    }
    killed = {"uri": first["uri"], "versioncreated": "2026-01-13T09:00Z", "pubstatus": "canceled"}

    (person,) = proposed(write(tmp_path, mended, first))

    assert person["names"] == ["Mahmoud Ould Bubu"]
    assert proposed(write(tmp_path, first, mended, killed)) == []


def test_those_in_most_stories_come_first_and_known_leaders_not_at_all(tmp_path: Path) -> None:
    other = "Botswana's President Thato Examplemang will visit Norway, Emmanuel Macron said today."

    people = proposed(write(tmp_path, item(7, other), *IN_MANY_LANGUAGES[:2]))

    assert [person["id"] for person in people] == [
        "provisional:mr:mahmud-uld-baba",
        "provisional:bw:tato-examplemang",
    ]


def test_what_is_no_story_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"headline": "no uri"}')

    result = run(bad, write(tmp_path, IN_MANY_LANGUAGES[0]))

    assert result.exit_code == 1
    assert "missing_field: uri" in result.stderr
    assert "Mahmoud Ould Baba" in result.stdout


def test_readings_on_the_brokers_are_taken_as_they_were_recorded(tmp_path: Path) -> None:
    file = write(tmp_path, *IN_MANY_LANGUAGES[:3])
    found = [each for each in read_stories([str(file)], "auto") if isinstance(each, Found)]
    reader = packaged_reader()

    async def record(settings: Settings) -> None:
        await create_topics(settings)
        producer = AIOKafkaProducer(**client_options(settings))
        await producer.start()
        try:
            for number, each in enumerate(found):
                # Of the last story only the reading is still kept.
                kept = [(STORIES, each.story)] if number < 2 else []
                for topic, what in (*kept, (READINGS, reader.read(each.story))):
                    await producer.send_and_wait(
                        topic.name,
                        encode(what),
                        key=each.story.id.encode(),
                        headers=list(version_headers(topic).items()),
                    )
        finally:
            await producer.stop()

    with EmbeddedTansu() as broker:
        asyncio.run(record(Settings(broker=broker.bootstrap)))
        env = {"DRAGOMAN_BROKER": broker.bootstrap}
        recorded = proposed("--topic", env=env)
        refusal = CliRunner().invoke(
            dragoman, ["leaders", "refuse", recorded[0]["id"], "--editor", "desk"], env=env
        )
        decided = proposed("--topic", env=env)

    assert [person["stories"] for person in recorded] == [3]
    assert recorded == proposed(file)
    assert refusal.stdout == f"refuse: {recorded[0]['id']}\n"
    assert decided == []


def test_a_report_stands_in_for_a_story_that_is_no_longer_kept(tmp_path: Path) -> None:
    known = packaged_knowledge()
    (found,) = read_stories([str(write(tmp_path, IN_MANY_LANGUAGES[0]))], "auto")
    assert isinstance(found, Found)
    proposals = Proposals(known)
    proposals.add(RuleReader(known).read(found.story), None)

    (person,) = proposals.proposed()

    assert person.example is not None
    assert person.example.text == IN_MANY_LANGUAGES[0]["body_text"]
    assert person.titles == ()


@pytest.mark.parametrize("arguments", [(), ("--topic", "-")], ids=["neither", "both"])
def test_files_or_the_topic_must_be_given_and_not_both(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
