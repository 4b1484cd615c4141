"""A real Prometheus with the shipped configuration and rules, quicker than it is shipped."""

import json
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from metric_names import PROMETHEUS
from worker_process import until


def free_port() -> int:
    """One that nobody listens on; somebody may before we do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Prometheus:
    """One that runs, and what may be asked of it."""

    def __init__(self, address: str) -> None:
        self._address = address

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
    """Scrapes these addresses, by the names of the shipped jobs, each second."""
    file = _configuration(directory, targets)
    port = free_port()
    log = directory / "prometheus.log"
    with log.open("wb") as out:
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
        prometheus = Prometheus(f"http://127.0.0.1:{port}")
        until("Prometheus answers", prometheus.answers)
        yield prometheus
    finally:
        process.terminate()
        process.wait(20)


def _configuration(directory: Path, targets: Mapping[str, str]) -> Path:
    """What is shipped, but for where the targets are and how long things take."""
    shipped = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))
    shipped["global"] = {
        "scrape_interval": "1s",
        "scrape_timeout": "1s",
        "evaluation_interval": "1s",
    }
    assert {job["job_name"] for job in shipped["scrape_configs"]} == set(targets)
    for job in shipped["scrape_configs"]:
        del job["dns_sd_configs"]
        job["static_configs"] = [{"targets": [targets[job["job_name"]]]}]
    rules = directory / "rules"
    rules.mkdir()
    for source in PROMETHEUS.glob(shipped["rule_files"][0]):
        loaded = yaml.safe_load(source.read_text("utf-8"))
        for group in loaded["groups"]:
            for rule in group["rules"]:
                if "for" in rule:
                    rule["for"] = "1s"
        (rules / source.name).write_text(yaml.safe_dump(loaded), "utf-8")
    file = directory / "prometheus.yml"
    file.write_text(yaml.safe_dump(shipped), "utf-8")
    return file
