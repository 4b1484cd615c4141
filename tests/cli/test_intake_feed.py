"""A feed as the intake asks it: a process that is killed, and a server that breaks off."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from worker_process import messages, until

from schemas.stories import Story
from schemas.topics import STORIES_RAW
from streams.core.wire import Arrival, parse
from streams.shell.brokers.tansu import EmbeddedTansu

DRAGOMAN = Path(sys.executable).parent / "dragoman"
WINDOW = 6
LAST = 14
SOURCES = """\
[[source]]
name = "wire"
way = "feed"
url = "{url}"
every_s = 1
private = true
"""


class Wire(ThreadingHTTPServer):
    """Publishes two entries more at each request, and shows the newest few.

    Every third body breaks off behind its first entry.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked = 0
        self.conditions: list[str | None] = []

    def answer(self) -> tuple[str, bytes, int]:
        """Version, body, and how much of it is sent."""
        self.asked += 1
        newest = min(2 * self.asked, LAST)
        entries = [
            f'<item><guid isPermaLink="false">e-{number}</guid><title>Entry {number}</title></item>'
            for number in range(newest, max(newest - WINDOW, 0), -1)
        ]
        head = '<rss version="2.0"><channel><title>Wire</title>'
        body = f"{head}{''.join(entries)}</channel></rss>".encode()
        is_cut = self.asked % 3 == 0 and newest < LAST
        return f'"{newest}"', body, len(head) + len(entries[0]) + 10 if is_cut else len(body)


class Asked(BaseHTTPRequestHandler):
    server: Wire

    def do_GET(self) -> None:
        etag, body, length = self.server.answer()
        condition = self.headers.get("If-None-Match")
        self.server.conditions.append(condition)
        self.send_response(304 if condition == etag else 200)
        self.send_header("ETag", etag)
        if condition == etag:
            self.end_headers()
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:length])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Says nothing."""


@contextmanager
def publishing() -> Iterator[Wire]:
    server = Wire()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def intake(folder: Path, broker: str) -> Iterator[subprocess.Popen[bytes]]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DRAGOMAN_")}
    process = subprocess.Popen(
        [str(DRAGOMAN), "intake"],
        env=own
        | {
            "DRAGOMAN_BROKER": broker,
            "DRAGOMAN_SOURCES_FILE": str(folder / "sources.toml"),
            "DRAGOMAN_DATA_DIR": str(folder / "data"),
            "DRAGOMAN_INTAKE_PORT": "0",
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def sent(broker: str) -> list[str]:
    """The ids on the raw topic, in their order."""
    arrival = Arrival(feed="wire", received_at=datetime(2026, 1, 14, tzinfo=UTC))
    read = [parse(message.value or b"", arrival) for message in messages(broker, STORIES_RAW.name)]
    return [story.id for story in read if isinstance(story, Story)]


@pytest.mark.broker
def test_a_feed_that_breaks_off_and_an_intake_that_is_killed_lose_nothing(tmp_path: Path) -> None:
    with EmbeddedTansu() as broker, publishing() as wire:
        url = f"http://127.0.0.1:{wire.server_port}/feed"
        (tmp_path / "sources.toml").write_text(SOURCES.format(url=url))
        with intake(tmp_path, broker.bootstrap):
            until("the first entries are there", lambda: len(sent(broker.bootstrap)) >= 4)
        before = sent(broker.bootstrap)

        with intake(tmp_path, broker.bootstrap):
            until("nothing is new", lambda: wire.conditions[-2:] == [f'"{LAST}"'] * 2)
        found = sent(broker.bootstrap)

    assert set(found) == {f"e-{number}" for number in range(1, LAST + 1)}
    # Only what was sent at the moment of the kill may be there once more.
    assert len(found) - len(set(found)) <= WINDOW
    assert len(found[len(before) :]) == len(set(found[len(before) :]))
