"""Brokers on this machine: what every local broker offers, and the two ways it can fail to.

A local broker is a child process on the loopback address, for the demo, for tests and for
development; a newsroom's cluster is reached by settings and is no business of this package.
Which program is started and how lives in the modules beside this one (`tansu`, `kafka`).
No topic, record or client setting of ours may come in here.
"""

from types import TracebackType
from typing import Protocol, Self


class BrokerError(Exception):
    """A local broker could not be had; the message says why and what to do."""


class BrokerNotInstalledError(BrokerError):
    """What the broker needs is not on this machine; the message names it and the remedy."""


class BrokerStartError(BrokerError):
    """The broker ended or stayed silent; the message carries the last lines of its log."""


class Broker(Protocol):
    """One local broker or cluster, started and stopped by whoever holds it.

    `start` returns when the broker answers a metadata request, and raises BrokerError if it
    does not in time. `stop` leaves no process behind and may be called twice. A broker is
    started and stopped by one thread at a time. Its address stays the same over stop and start.
    """

    @property
    def bootstrap(self) -> str:
        """The address for clients, as `127.0.0.1:PORT`, several separated by commas."""

    @property
    def is_running(self) -> bool:
        """Whether every process of it is alive; a live process may still refuse requests."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
