"""A connection that is lost while aiokafka writes to it: told as aiokafka expects it.

uvloop raises a bare RuntimeError then, where asyncio's own loop raises nothing and the answer fails
in its time. aiokafka 0.14 takes errors of its own only, so that the task ends in which it happens:
the one that renews the metadata, and the group's coordinator is never found again, or the heartbeat
(docs/decisions/0021). What a worker does that has lost its group all the same is not known here.
"""

from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError, KafkaError

_send = AIOKafkaConnection.send


def tell_lost_connections() -> None:
    """For all clients of this process, from now on; twice is once."""
    AIOKafkaConnection.send = _send_or_tell


def _send_or_tell(
    connection: AIOKafkaConnection, request: Any, expect_response: bool = True
) -> Any:
    try:
        return _send(connection, request, expect_response)
    except KafkaError:  # a RuntimeError as well
        raise
    except RuntimeError as error:
        connection.close(reason=CloseReason.CONNECTION_BROKEN, exc=error)
        raise KafkaConnectionError(
            f"Connection at {connection.host}:{connection.port} broken: {error}"
        ) from error
