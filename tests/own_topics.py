"""Topics of a test module's own, on brokers of both kinds: the names of topics are fixed."""

import asyncio
from collections.abc import Iterator

import pytest
from worker_process import delete_topics

from streams.shell.brokers.tansu import EmbeddedTansu
from streams.shell.cluster import create_topics
from streams.shell.settings import Settings

KINDS = ("tansu", "kafka")


def settings_with_own_topics(request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings that lead to them, for a fixture whose parameters are `KINDS`."""
    if request.param == "tansu":
        with EmbeddedTansu() as broker:
            made = Settings(broker=broker.bootstrap)
            asyncio.run(create_topics(made))
            yield made
    else:
        made = Settings(broker=request.getfixturevalue("kafka").bootstrap)
        delete_topics(made.broker)
        asyncio.run(create_topics(made))
        yield made
        delete_topics(made.broker)
