"""A worker as it is shipped, on a Kafka of its own, watched from outside: its pace and its CPU.

Linux only: CPU time is read from /proc. Times of messages are the broker's own (it stamps them when
they are appended), so that two topics are timed by one clock.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas.topics import ALERTS, DESK, REPORTS, STORIES, STORIES_RAW

BROKER_SETTINGS = {"log.message.timestamp.type": "LogAppendTime"}
HOPS_READ = (STORIES_RAW.name, STORIES.name, REPORTS.name, ALERTS.name, DESK.name)
PATIENCE_S = 900.0
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Logged:
    """A message with the broker's time of it, in seconds."""

    at_s: float
    value: bytes


class Worker:
    """One `dragoman worker` process with default settings, on this broker and port.

    With all hops, or those that `only` names.
    """

    def __init__(
        self,
        bootstrap: str,
        app_id: str,
        directory: Path,
        port: int,
        only: str | None = None,
        **settings: str,
    ) -> None:
        self.address = f"http://127.0.0.1:{port}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DRAGOMAN_")}
        environment |= {
            "DRAGOMAN_BROKER": bootstrap,
            "DRAGOMAN_APP_ID": app_id,
            "DRAGOMAN_WEB_PORT": str(port),
            "DRAGOMAN_ALERT_LOG": str(directory / f"alerts-{app_id}-{port}.jsonl"),
            "DRAGOMAN_CANARY_EVERY_S": "0",
            # Of a test: a worker that was stopped should not hold its successor up.
            "DRAGOMAN_SESSION_TIMEOUT_S": "6",
            "DRAGOMAN_HEARTBEAT_INTERVAL_S": "1",
            **settings,
        }
        self._began = time.monotonic()
        with (directory / f"worker-{port}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    Path(sys.executable).with_name("dragoman"),
                    "worker",
                    *(() if only is None else ("--only", only)),
                ],
                env=environment,
                stderr=log,
            )

    def wait_ready(self) -> float:
        """Seconds from its start until it reads."""
        while not self._is_ready():
            if self._process.poll() is not None:
                raise RuntimeError(f"the worker ended with {self._process.returncode}")
            if time.monotonic() - self._began > PATIENCE_S:
                raise RuntimeError("the worker did not get ready")
            time.sleep(0.05)
        return time.monotonic() - self._began

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as page:
                return bool(json.load(page)["ready"])
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def metric(self, name: str) -> float:
        """A metric without labels."""
        with urllib.request.urlopen(f"{self.address}/metrics", timeout=60) as page:
            lines = page.read().decode().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))

    def cpu_s(self) -> float:
        """CPU seconds it has used so far, all threads, in user and kernel."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def stop(self) -> None:
        """In good order."""
        self._process.terminate()
        self._process.wait(60)


async def logged(bootstrap: str, topic: str) -> list[Logged]:
    """All messages of a topic, in no order."""
    found: list[Logged] = []
    async with _reading(bootstrap) as consumer:
        partitions = await _partitions(consumer, topic)
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(each) < ends[each] for each in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [Logged(each.timestamp / 1000, each.value or b"") for each in records]
    return found


async def until_all_is_read(bootstrap: str, app_id: str, topics: Iterable[str] = HOPS_READ) -> None:
    """Comes back when every hop, or those that read these topics, has committed all there is."""
    deadline = time.monotonic() + PATIENCE_S
    async with _reading(bootstrap, group_id=app_id) as consumer:
        for topic in topics:
            partitions = await _partitions(consumer, topic)
            while True:
                ends = await consumer.end_offsets(partitions)
                committed = [await consumer.committed(each) or 0 for each in partitions]
                if sum(committed) >= sum(ends.values()):
                    break
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{topic} was not read to its end")
                await asyncio.sleep(0.2)


async def send_all(bootstrap: str, topic: str, pairs: Iterable[tuple[bytes, bytes]]) -> None:
    """Puts keys and values on a topic, as fast as it takes them."""
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, linger_ms=20, max_batch_size=256 * 1024
    ) as producer:
        sent = [await producer.send(topic, value, key=key) for key, value in pairs]
        await asyncio.gather(*sent)


async def delete_topics(bootstrap: str) -> None:
    """Takes all topics away, and waits until they are gone."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        while ours := [each for each in await admin.list_topics() if not each.startswith("__")]:
            await admin.delete_topics(ours)
            await asyncio.sleep(0.1)
    finally:
        await admin.close()


@asynccontextmanager
async def _reading(bootstrap: str, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **options,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    await consumer._client.force_metadata_update()
    return [TopicPartition(topic, n) for n in consumer.partitions_for_topic(topic) or ()]


def quantile(sorted_values: list[float], share: float) -> float:
    """The value that so great a share lies at or under."""
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]
