"""The turns of an event loop, for tests that say themselves when something is answered."""

import asyncio


async def settled() -> None:
    """Lets everything go as far as it can."""
    for _ in range(100):
        await asyncio.sleep(0)
