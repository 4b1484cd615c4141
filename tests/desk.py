"""The installed `dragoman worker` on Apache Kafka, and the commands of those who use it."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from worker_process import Place, all_is_through, delete_topics, get, until

from streams.shell.brokers.kafka import ApacheKafka

DRAGOMAN = str(Path(sys.executable).with_name("dragoman"))


class Desk:
    """A running worker and the commands of those who use it."""

    def __init__(self, place: Place, address: str) -> None:
        self.place = place
        self.address = address

    def run(self, *arguments: str, stdin: bytes = b"", code: int = 0) -> str:
        done = subprocess.run(
            [DRAGOMAN, *arguments],
            input=stdin,
            capture_output=True,
            env=self.place.environment(),
            check=False,
            timeout=180,
        )
        assert done.returncode == code, done.stderr.decode()
        return done.stdout.decode()

    def feed(self, items: Sequence[dict[str, Any]]) -> None:
        for item in items:
            self.run("ingest", "-", stdin=json.dumps(item).encode())
            self.drained()

    def drained(self) -> None:
        place = self.place
        until("all is through", lambda: all_is_through(place.bootstrap, place.app_id))

    def alerts(self) -> list[dict[str, Any]]:
        if not self.place.alert_log.exists():
            return []
        lines = self.place.alert_log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]


@contextmanager
def desk(kafka: ApacheKafka, directory: Path, name: str) -> Iterator[Desk]:
    """Topics made anew, and the installed `dragoman worker` reading them."""
    delete_topics(kafka.bootstrap)
    place = Place(kafka.bootstrap, name, directory, {"DRAGOMAN_WEB_PORT": "0"})
    log = directory / "dragoman.log"
    with log.open("wb") as out:
        worker = subprocess.Popen(
            [DRAGOMAN, "worker"], env=place.environment(), stdout=out, stderr=out
        )
    try:
        yield Desk(place, until("the worker reads", _ready(worker, log)))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(90) == 0, log.read_text("utf-8")
    finally:
        worker.kill()
        worker.wait()


def _ready(worker: "subprocess.Popen[bytes]", log: Path) -> Callable[[], str | None]:
    def look() -> str | None:
        text = log.read_text("utf-8")
        assert worker.poll() is None, text
        said = re.search(r"http://[\d.]+:\d+", text)
        try:
            return said.group() if said and get(f"{said.group()}/readyz")[0] == 200 else None
        except OSError:
            return None

    return look
