"""Sending a flow of stories at a pace, for fire drills and for the bench of the pipeline.

What the stories are is in `invented_wire`. Nothing here waits for what becomes of them.
"""

import asyncio
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from aiokafka import AIOKafkaProducer

from bench.invented_wire import Item
from schemas.topics import STORIES_RAW

FEED = "invented"
_LEAVE_S = 30.0
_OUTAGE_MS = 300_000
"""So long it is tried to send: the wire goes on through an outage."""


@dataclass(frozen=True)
class Message:
    """One message that a drill sends."""

    topic: str
    value: bytes
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None


def raw(item: Item, partition: int | None = None) -> Message:
    """As `dragoman ingest` would send it, but that its arrival is the item's own time."""
    headers = (
        ("feed", FEED.encode()),
        ("format", b"ninjs"),
        ("received_at", item.at.isoformat().encode()),
    )
    key = sha256(item.data).hexdigest().encode()
    return Message(STORIES_RAW.name, item.data, key, headers, partition)


class Feeder:
    """Sends messages at a pace from a thread of its own, each exactly once, through outages.

    A context: leaving it stops the flow, and raises what went wrong with it.
    """

    def __init__(self, bootstrap: str, flow: Sequence[Message], a_second: float) -> None:
        self._bootstrap = bootstrap
        self._flow = flow
        self._a_second = a_second
        self._thread = threading.Thread(target=self._run, name="feeder", daemon=True)
        self._stop = threading.Event()
        self._fault: BaseException | None = None
        self.sent = 0

    @property
    def is_done(self) -> bool:
        """Whether all is sent and confirmed, or the flow has failed."""
        return not self._thread.is_alive()

    def finish(self) -> None:
        """Comes back when all is sent and confirmed, or the flow has failed."""
        self._thread.join()

    def __enter__(self) -> "Feeder":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        # In an outage the client would not give up what it has in hand.
        self._thread.join(_LEAVE_S)
        if self._fault is not None:
            raise self._fault

    def _run(self) -> None:
        try:
            asyncio.run(self._feed())
        except BaseException as fault:  # noqa: BLE001 - raised again where the feeder is left
            self._fault = fault

    async def _feed(self) -> None:
        # Idempotent: a retry through an outage must not send anything twice.
        async with AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            enable_idempotence=True,
            request_timeout_ms=_OUTAGE_MS,
            linger_ms=5,
        ) as producer:
            began, waiting = time.monotonic(), []
            for number, message in enumerate(self._flow):
                await asyncio.sleep(began + number / self._a_second - time.monotonic())
                if self._stop.is_set():
                    return
                waiting.append(
                    await producer.send(
                        message.topic,
                        message.value,
                        key=message.key,
                        headers=list(message.headers),
                        partition=message.partition,
                    )
                )
                self.sent = number + 1
            await asyncio.gather(*waiting)
