"""Is it a broker, and does it answer? One metadata request over a bare socket.

Written out by hand because it must work inside and outside an event loop, in a thread, and
before any client library could log that a broker is not there yet. Layout: the Kafka protocol
guide, Metadata request and response, version 4, the oldest with a topic list that can be empty
and an automatic topic creation that can be declined.
"""

import socket
import struct

_METADATA = 3
_VERSION = 4
_CORRELATION = 1
_CLIENT = b"dragoman-probe"
_REPLY_LIMIT = 1_000_000  # bytes; a reply with no topics has some hundred


def live_brokers(host: str, port: int, timeout_s: float = 1.0) -> frozenset[int]:
    """The node ids that this broker says can be reached; empty when it does not answer.

    Speaks plaintext only.
    """
    header = struct.pack(">hhih", _METADATA, _VERSION, _CORRELATION, len(_CLIENT)) + _CLIENT
    request = header + struct.pack(">i?", 0, False)
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            (size,) = struct.unpack(">i", _read(connection, 4))
            if not 0 < size <= _REPLY_LIMIT:
                return frozenset()
            return _node_ids(_read(connection, size))
    except (OSError, struct.error):
        return frozenset()


def _read(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise ConnectionResetError("the broker closed the connection")
        parts += part
    return bytes(parts)


def _node_ids(reply: bytes) -> frozenset[int]:
    # correlation, throttle time, then an array of (node id, host, port, rack or null)
    _, _, count = struct.unpack_from(">iii", reply)
    at, nodes = 12, []
    for _ in range(count):
        node, host_length = struct.unpack_from(">ih", reply, at)
        at += 6 + host_length + 4
        (rack_length,) = struct.unpack_from(">h", reply, at)
        at += 2 + max(rack_length, 0)
        nodes.append(node)
    return frozenset(nodes)
