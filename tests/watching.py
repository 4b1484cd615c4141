"""A real Prometheus with the shipped configuration and rules, quicker than it is shipped.

All times are made shorter by one factor, `FASTER`, by one rule for all: scrapes, evaluations,
`for`, windows and offsets in expressions, and each number that a metric in seconds is compared
with. How many events are too many, which share and how many intervals stays as it is; and one
scrape may take all the time to the next, for on a busy machine half a second is nothing. Targets
are named by a file instead of by DNS, so that a test can add one.
"""

import json
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from metric_names import PROMETHEUS
from worker_process import until

FASTER = 10
SLACK_S = 20.0
"""What a busy machine may add to a time."""

_UNITS_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"(?<![\w.])(\d+)(ms|[smhd])\b")
_SECONDS = re.compile(r"(seconds\)?\s*[<>]=?\s*)(\d+)\b(?!\s*\*)")


def quicker(text: str) -> str:
    """A duration, or an expression, with all times in it made shorter."""

    def duration(found: re.Match[str]) -> str:
        milliseconds, left = divmod(int(found[1]) * _UNITS_MS[found[2]], FASTER)
        assert not left, text
        return f"{milliseconds}ms"

    def seconds(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) / FASTER:g}"

    return _SECONDS.sub(seconds, _DURATION.sub(duration, text))


def free_port() -> int:
    """One that nobody listens on; somebody may before we do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Prometheus:
    """One that runs, and what may be asked of it."""

    def __init__(self, address: str, targets: Path) -> None:
        self._address = address
        self._targets = targets

    def answers(self) -> bool:
        try:
            return self._get("/-/ready") is not None
        except (urllib.error.URLError, ConnectionError):
            return False

    def ask(self, expr: str) -> list[dict[str, Any]]:
        """The series that an expression gives now."""
        body = self._get("/api/v1/query?" + urllib.parse.urlencode({"query": expr}))
        found: list[dict[str, Any]] = json.loads(body)["data"]["result"]
        return found

    def scrape(self, job: str, *addresses: str) -> None:
        """From now on these are the targets of a job; Prometheus looks by itself."""
        file = self._targets / f"{job}.json"
        ready = file.with_suffix(".new")
        ready.write_text(json.dumps([{"targets": addresses}]), "utf-8")
        ready.replace(file)

    @contextmanager
    def failure(self, alert: str, *, after_s: float) -> Iterator[Callable[[], None]]:
        """Something fails in here, and is mended in here: what is given waits for the alert.

        It fires within `after_s`, as it is shipped, and ends when the block has ended. No other
        one fires meanwhile.
        """
        until("all is well", lambda: not self.firing())
        began_s = time.time()

        def told() -> None:
            until(alert, lambda: alert in self.firing(), after_s / FASTER + SLACK_S)

        yield told
        until(f"{alert} ends", lambda: not self.firing())
        fired = self.fired_since(began_s)
        assert fired == {alert}, fired

    def fired_since(self, began_s: float) -> set[str]:
        """Names of the alerts that have fired since then, as the clock on the wall had it."""
        window = round((time.time() - began_s) * 1000)
        found = self.ask(f'count_over_time(ALERTS{{alertstate="firing"}}[{window}ms])')
        return {each["metric"]["alertname"] for each in found}

    def firing(self) -> set[str]:
        """Names of the alerts that fire now."""
        body = json.loads(self._get("/api/v1/alerts"))
        alerts = body["data"]["alerts"]
        return {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self._address + path, timeout=10) as reply:
            return bytes(reply.read())


@contextmanager
def watching(program: str, directory: Path, targets: Mapping[str, str]) -> Iterator[Prometheus]:
    """Scrapes these addresses, by the names of the shipped jobs."""
    file = _configuration(directory, set(targets))
    port = free_port()
    prometheus = Prometheus(f"http://127.0.0.1:{port}", directory)
    for job, address in targets.items():
        prometheus.scrape(job, address)
    with (directory / "prometheus.log").open("wb") as out:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={file}",
                f"--storage.tsdb.path={directory / 'series'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=out,
            stderr=out,
        )
    try:
        until("Prometheus answers", prometheus.answers)
        yield prometheus
    finally:
        process.terminate()
        process.wait(20)


def _configuration(directory: Path, jobs: set[str]) -> Path:
    """What is shipped, but for how targets are found and how long things take."""
    shipped = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))
    times = {key: quicker(value) for key, value in shipped["global"].items()}
    shipped["global"] = times | {"scrape_timeout": times["scrape_interval"]}
    assert {job["job_name"] for job in shipped["scrape_configs"]} == jobs
    for job in shipped["scrape_configs"]:
        del job["dns_sd_configs"]
        job["file_sd_configs"] = [{"files": [str(directory / f"{job['job_name']}.json")]}]
    rules = directory / "rules"
    rules.mkdir()
    for source in PROMETHEUS.glob(shipped["rule_files"][0]):
        loaded = yaml.safe_load(source.read_text("utf-8"))
        for group in loaded["groups"]:
            for rule in group["rules"]:
                rule |= {key: quicker(rule[key]) for key in ("expr", "for") if key in rule}
        (rules / source.name).write_text(yaml.safe_dump(loaded), "utf-8")
    file = directory / "prometheus.yml"
    file.write_text(yaml.safe_dump(shipped), "utf-8")
    return file
