import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from streams.shell.brokers.probe import live_brokers
from streams.shell.brokers.process import LOOPBACK, free_ports
from streams.shell.brokers.tansu import EmbeddedTansu


@contextmanager
def answering(reply: bytes) -> Iterator[int]:
    """A server that is no broker: it gives one caller this reply and hangs up."""

    def serve() -> None:
        caller, _ = listener.accept()
        with caller:
            caller.recv(1024)
            caller.sendall(reply)

    with socket.create_server((LOOPBACK, 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            thread.join()


def test_a_broker_names_itself(tansu: EmbeddedTansu) -> None:
    host, port = tansu.bootstrap.split(":")
    assert len(live_brokers(host, int(port))) == 1


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"", id="hangs-up"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="speaks-http"),
        pytest.param(b"\x00\x00\x00\x0c", id="announces-more-than-it-sends"),
        pytest.param(b"\x00\x00\x00\x0c" + b"\x7f" * 12, id="more-brokers-than-bytes"),
        pytest.param(b"\xff\xff\xff\xff", id="negative-size"),
    ],
)
def test_what_is_no_broker_has_no_nodes(reply: bytes) -> None:
    with answering(reply) as port:
        assert live_brokers(LOOPBACK, port) == frozenset()


def test_nobody_there_has_no_nodes() -> None:
    (port,) = free_ports(1)
    assert live_brokers(LOOPBACK, port) == frozenset()


def test_one_that_accepts_and_stays_silent_is_given_up_after_the_time() -> None:
    with socket.create_server((LOOPBACK, 0)) as silent:
        assert live_brokers(LOOPBACK, silent.getsockname()[1], timeout_s=0.1) == frozenset()
