"""A connection that is lost while it is written to, on uvloop: the moment between the two."""

import asyncio
from collections.abc import Iterator

import pytest
from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from streams.shell.brokers.tansu import EmbeddedTansu
from streams.shell.lost_connections import tell_lost_connections

uvloop = pytest.importorskip("uvloop", reason="not on Windows")

TURNS = 20
"""Of the loop: in some of the first, the transport is closed and aiokafka does not know it yet."""


@pytest.fixture
def told() -> Iterator[None]:
    """For one test: it is for the whole process."""
    before = AIOKafkaConnection.send
    tell_lost_connections()
    yield
    AIOKafkaConnection.send = before


def errors_of_sends(broker: EmbeddedTansu) -> set[type[Exception]]:
    """What sending raises, or its answer, turn by turn after the connection is gone."""

    async def run() -> set[type[Exception]]:
        host, port = broker.bootstrap.split(":")
        connection = await create_conn(host, int(port))
        connection._writer.transport.abort()
        answers, seen = [], set()
        for _ in range(TURNS):
            try:
                answers.append(asyncio.ensure_future(connection.send(MetadataRequest([]))))
            except RuntimeError as error:
                seen.add(type(error))
            await asyncio.sleep(0)
        seen |= {type(each) for each in await asyncio.gather(*answers, return_exceptions=True)}
        await connection.close()
        return seen

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


@pytest.mark.usefixtures("told")
def test_a_lost_connection_is_told_as_aiokafka_expects_it(tansu: EmbeddedTansu) -> None:
    assert errors_of_sends(tansu) == {KafkaConnectionError}


def test_aiokafka_still_needs_to_be_told(tansu: EmbeddedTansu) -> None:
    # When this fails, `streams.shell.lost_connections` can go.
    assert RuntimeError in errors_of_sends(tansu)
