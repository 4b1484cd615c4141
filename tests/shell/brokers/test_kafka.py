import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from streams.shell.brokers import BrokerStartError
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.brokers.process import LOOPBACK, free_ports

PATIENCE_S = 120


async def write(bootstrap: str, topic: str, value: bytes) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait(topic, value)


async def first_of(bootstrap: str, topic: str) -> bytes | None:
    async with (
        asyncio.timeout(PATIENCE_S),
        AIOKafkaConsumer(
            topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
        ) as reader,
    ):
        value: bytes | None = (await reader.getone()).value
    return value


# The fixture is not used but asked for: it settles whether Kafka can run here at all.
def test_data_in_a_directory_of_ours_outlives_the_broker_and_its_ports(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    with ApacheKafka(data_dir=tmp_path, short_lived=True) as first:
        asyncio.run(write(first.bootstrap, "kept", b"still here"))
    assert not first.is_running
    with ApacheKafka(data_dir=tmp_path, short_lived=True) as second:
        assert second.bootstrap != first.bootstrap
        assert asyncio.run(first_of(second.bootstrap, "kept")) == b"still here"


def test_a_node_that_cannot_start_says_why_and_leaves_nothing_running(
    kafka: ApacheKafka,
) -> None:
    broken = ApacheKafka(settings={"num.io.threads": "none"})
    with pytest.raises(BrokerStartError, match=r"num\.io\.threads"):
        broken.start()
    assert not broken.is_running


def test_make_kafka_tells_its_address_and_ends_with_ctrl_c(
    kafka: ApacheKafka, until_hung_up: Callable[[socket.socket], None]
) -> None:
    (port,) = free_ports(1)
    with subprocess.Popen(
        [sys.executable, "-m", "streams.shell.brokers.kafka", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == (
            f"Apache Kafka answers at 127.0.0.1:{port}; Ctrl-C stops it.\n"
        )
        with socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S) as connection:
            command.send_signal(signal.SIGINT)
            until_hung_up(connection)
        _, said = command.communicate(timeout=PATIENCE_S)
        assert (command.returncode, said) == (0, "Apache Kafka is stopped.\n")


def test_make_kafka_without_java_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streams.shell.brokers.kafka"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 1
    assert "install" in done.stderr
    assert "Traceback" not in done.stderr
