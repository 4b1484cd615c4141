"""How a test awaits a broker's end: by a connection to it, with no looking again and again."""

import socket
from collections.abc import Callable
from contextlib import suppress

import pytest

PATIENCE_S = 120


@pytest.fixture
def until_hung_up() -> Callable[[socket.socket], None]:
    """Returns when whoever holds the other end of a connection is gone; raises TimeoutError."""

    def wait(connection: socket.socket) -> None:
        connection.settimeout(PATIENCE_S)
        with suppress(ConnectionResetError):  # killed with bytes unread: gone all the same
            assert connection.recv(1) == b""

    return wait
