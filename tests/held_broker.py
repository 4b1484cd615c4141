"""A way to a broker on which a worker's fetching can be held up, as by a connection that hangs.

Everything else passes: its group, its commits, what it sends, and all other clients. What a frame
of Kafka's protocol begins with is in KIP-511: length, api key, version, correlation id, client id.
"""

import asyncio
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_FETCH = 1
_HEADER = struct.Struct(">ihhih")
"""Length of what follows, api key, version, correlation id, length of the client's id."""

WORKER = b"faust"
"""What the client id of a worker's consumer begins with; all others are aiokafka's."""


class Passage:
    """A port in front of a broker. `hold` and `let_go` may be called from any thread."""

    def __init__(self, port: int, broker: int) -> None:
        self._port, self._broker = port, broker
        self._loop = asyncio.new_event_loop()
        self._open = asyncio.Event()
        self._open.set()

    def hold(self) -> None:
        """From now on no fetch of a worker comes through."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def let_go(self) -> None:
        """What was held goes on, in order."""
        self._loop.call_soon_threadsafe(self._open.set)

    @contextmanager
    def running(self) -> Iterator["Passage"]:
        """Listens, in a thread of its own."""
        serving = threading.Thread(target=self._loop.run_forever, daemon=True)
        serving.start()
        try:
            self._do(self._listen())
            yield self
        finally:
            self._do(self._end())
            self._loop.call_soon_threadsafe(self._loop.stop)
            serving.join(30)
            self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._client, "127.0.0.1", self._port)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for each in others:
            each.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            from_broker, to_broker = await asyncio.open_connection("127.0.0.1", self._broker)
            try:
                async with asyncio.TaskGroup() as both:
                    back = both.create_task(_answers(from_broker, writer))
                    await self._requests(reader, to_broker)
                    back.cancel()
            except* (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                to_broker.close()
                writer.close()

    async def _requests(self, reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while True:
            header = await reader.readexactly(_HEADER.size)
            length, key, _, _, named = _HEADER.unpack(header)
            rest = await reader.readexactly(length + 4 - _HEADER.size)
            if key == _FETCH and rest[:named].startswith(WORKER):
                await self._open.wait()
            to.write(header + rest)
            await to.drain()


async def _answers(reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while read := await reader.read(1 << 16):
        to.write(read)
        await to.drain()
    raise ConnectionError("the broker has closed it")
