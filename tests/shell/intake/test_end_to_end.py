"""One story by three ways in, as its agency goes on: first edition, update, correction, kill.

The real `dragoman worker` and the real `dragoman intake` on Apache Kafka, and the reader of rules.
What people hear is what the agency did: a trip, its new day, and that all of it is taken back.
"""

import asyncio
import json
import random
import re
import signal
import subprocess
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from desk import DRAGOMAN, Desk, desk
from worker_process import Place, delete_topics, messages, records, until

from schemas.topics import STORIES, STORIES_RAW
from streams.shell.brokers.kafka import ApacheKafka

GUID = "urn:newsml:andina.example:20260302:quito"
KEY = "key-of-the-web-desk"
THEIR_TOPIC = "andina.news"


def news_item(version: int, day: str, *, status: str = "usable", more: str = "") -> bytes:
    """An edition of the one story, in NewsML-G2, an hour after the other; `more`: in itemMeta."""
    text = (
        f"BRASILIA, March 2 - Brazilian President Luiz Inacio Lula da Silva will travel to Quito "
        f"on {day} for talks with Ecuador's President Daniel Noboa, his office said on Monday."
    )
    said = [text, "Shrimp and steel will be on the table, a spokesman added."][: version or 1]
    body = "" if status != "usable" else "".join(f"<p>{escape(each)}</p>" for each in said)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{GUID}" version="{version}"
  standard="NewsML-G2" standardversion="2.30" xml:lang="en">
  <itemMeta>
    <itemClass qcode="ninat:text"/>
    <provider literal="Andina Wire"/>
    <versionCreated>2026-03-02T{8 + version:02}:00:00Z</versionCreated>
    <pubStatus qcode="stat:{status}"/>{more}
  </itemMeta>
  <contentMeta><language tag="en"/><headline>Lula to visit Ecuador</headline></contentMeta>
  <contentSet>
    <inlineXML contenttype="application/xhtml+xml">
      <html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>
    </inlineXML>
  </contentSet>
</newsItem>
""".encode()


FIRST = news_item(1, "March 18")
UPDATE = news_item(2, "March 18")
CORRECTION = news_item(
    3,
    "March 25",
    more="<edNote>Corrects the day to March 25.</edNote><signal qcode='sig:correction'/>",
)
KILL = news_item(
    4, "", status="canceled", more="<edNote>Please kill: no such visit is planned.</edNote>"
)

SOURCES = f"""
[[source]]
name = "by-files"
way = "watch"
directory = "inbox"
settle_s = 0.1

[[source]]
name = "by-web"
way = "push"
key = "env:WEB_KEY"

[[source]]
name = "by-bus"
way = "topic"
topic = "{THEIR_TOPIC}"
broker = "env:BUS_"

[source.envelope]
item = "news.document"
encoding = "base64"
format = "news.type"
"""


class Intake:
    """A running `dragoman intake` with three sources. What it logs is in a file."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.inbox = place.directory / "inbox"
        self.inbox.mkdir(exist_ok=True)
        self.log = place.directory / "intake.log"
        sources = place.directory / "sources.toml"
        sources.write_text(SOURCES, "utf-8")
        environment = {
            **place.environment(),
            "DRAGOMAN_DATA_DIR": str(place.directory / "intake"),
            "DRAGOMAN_INTAKE_PORT": "0",
            "DRAGOMAN_PUSH_PORT": "0",
            "WEB_KEY": KEY,
            "BUS_BROKER": place.bootstrap,
        }
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [DRAGOMAN, "intake", "--sources", str(sources)],
                env=environment,
                stdout=out,
                stderr=out,
            )

    def said(self, pattern: str) -> str | None:
        text = self.log.read_text("utf-8")
        assert self.process.poll() is None, text
        found = re.search(pattern, text)
        return found and found.group(1)

    def drop(self, item: bytes) -> None:
        """Puts a file into the watched directory, as a careful sender does."""
        number = len(list(self.inbox.iterdir()))
        unfinished = self.inbox / f".{number}.part"
        unfinished.write_bytes(item)
        unfinished.rename(self.inbox / f"{number}.xml")

    def push(self, item: bytes) -> None:
        address = until("stories may be pushed", lambda: self.said(r"taken at (http://[\w.:/]+)"))
        request = urllib.request.Request(
            address,
            item,
            {"Authorization": f"Bearer {KEY}", "Content-Type": "application/xml"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=90) as answer:
            assert (answer.status, json.load(answer)["sent"]) == (202, 1)

    def publish(self, item: bytes) -> None:
        """Puts it on the agency's own topic, in an envelope."""
        publish(self.place.bootstrap, [enveloped(item)])

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(90)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def enveloped(item: bytes, said: str = "application/vnd.iptc.g2.newsitem+xml") -> bytes:
    envelope = {"news": {"type": said, "document": b64encode(item).decode()}}
    return json.dumps(envelope).encode()


def publish(bootstrap: str, values: list[bytes]) -> None:
    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
            sent = [await producer.send(THEIR_TOPIC, value) for value in values]
            await asyncio.gather(*sent)

    asyncio.run(send())


def make_their_topic(bootstrap: str) -> None:
    async def make() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(THEIR_TOPIC, 2, 1)])
        finally:
            await admin.close()

    asyncio.run(make())


