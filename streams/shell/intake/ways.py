"""The table of ways in: who runs a source of each way.

A new way is a module with one coroutine, and its line here.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from streams.shell.intake import feed, watch
from streams.shell.intake.door import Door
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.push import push
from streams.shell.intake.shift import Shift
from streams.shell.intake.topic import consume

RunEach = Callable[[Shift, Door, Ledger], Coroutine[Any, Any, None]]
"""Runs one source, `shift.source`, until `shift.is_over`, then finishes what is in hand.

Passing trouble is told by `shift.failing`, and `shift.well` when it is over. What it raises shows
the source as failing, and it is run again after a while.
"""
RunTogether = Callable[[Sequence[Shift], Door, Ledger], Coroutine[Any, Any, None]]
"""The same for all sources of a way at once, as where they share a port."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """How the sources of a way are run: `each` alone, or all `together`."""

    each: RunEach | None = None
    together: RunTogether | None = None


WAYS: dict[str, WayIn] = {
    "push": WayIn(together=push),
    "topic": WayIn(each=consume),
    "watch": WayIn(each=watch.run),
    "feed": WayIn(each=feed.run),
}
"""By `Source.way`. A source of the way `files` runs nothing: `dragoman ingest --as` names it."""
