"""`dragoman intake` with slow sends, as a process of its own: `python tests/slow_intake.py`.

Between the brokers' word and the ledger's note there is a moment, which here is long enough for a
kill to hit it. Settings are the environment's.
"""

import asyncio
import sys
from collections.abc import Sequence

from streams.shell.intake.entries import load_sources
from streams.shell.intake.run import run
from streams.shell.record import RawItem, Sender
from streams.shell.settings import load_settings

LATE_S = 0.25


def main() -> int:
    at_once = Sender.deliver

    async def later(sending: Sender, items: Sequence[RawItem]) -> None:
        await at_once(sending, items)
        await asyncio.sleep(LATE_S)

    Sender.deliver = later  # type: ignore[method-assign]
    settings = load_settings()
    assert settings.sources_file is not None
    return run(settings, load_sources(settings.sources_file))


if __name__ == "__main__":
    sys.exit(main())
