"""What a story costs: CPU of each hop, bytes on each topic, disk of each dossier.

`python -m bench.capacity` starts a Kafka of its own, and lets each hop alone read all that the one
before has written. CPU is the process's own, so that a busy machine changes it little. `--write`
puts the figures into docs/performance.md. What a year takes is multiplied from them there.
"""

import argparse
import asyncio
import itertools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from bench.feeding import Feeder, raw
from bench.invented_wire import Item
from bench.pipeline import whole_stories, wire
from bench.report import machine, put
from bench.service import Worker, until_all_is_read
from schemas.topics import TOPICS, TopicDeclaration
from streams.shell.agents import HOPS
from streams.shell.app import AGENTS, SOURCES
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.brokers.process import free_ports
from streams.shell.tables import DOSSIERS_TABLE

SAMPLE = Path(__file__).resolve().parent.parent / "streams/data/sample/wire.jsonl"
_DAY_MS = 86_400_000
A_DAY = 10_000
"""Stories, of the example. Assumed, and not measured."""
YEAR_D = 365


@dataclass(frozen=True, slots=True)
class Found:
    """Of one wire."""

    stories: int
    cpu_ms: dict[str, float]
    """Of each hop, a story of the wire, whether anything of it comes so far or not."""
    log_bytes: dict[str, float]
    """On each topic a story, as the broker keeps it, with keys, headers and the batch round it."""
    dossiers: float
    rocksdb_bytes: float
    """Of all dossiers, as the table lies on the disk when its worker has stopped."""


def sample(count: int) -> list[Item]:
    """The sample wire, again and again as new stories: what it tells is told by ever more."""
    lines = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    told = ((number, line) for number in itertools.count() for line in lines)
    return [
        Item(
            json.dumps(line | {"uri": f"{line['uri']}:{number}"}, ensure_ascii=False).encode(),
            datetime.fromisoformat(line["versioncreated"]),
        )
        for number, line in itertools.islice(told, count)
    ]


async def measure(items: Sequence[Item]) -> Found:
    """Of one wire, on a broker of its own."""
    with TemporaryDirectory(prefix="dragoman-capacity-") as directory:
        home = Path(directory)
        cpu_ms: dict[str, float] = {}
        dossiers = 0.0
        with ApacheKafka(data_dir=home / "kafka") as kafka:
            for hop in HOPS:
                worker = _worker(kafka.bootstrap, home, hop)
                try:
                    worker.wait_ready()
                    begun = worker.cpu_s()
                    if hop == "parse":
                        with Feeder(kafka.bootstrap, [raw(item) for item in items], 5_000) as feed:
                            await asyncio.to_thread(feed.finish)
                    names = [SOURCES[agent].name for agent in AGENTS[hop]]
                    await until_all_is_read(kafka.bootstrap, _GROUP, names)
                    cpu_ms[hop] = 1000 * (worker.cpu_s() - begun) / len(items)
                    if hop == "fold":
                        dossiers = worker.metric('dragoman_table_keys{table="dossiers"}')
                finally:
                    worker.stop()
        return Found(
            stories=len(items),
            cpu_ms=cpu_ms,
            log_bytes={t.name: _log_bytes(home / "kafka", t) / len(items) for t in TOPICS},
            dossiers=dossiers,
            rocksdb_bytes=_disk(home / "tables"),
        )


_GROUP = "capacity"


def _worker(bootstrap: str, home: Path, hop: str) -> Worker:
    """One hop alone, with a disk."""
    disk = {"DRAGOMAN_STORE": "rocksdb", "DRAGOMAN_DATA_DIR": str(home / "tables")}
    return Worker(bootstrap, _GROUP, home, free_ports(1)[0], hop, **disk)


def _log_bytes(kafka: Path, topic: TopicDeclaration) -> int:
    """What the broker has of it, without indexes, which are made full size beforehand."""
    return sum(file.stat().st_size for file in kafka.rglob("*.log") if _is_of(file, topic))


def _is_of(file: Path, topic: TopicDeclaration) -> bool:
    return file.parent.name.rpartition("-")[0] == topic.name


def _disk(tables: Path) -> int:
    """Of the table of dossiers, all partitions."""
    files = (file for file in tables.rglob("*") if file.is_file())
    return sum(file.stat().st_size for file in files if _is_of_dossiers(file))


def _is_of_dossiers(file: Path) -> bool:
    return any(part.startswith(f"{DOSSIERS_TABLE.name}-") for part in file.parts)


def written(found: Mapping[str, Found]) -> str:
    """All figures as Markdown: what was measured, and then what is multiplied from it."""
    wires = list(found)
    rule = "|---" * (len(wires) + 1) + "|"
    cpu = [
        f"| {hop} | " + " | ".join(f"{found[name].cpu_ms[hop]:.2f} ms" for name in wires) + " |"
        for hop in HOPS
    ]
    total = " | ".join(f"**{sum(found[name].cpu_ms.values()):.2f} ms**" for name in wires)
    stored = [
        f"| `{topic.name}`, {_kept(topic)} | "
        + " | ".join(f"{found[name].log_bytes[topic.name]:.0f} B" for name in wires)
        + " |"
        for topic in TOPICS
        if any(found[name].log_bytes[topic.name] for name in wires)
    ]
    disk = [f"{each.rocksdb_bytes / each.dossiers / 1000:.1f} kB" for each in found.values()]
    year = [f"{_year_bytes(each) / 1e9:.0f} GB" for each in found.values()]
    cores = [f"{_cpu_s_a_day(each) / 86_400:.4f}" for each in found.values()]
    return "\n".join(
        (
            f"{machine()}.",
            "",
            "| measured | " + " | ".join(wires) + " |",
            rule,
            "| stories | " + " | ".join(f"{each.stories}" for each in found.values()) + " |",
            *cpu,
            f"| all hops, CPU a story | {total} |",
            *stored,
            "| dossiers | " + " | ".join(f"{each.dossiers:.0f}" for each in found.values()) + " |",
            "| RocksDB, a dossier | " + " | ".join(disk) + " |",
            "",
            f"| multiplied, for {A_DAY:,} stories a day | " + " | ".join(wires) + " |",
            rule,
            "| on the brokers after a year, one copy | " + " | ".join(year) + " |",
            "| cores that are busy, spread evenly | " + " | ".join(cores) + " |",
        )
    )


def _kept(topic: TopicDeclaration) -> str:
    return "for ever" if topic.retention_ms < 0 else f"{topic.retention_ms // _DAY_MS} days"


def _year_bytes(found: Found) -> float:
    """After a year of `A_DAY` stories a day: of what is kept for less, what is there then."""
    days = {t.name: YEAR_D if t.retention_ms < 0 else t.retention_ms / _DAY_MS for t in TOPICS}
    return sum(A_DAY * days[name] * size for name, size in found.log_bytes.items())


def _cpu_s_a_day(found: Found) -> float:
    return A_DAY * sum(found.cpu_ms.values()) / 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints, and writes if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--stories", type=int, default=2_000, help="of each wire")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    asked = parser.parse_args(arguments)
    wires = {
        "invented wire": wire(asked.stories),
        "sample wire, again and again": sample(asked.stories),
        "whole stories": whole_stories(asked.stories),
    }
    figures = written({name: uvloop.run(measure(items)) for name, items in wires.items()})
    print(figures)
    if asked.write:
        put("capacity", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
