"""A worker, an intake and an API, watched by a real Prometheus with the shipped rules.

On the embedded broker, which begins at once: what is judged here is what a page of metrics says
and what follows from it, never how a table recovers.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from api_process import ApiProcess
from desk import DRAGOMAN
from metric_names import ROOT
from span_receiver import Receiver, receiving
from watching import free_port, watching
from worker_process import Place, WorkerProcess, get, until

from streams.shell.agents import HOPS
from streams.shell.brokers.tansu import EmbeddedTansu

QUERIES = {
    f"{file.stem}, {panel['title']}, {target['refId']}": target["expr"]
    for file in sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
    for panel in json.loads(file.read_text("utf-8"))["panels"]
    for target in panel["targets"]
}
GONE = {"DragomanWorkerDown", "DragomanNoWorker", "DragomanCanaryLate"}


@pytest.fixture
def collector() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def place(tmp_path: Path, collector: Receiver) -> Iterator[Place]:
    """A broker, a source with the sample wire in it, and ports that stay the same."""
    drop = tmp_path / "drop"
    drop.mkdir()
    shutil.copy(ROOT / "streams" / "data" / "sample" / "wire.jsonl", drop)
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[[source]]\nname = "north"\nway = "watch"\ndirectory = "{drop}"\n')
    with EmbeddedTansu() as broker:
        extra = {
            "DRAGOMAN_PARTITIONS": "2",
            "DRAGOMAN_CANARY_EVERY_S": "1",
            "DRAGOMAN_SOURCES_FILE": str(sources),
            "DRAGOMAN_WEB_PORT": str(free_port()),
            "DRAGOMAN_OTLP_ENDPOINT": collector.address,
            "DRAGOMAN_INTAKE_PORT": str(free_port()),
            "DRAGOMAN_API_PORT": str(free_port()),
        }
        yield Place(broker.bootstrap, "watched", tmp_path, extra)


@contextmanager
def intake(place: Place) -> Iterator[None]:
    with (place.directory / "intake.log").open("wb") as log:
        process = subprocess.Popen([DRAGOMAN, "intake"], env=place.environment(), stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _with_name(text: str) -> str | None:
    return text if "Steinmeier" in text else None


def shown_of(place: Place, pages: str) -> str:
    """What people see: the alert log, the pages, and a replay of the record."""
    told = until("it is in the log", lambda: _with_name(place.alert_log.read_text("utf-8")))
    replayed = subprocess.run(
        [DRAGOMAN, "replay", "--topic"],
        env=place.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Steinmeier" in replayed
    return told + replayed + json.dumps([get(pages + "/leaders"), get(pages + "/alerts")])


def test_a_worker_that_dies_raises_alarms_which_end_when_it_is_back(
    place: Place, prometheus: str, tmp_path: Path, collector: Receiver
) -> None:
    targets = {
        "dragoman-worker": f"127.0.0.1:{place.extra['DRAGOMAN_WEB_PORT']}",
        "dragoman-intake": f"127.0.0.1:{place.extra['DRAGOMAN_INTAKE_PORT']}",
        "dragoman-api": f"127.0.0.1:{place.extra['DRAGOMAN_API_PORT']}",
    }
    with watching(prometheus, tmp_path, targets) as watcher:
        with WorkerProcess(place, "--rules") as worker, intake(place), ApiProcess(place):
            until("all are scraped", lambda: len(watcher.ask("up == 1")) == len(targets))
            until(
                "canaries come on both partitions",
                lambda: len(watcher.ask("dragoman:canary_age:seconds < 5")) == 2,
            )
            until("alerts are raised", lambda: watcher.ask("sum(dragoman_alerts_total) > 20"))
            until("all is well", lambda: not watcher.firing())
            empty = {asked: expr for asked, expr in QUERIES.items() if not watcher.ask(expr)}
            assert empty == {}
            until("a trail from end to end", lambda: HOPS in collector.trails())
            assert watcher.ask("dragoman:canary_interval:seconds")[0]["value"][1] == "1"
            assert "canary" not in shown_of(place, worker.wait_ready())
        # Killed, not stopped, at the end of the block.
        until("it is missed", lambda: watcher.firing() >= GONE)
        with WorkerProcess(place, "--rules"):
            until("the alarms end", lambda: not watcher.firing() & GONE)
