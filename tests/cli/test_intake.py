"""The intake and its sources as people run them: one process, a broker, files on a disk."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from own_topics import KINDS, settings_with_own_topics
from worker_process import get, messages, until

from schemas.base import DeadLetterId, EditionId, StoryId
from schemas.dead_letters import DeadLetter, Header
from schemas.stories import Story
from schemas.topics import DEAD_LETTERS, STORIES, STORIES_RAW
from streams.shell.record import RawItem, sender
from streams.shell.settings import Settings

DRAGOMAN = Path(sys.executable).parent / "dragoman"
SOURCES = """\
[[source]]
name = "drop"
way = "watch"
directory = "drop"
settle_s = 0.1
outlet = "Agence Boréale"
language = "fr"
trust = "low"
silence_s = 86400

[[source]]
name = "quiet"
way = "files"
silence_s = 60
"""


@pytest.fixture(params=KINDS)
def settings(request: pytest.FixtureRequest) -> Iterator[Settings]:
    yield from settings_with_own_topics(request)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drop").mkdir()
    (tmp_path / "sources.toml").write_text(SOURCES)
    return tmp_path


def variables(folder: Path, broker: str = "127.0.0.1:1") -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DRAGOMAN_")}
    return own | {
        "DRAGOMAN_BROKER": broker,
        "DRAGOMAN_SOURCES_FILE": str(folder / "sources.toml"),
        "DRAGOMAN_DATA_DIR": str(folder / "data"),
        "DRAGOMAN_INTAKE_PORT": "0",
    }


def run(
    folder: Path, *arguments: str, broker: str = "127.0.0.1:1"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(DRAGOMAN), *arguments],
        env=variables(folder, broker),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@contextmanager
def running(folder: Path, broker: str, *arguments: str) -> Iterator[str]:
    """A command that runs until it is told to stop; gives the address of its pages."""
    log = folder / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [str(DRAGOMAN), *arguments], env=variables(folder, broker), stderr=written
        )

    def address() -> str | None:
        assert process.poll() is None, log.read_text()
        lines = (line for line in log.read_text().splitlines() if "pages at " in line)
        return next((line.split("pages at ")[1].split('"')[0].strip() for line in lines), None)

    try:
        yield until("its pages are there", address)
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(90)
        assert process.poll() == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def test_a_dropped_file_is_on_the_raw_topic_with_what_is_known_of_its_source(
    settings: Settings, folder: Path
) -> None:
    (folder / "drop" / "a.txt").write_text("QUITO - Rien de nouveau.")
    with running(folder, settings.broker, "intake") as pages:
        [item] = until("it is there", lambda: messages(settings.broker, STORIES_RAW.name))
        said = dict(item.headers)
        assert item.value == b"QUITO - Rien de nouveau."
        assert (said["feed"], said["format"]) == (b"drop", b"auto")
        assert (said["source"], said["language"]) == ("Agence Boréale".encode(), b"fr")
        assert said["trust"] == b"low"

        def shown() -> object:
            drop, quiet = get(f"{pages}/sources")[1]
            assert drop["problem"] is None
            return drop["door"]["sent"] == 1 and drop["last_item_at"] and quiet["name"] == "quiet"

        until("the page shows it", shown)
        assert get(f"{pages}/healthz") == (200, {"sources": 2, "failing": []})
        silent = 'dragoman_source_silent{source="quiet"} 1.0'
        until("who is silent is known", lambda: silent in get(f"{pages}/metrics")[1])
        metrics = get(f"{pages}/metrics")[1]
        assert 'dragoman_source_silent{source="drop"} 0.0' in metrics
        assert 'dragoman_source_items_total{outcome="story",source="drop"} 0.0' in metrics


def test_a_directory_can_be_watched_without_a_sources_file(
    settings: Settings, folder: Path
) -> None:
    (folder / "drop" / "a.txt").write_text("Bom dia.")
    arguments = ("ingest", "--watch", str(folder / "drop"), "--source", "Maré Alta")
    with running(folder, settings.broker, *arguments, "--as", "desk"):
        [item] = until("it is there", lambda: messages(settings.broker, STORIES_RAW.name))

    said = dict(item.headers)
    assert (said["feed"], said["source"]) == (b"desk", "Maré Alta".encode())


def test_what_came_of_each_source_is_told_from_the_record_alone(
    settings: Settings, folder: Path
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    published = now - timedelta(seconds=90)
    story = Story(
        id=StoryId("urn:a"),
        edition=EditionId("edition:a"),
        published_at=published,
        received_at=now,
        source="A",
        feed="drop",
        format="text",
    )
    again = story.model_copy(update={"received_at": now + timedelta(seconds=1)})
    letter = DeadLetter(
        id=DeadLetterId("dead:1"),
        reason="not_a_story",
        detail="empty",
        topic=STORIES_RAW.name,
        partition=0,
        offset=0,
        value=b"",
        headers=(Header(key="feed", value=b"ZHJvcA=="),),
        hop="parse",
        software="0",
        failed_at=now,
    )

    async def put() -> None:
        async with sender(settings) as sending:
            await sending.deliver([RawItem(b"a", "drop", now), RawItem(b"", "drop", now)])
            await sending.put(STORIES, story.id, story)
            await sending.put(STORIES, story.id, again)
            await sending.put(DEAD_LETTERS, letter.id, letter)

    asyncio.run(put())
    done = run(folder, "sources", "list", "--json", broker=settings.broker)
    assert done.returncode == 0, done.stderr
    drop, quiet = map(json.loads, done.stdout.splitlines())
    assert drop["items"] == {"story": 1, "repeated": 1, "refused": 1}
    assert drop["refused_by_reason"] == {"not_a_story": 1}
    assert (drop["lag_s"], drop["silent"]) == (90, False)
    assert drop["last_item_at"] == again.received_at.isoformat()
    assert (quiet["items"]["story"], quiet["last_item_at"], quiet["silent"]) == (0, None, True)

    table = run(folder, "sources", "list", broker=settings.broker).stdout
    assert "1 min 30 s" in table
    assert "1 (1 not_a_story)" in table
    later = (now + timedelta(minutes=5)).isoformat()
    none = run(folder, "sources", "list", "--json", "--since", later, broker=settings.broker)
    assert json.loads(none.stdout.splitlines()[0])["items"]["story"] == 0


def test_a_sources_file_without_fault_is_told_so(folder: Path) -> None:
    done = run(folder, "sources", "check")

    assert (done.returncode, done.stdout) == (0, "2 sources, no fault: drop, quiet\n")


@pytest.mark.parametrize(
    "arguments", [("intake",), ("sources", "check"), ("sources", "list")], ids=" ".join
)
def test_all_faults_of_the_file_are_told_before_anything_starts(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    (folder / "sources.toml").write_text(SOURCES.replace("low", "lwo").replace("drop", "dorp"))
    done = run(folder, *arguments)

    assert done.returncode == 2
    assert f"sources.toml:4: there is no directory {folder}/dorp" in done.stderr
    assert "sources.toml:8: trust is 'lwo'; did you mean 'low'?" in done.stderr


def test_without_a_sources_file_it_is_said_what_to_do(folder: Path) -> None:
    (folder / "sources.toml").unlink()
    done = run(folder, "intake")

    assert done.returncode == 2
    assert "DRAGOMAN_SOURCES_FILE" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param((), "give PATHs, or --watch, or --feed", id="nothing"),
        pytest.param(("a", "--watch", "b"), "give PATHs, or --watch, or --feed", id="two_ways"),
        pytest.param(("a", "--every", "5"), "--every goes with --feed", id="every_what"),
        pytest.param(("--watch", "no"), "there is no directory", id="no_directory"),
        pytest.param(("--feed", "feeds.example"), "no address of the web", id="no_address"),
        pytest.param(
            ("--watch", "/", "--received", "2026-01-01"), "goes with PATHs", id="no_archive"
        ),
    ],
)
def test_what_cannot_be_ingested_is_told(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run(folder, "ingest", *arguments)

    assert done.returncode == 2
    assert said in done.stderr


def test_brokers_that_are_not_there_are_a_failure(folder: Path) -> None:
    done = run(folder, "intake")

    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr
