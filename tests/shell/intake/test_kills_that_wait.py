"""Kills that come before their story, in every format that has its own way to kill.

Through the real worker on Apache Kafka: a kill that waits is shown, its story raises nothing when
it comes, and is then no longer waited for. In the other order the same story is told and retracted.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, desk
from worker_process import records

from schemas.topics import DEAD_LETTERS
from streams.core.wire import FORMATS
from streams.shell.brokers.kafka import ApacheKafka
from tests.shell.intake.test_end_to_end import news_item

Document = Callable[[int], bytes]
"""Of a story with this number; the even ones and the odd ones go through in different order."""


def sentence(place: str) -> str:
    return (
        f"BRASILIA, March 2 - Brazilian President Luiz Inacio Lula da Silva will travel to {place} "
        "on March 18 for talks, his office said on Monday."
    )


def ninjs(number: int, **more: str) -> bytes:
    said = {"versioncreated": "2026-03-02T09:00:00Z", "headline": "Lula to travel"} | more
    return json.dumps({"uri": f"urn:andina:{number}", **said}).encode()


def nitf(docdata: str, body: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<nitf xml:lang="en"><head><docdata {docdata}</docdata></head>
<body><body.head><hedline><hl1>Lula to travel</hl1></hedline></body.head>
<body.content>{body}</body.content></body></nitf>""".encode()


def iptc7901(number: int, keywords: str, text: str, time: str) -> bytes:
    lines = (
        f"\x01wld{number:04} 3 pl 30  anr {number:04}",
        keywords,
        f"\x02{text}",
        "",
        "anr ab cd",
    )
    return ("\r\n".join((*lines, f"\x03{time} MAR 26\x04"))).encode()


STORIES_AND_KILLS: dict[str, tuple[Document, Document, str, str]] = {
    "newsml-g2": (
        lambda n: news_item(1, "March 18").replace(b":quito", b":%d" % n),
        lambda n: news_item(2, "", status="canceled").replace(b":quito", b":%d" % n),
        "urn:newsml:andina.example:20260302:{0}",
        "EC",
    ),
    "ninjs": (
        lambda n: ninjs(n, body_text=sentence("Lima")),
        lambda n: ninjs(n, pubstatus="canceled", versioncreated="2026-03-02T10:00:00Z"),
        "urn:andina:{0}",
        "PE",
    ),
    "text": (
        lambda n: f"uri: andina-{n}\npublished: 2026-03-02T09:00Z\n\n{sentence('Bogota')}".encode(),
        lambda n: f"uri: andina-{n}\npublished: 2026-03-02T10:00Z\nsignal: kill\n\n".encode(),
        "andina-{0}",
        "CO",
    ),
    "nitf": (
        lambda n: nitf(
            f'management-status="usable"><doc-id id-string="andina-nitf-{n}"/>'
            '<date.issue norm="20260302T090000Z"/>',
            f"<p>{sentence('Asuncion')}</p>",
        ),
        lambda n: nitf(
            f'management-status="usable" management-doc-idref="andina-nitf-{n}" '
            f'management-idref-status="canceled"><doc-id id-string="andina-nitf-{n}-kill"/>'
            '<date.issue norm="20260302T100000Z"/>'
        ),
        "andina-nitf-{0}",
        "PY",
    ),
    "iptc7901": (
        lambda n: iptc7901(n, "Brazil/Uruguay/", sentence("Montevideo"), "020900"),
        lambda n: iptc7901(
            n + 100, "KILL/", f"KILL KILL KILL =\r\n\r\nPlease kill item anr {n}.", "021000"
        ),
        "iptc7901:anr:2026-03-02:{0}",
        "UY",
    ),
}
"""Story, kill, the story's id, and the country it tells of."""


def ingest(at: Desk, folder: Path, documents: dict[str, bytes]) -> None:
    """All of them at once, and through all hops."""
    folder.mkdir()
    for name, document in documents.items():
        (folder / name).write_bytes(document)
    at.run("ingest", str(folder))
    at.drained()


def waiting(at: Desk) -> set[str]:
    lines = at.run("sources", "kills", "--json").splitlines()
    return {json.loads(line)["id"] for line in lines}


def test_a_kill_that_comes_first_waits_is_shown_and_meets_its_story(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    tried = {name: case for name, case in STORIES_AND_KILLS.items() if name in FORMATS}
    with desk(kafka, tmp_path, "kills-that-wait") as at:
        ingest(at, tmp_path / "1", {name: kill(2) for name, (_, kill, _, _) in tried.items()})
        assert waiting(at) == {story_id.format(2) for _, _, story_id, _ in tried.values()}
        assert "Lula to travel" in at.run("sources", "kills")

        ingest(at, tmp_path / "2", {name: story(2) for name, (story, _, _, _) in tried.items()})
        assert waiting(at) == set()
        assert at.alerts() == []

        ingest(at, tmp_path / "3", {name: story(3) for name, (story, _, _, _) in tried.items()})
        ingest(at, tmp_path / "4", {name: kill(3) for name, (_, kill, _, _) in tried.items()})
        countries = {country for _, _, _, country in tried.values()}
        told = [(alert["data"]["kind"], alert["data"]["country"]) for alert in at.alerts()]
        assert set(told[: len(tried)]) == {("trip.new", country) for country in countries}
        assert set(told[len(tried) :]) == {("retracted", country) for country in countries}
        assert len(told) == 2 * len(tried)
        assert waiting(at) == set()
        assert records(kafka.bootstrap, DEAD_LETTERS) == []


@pytest.mark.parametrize("name", ["newsml-g2", "ninjs", "nitf", "text"])
def test_the_formats_tried_are_there(name: str) -> None:
    assert name in FORMATS
