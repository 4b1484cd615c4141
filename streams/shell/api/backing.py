"""What all operations of one API have behind them: its view, its keys, its way to the brokers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import cast

from fastapi import Request

from schemas.subscriptions import Silence, Subscription
from streams.core.home_countries import HomeCountries
from streams.core.knowledge import Knowledge
from streams.core.searching import words
from streams.core.wording import country_names
from streams.shell.api.keys import Keys
from streams.shell.api.metrics import ApiMetrics
from streams.shell.api.problems import busy
from streams.shell.api.stream import HEARTBEAT_S
from streams.shell.api.view import View
from streams.shell.cluster import ClusterError
from streams.shell.in_force import put
from streams.shell.settings import Settings

_READERS = 4
"""Questions at once that read the log through; each holds a consumer and what it finds."""
_WRITE_S = 15.0
MOST_STREAMS = 200


@dataclass(slots=True)
class Standing:
    """Whether the view has what was there at the start, and what is in its way."""

    behind: Callable[[], frozenset[str]] = frozenset
    problems: Callable[[], Mapping[str, str]] = dict


@dataclass
class Api:
    """One API. For one event loop."""

    settings: Settings
    knowledge: Knowledge
    keys: Keys
    now: Callable[[], datetime]
    metrics: ApiMetrics = field(default_factory=ApiMetrics)
    standing: Standing = field(default_factory=Standing)
    heartbeat_s: float = HEARTBEAT_S
    streams: int = 0
    """How many clients have a stream open."""

    def __post_init__(self) -> None:
        self.view = View(HomeCountries(self.knowledge.leaders).of)
        self._readers = asyncio.Semaphore(_READERS)
        self._writing = asyncio.Lock()

    @cached_property
    def country_names(self) -> Mapping[str, str]:
        """Code to English name."""
        return country_names(self.knowledge)

    @cached_property
    def known_by(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """By id the names of all whom the data files know, in words to be looked for."""
        return {
            each.id: tuple(map(words, (each.id, each.name, *each.aliases)))
            for each in self.knowledge.leaders
        }

    @asynccontextmanager
    async def from_the_record(self) -> AsyncIterator[None]:
        """For a question that reads the log through. Raises `ProblemError` where many do."""
        if self._readers.locked():
            raise busy(f"{_READERS} questions to the record are being answered; try again")
        async with self._readers:
            yield

    async def write(self, record: Subscription | Silence) -> None:
        """Comes back when the brokers have it, and it holds here. Raises `ClusterError`."""
        async with self._writing:
            try:
                async with asyncio.timeout(_WRITE_S):
                    await put(self.settings, [record])
            except TimeoutError:
                raise ClusterError(f"nothing was confirmed within {_WRITE_S:g} s") from None
            self.view.note(record)


def api_of(request: Request) -> Api:
    """The API that a request came to."""
    return cast("Api", request.app.state.api)