@contextmanager
def intake_of(place: Place) -> Iterator[Intake]:
    make_their_topic(place.bootstrap)
    intake = Intake(place)
    try:
        yield intake
        assert intake.stop() == 0, intake.log.read_text("utf-8")
    finally:
        intake.kill()


WAYS: Mapping[str, Callable[[Intake, bytes], None]] = {
    "a watched directory": Intake.drop,
    "HTTP push": Intake.push,
    "a topic of theirs": Intake.publish,
}


@pytest.mark.parametrize("killed_by", WAYS)
def test_a_trip_is_reported_changed_and_retracted_once_each_whatever_ways_its_story_comes(
    kafka: ApacheKafka, tmp_path: Path, killed_by: str
) -> None:
    with desk(kafka, tmp_path, "three-ways") as at, intake_of(at.place) as intake:
        for number, (way, edition) in enumerate(
            [
                (Intake.drop, FIRST),
                (Intake.push, UPDATE),
                (Intake.publish, CORRECTION),
                (WAYS[killed_by], KILL),
            ],
            1,
        ):
            way(intake, edition)
            until(f"edition {number} is a story", lambda n=number: len(stories(at)) == n)
            at.drained()
        assert [
            (alert["data"]["kind"], alert["subject"], alert["data"]["country"])
            for alert in at.alerts()
        ] == [
            ("trip.new", "luiz-inacio-lula-da-silva", "EC"),
            ("trip.changed", "luiz-inacio-lula-da-silva", "EC"),
            ("retracted", "luiz-inacio-lula-da-silva", "EC"),
        ]
        assert [alert["data"]["dates"]["start"] for alert in at.alerts()[:2]] == [
            "2026-03-18",
            "2026-03-25",
        ]
        assert len({alert["id"] for alert in at.alerts()}) == 3


@pytest.mark.timeout(600)
def test_kills_of_the_intake_lose_nothing_of_a_topic(kafka: ApacheKafka, tmp_path: Path) -> None:
    delete_topics(kafka.bootstrap)
    make_their_topic(kafka.bootstrap)
    place = Place(kafka.bootstrap, "killed-intake", tmp_path, {})
    chance = random.Random(20260302)
    sent: list[bytes] = []
    in_the_middle = 0
    for _ in range(6):
        more = [b"Story %d." % number for number in range(len(sent), len(sent) + 500)]
        had, sent = len(sent), sent + more
        publish(kafka.bootstrap, [enveloped(item, "text") for item in more])
        intake = Intake(place)
        try:
            enough = had + chance.randrange(1, 400)
            until("some have come in", lambda n=enough: len(raw(kafka)) >= n)
            intake.process.kill()
        finally:
            intake.kill()
        in_the_middle += len(set(raw(kafka))) < len(sent)
    assert in_the_middle, "it was never killed in the middle"
    intake = Intake(place)
    try:
        # Where the last kill came late, all is there before this one heeds SIGTERM.
        until("it is up", lambda: intake.said(r"pages at (\S+)"))
        until("all are there", lambda: set(raw(kafka)) == set(sent), timeout_s=300)
        assert intake.stop() == 0, intake.log.read_text("utf-8")
    finally:
        intake.kill()


def raw(kafka: ApacheKafka) -> list[bytes]:
    return [message.value or b"" for message in messages(kafka.bootstrap, STORIES_RAW.name)]


def stories(at: Desk) -> list[str]:
    return [story.edition for story in records(at.place.bootstrap, STORIES)]
