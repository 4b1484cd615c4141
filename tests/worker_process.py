"""Workers as child processes, and the topics they read and write, for tests of the shell."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from plain_wire import EPOCH

from schemas.codec import decode
from schemas.topics import (
    ALERTS,
    DEAD_LETTERS,
    DELIVERIES,
    DESK,
    REPORTS,
    STORIES,
    STORIES_RAW,
    TopicDeclaration,
)

T = TypeVar("T")
HERE = Path(__file__).resolve().parent


def until(what: str, look: Callable[[], T | None], timeout_s: float = 150.0) -> T:
    """What `look` gives as soon as it gives something true; fails when the time is up."""
    deadline = time.monotonic() + timeout_s
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:g} s: {what}")
        time.sleep(0.02)
    return found


@dataclass(frozen=True)
class Version:
    """A version of the service: the tree it is in, and the Python that has what it needs."""

    root: Path
    python: Path
    settings: frozenset[str] | None = None
    """Names of those that it knows, where they may be others than ours: it takes no others."""


THIS = Version(HERE.parent, Path(sys.executable))


@dataclass(frozen=True)
class Place:
    """Where a worker of a test lives: its broker, its group and its directory."""

    bootstrap: str
    app_id: str
    directory: Path
    extra: Mapping[str, str]
    version: Version = THIS

    @property
    def alert_log(self) -> Path:
        return self.directory / "alerts.jsonl"

    def environment(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if "DRAGOMAN_" not in key}
        root, known = self.version.root, self.version.settings
        ours = {
            "DRAGOMAN_BROKER": self.bootstrap,
            "DRAGOMAN_APP_ID": self.app_id,
            "DRAGOMAN_WEB_PORT": "0",
            "DRAGOMAN_SESSION_TIMEOUT_S": "6",
            "DRAGOMAN_HEARTBEAT_INTERVAL_S": "1",
            "DRAGOMAN_COMMIT_INTERVAL_S": "0.5",
            "DRAGOMAN_CANARY_EVERY_S": "0",
            "DRAGOMAN_ALERT_LOG": str(self.alert_log),
            "DRAGOMAN_DATA_DIR": str(self.directory / "tables"),
            **self.extra,
        }
        return {
            **clean,
            **{name: value for name, value in ours.items() if known is None or name in known},
            "PYTHONPATH": os.pathsep.join(
                filter(None, (os.environ.get("PYTHONPATH"), str(root), str(root / "tests")))
            ),
        }


def dragoman(place: Place, *arguments: str) -> str:
    """What a command prints, with the settings of a worker's place."""
    done = subprocess.run(
        [Path(sys.executable).with_name("dragoman"), *arguments],
        env=place.environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class WorkerProcess:
    """One worker. Leaves no process behind when used as a context."""

    def __init__(self, place: Place, *arguments: str) -> None:
        self._place = place
        self.output = place.directory / "worker.out"
        self.log = place.directory / "worker.log"
        self._from = self.output.stat().st_size if self.output.exists() else 0
        with self.output.open("ab") as out, self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(place.version.python),
                    "-W",
                    "ignore",
                    str(place.version.root / "tests" / "plain_worker.py"),
                    *arguments,
                ],
                env=place.environment(),
                stdout=out,
                stderr=log,
            )

    def __enter__(self) -> "WorkerProcess":
        return self

    def __exit__(self, fault: object, *_: object) -> None:
        """Where a test fails, its report has what the worker said last."""
        if fault is not None:
            print(f"{self.log}, exit code {self.process.poll()}:\n{self.log_tail()}")
        self.kill()

    def said(self, word: str) -> str | None:
        """The rest of the line that begins with this word, once the worker has said it."""
        with self.output.open() as out:
            out.seek(self._from)
            for line in out:
                if line.startswith(word + " ") and line.endswith("\n"):
                    return line[len(word) + 1 :].strip()
        return None

    def wait_ready(self, timeout_s: float = 150.0) -> str:
        """Address of its pages, when it reads."""

        def look() -> str | None:
            assert self.process.poll() is None, f"it ended: {self.log_tail()}"
            return self.said("ready")

        return until("the worker reads", look, timeout_s)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stop(self, timeout_s: float = 90.0) -> int:
        """Exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def log_tail(self) -> str:
        return "\n".join(self.log.read_text().splitlines()[-30:])


def get(url: str) -> tuple[int, Any]:
    """Status and body of a page; the body is parsed where it is JSON."""
    try:
        with urllib.request.urlopen(url, timeout=60) as reply:
            return reply.status, _body(reply)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.status, _body(refusal)


def _body(reply: Any) -> Any:
    text = reply.read().decode()
    return json.loads(text) if "json" in reply.headers["Content-Type"] else text


def send_raw(bootstrap: str, items: Iterable[bytes]) -> None:
    """Puts items on the raw topic, one after the other, confirmed."""

    async def send() -> None:
        async with AIOKafkaProducer(
            bootstrap_servers=bootstrap, max_request_size=12_000_000
        ) as producer:
            confirmations = [
                await producer.send(
                    STORIES_RAW.name,
                    value,
                    key=sha256(value).hexdigest().encode(),
                    headers=[
                        ("feed", b"plain"),
                        ("format", b"ninjs"),
                        ("received_at", EPOCH.isoformat().encode()),
                    ],
                )
                for value in items
            ]
            await asyncio.gather(*confirmations)

    asyncio.run(send())


def send_many(
    bootstrap: str,
    topic: TopicDeclaration,
    values: Iterable[tuple[str, bytes]],
    headers: list[tuple[str, bytes]],
) -> None:
    """Puts keyed values on a topic, confirmed."""

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
            confirmations = [
                await producer.send(topic.name, value, key=key.encode(), headers=headers)
                for key, value in values
            ]
            await asyncio.gather(*confirmations)

    asyncio.run(send())


def messages(bootstrap: str, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
    """All messages of a topic from its beginning to its end as of now, by partition and offset."""
    return asyncio.run(_messages(bootstrap, topic))


async def _messages(bootstrap: str, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
    found: list[ConsumerRecord[bytes, bytes]] = []
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        max_partition_fetch_bytes=12_000_000,
        auto_offset_reset="earliest",
    ) as consumer:
        await consumer._client.force_metadata_update()
        numbers = consumer.partitions_for_topic(topic) or set()
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        if not partitions:
            return []
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        deadline = time.monotonic() + 150
        while any([await consumer.position(p) < ends[p] for p in partitions]):
            assert time.monotonic() < deadline, f"{topic} could not be read to its end"
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found.extend(records)
    return sorted(found, key=lambda record: (record.partition, record.offset))


def uncommitted(bootstrap: str, group: str, topic: TopicDeclaration) -> int:
    """How many messages of a topic lie beyond what the group has committed."""

    async def lag() -> int:
        async with AIOKafkaConsumer(
            bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False
        ) as consumer:
            await consumer._client.force_metadata_update()
            numbers = consumer.partitions_for_topic(topic.name) or set()
            partitions = [TopicPartition(topic.name, number) for number in numbers]
            ends = await consumer.end_offsets(partitions)
            return sum([ends[p] - (await consumer.committed(p) or 0) for p in partitions])

    return asyncio.run(lag())


def members(bootstrap: str, group: str) -> int:
    """How many workers the brokers take for alive."""

    async def count() -> int:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        try:
            (answer,) = await admin.describe_consumer_groups([group])
            ((error, _, _, _, _, members, *_),) = answer.groups
            assert error == 0
            return len(members)
        finally:
            await admin.close()

    return asyncio.run(count())


HOPS_READ = (STORIES_RAW, STORIES, REPORTS, ALERTS, DESK)
"""The topics that workers read."""


def all_is_through(bootstrap: str, group: str) -> bool:
    """Whether all topics that are read are committed to their ends, and all is brought."""
    behind = any(uncommitted(bootstrap, group, topic) for topic in HOPS_READ)
    return not behind and not to_be_brought(bootstrap)


def to_be_brought(bootstrap: str) -> int:
    """Alerts that are planned for a subscription and have come to no end there."""
    steps: dict[tuple[str, str], str] = {}
    for each in records(bootstrap, DELIVERIES):
        steps[each.subscription, each.alert] = each.step
    return sum(step in ("planned", "failed") for step in steps.values())


def records(bootstrap: str, topic: TopicDeclaration) -> list[Any]:
    """All records of a topic, decoded."""
    return [
        decode(topic, message.value or b"", dict(message.headers))
        for message in messages(bootstrap, topic.name)
    ]


def dead_letters(bootstrap: str) -> list[Any]:
    """All dead letters, in order."""
    return records(bootstrap, DEAD_LETTERS)


def alerts_in(path: Path) -> list[str]:
    """Ids in an alert log, in order."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    return [json.loads(line)["id"] for line in lines[:-1]]


def delete_topics(bootstrap: str) -> None:
    """Takes all our topics off a broker, and waits until they are gone."""

    async def delete() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        try:
            while ours := [t for t in await admin.list_topics() if not t.startswith("__")]:
                await admin.delete_topics(ours)
        finally:
            await admin.close()

    asyncio.run(delete())
