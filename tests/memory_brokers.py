"""Brokers for the door that are a list: away when told to be, or taking their time."""

import asyncio
from collections.abc import Sequence

from streams.shell.cluster import ClusterError
from streams.shell.record import RawItem


class MemoryBrokers:
    """`asked` is set by each delivery, which ends once `free` is set; raises while `away`."""

    def __init__(self) -> None:
        self.items: list[RawItem] = []
        self.away = False
        self.free = asyncio.Event()
        self.free.set()
        self.asked = asyncio.Event()

    async def deliver(self, items: Sequence[RawItem]) -> None:
        self.asked.set()
        await self.free.wait()
        if self.away:
            raise ClusterError("the brokers at secret-host:9092 did not confirm")
        self.items.extend(items)
