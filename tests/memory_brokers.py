"""Brokers for the door that are a list: away when told to be, or taking their time."""

import asyncio
from collections.abc import Sequence

from streams.shell.cluster import ClusterError
from streams.shell.record import RawItem


class MemoryBrokers:
    """`asked` is set by each delivery, which ends once `free` is set; raises while `away`."""

    def __init__(self, problem: str = "the brokers at secret-host:9092 did not confirm") -> None:
        self._problem = problem
        self.items: list[RawItem] = []
        self.away = False
        self.free = asyncio.Event()
        self.free.set()
        self.asked = asyncio.Event()
        self._more = asyncio.Event()

    @property
    def data(self) -> list[bytes]:
        return [item.data for item in self.items]

    async def until(self, count: int) -> None:
        """Waits until so many items have come."""
        while len(self.items) < count:
            self._more.clear()
            await self._more.wait()

    async def deliver(self, items: Sequence[RawItem]) -> None:
        self.asked.set()
        await asyncio.sleep(0)
        await self.free.wait()
        if self.away:
            raise ClusterError(self._problem)
        self.items.extend(items)
        self._more.set()
