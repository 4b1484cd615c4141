"""A broker's process: started apart from us, watched until it answers, never left behind.

Three things can end a broker: its owner's `stop`, a kill by a test, and its owner's death.
The last is met by a watch of one line of shell that holds a pipe from us: when we are gone,
even by kill -9, the pipe closes and the watch kills the broker. Linux's PR_SET_PDEATHSIG would
do it with less, but it fires when the *thread* that started the child ends, so a broker started
from a thread pool would die with the pool. Windows has neither: there a kill of the owner
leaves the broker running.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from streams.shell.brokers import BrokerStartError

LOOPBACK = "127.0.0.1"

# Below the ranges from which Linux (32768) and macOS (49152) lend ports to outgoing connections:
# a client that keeps dialling a dead broker in there can take its port, or connect to itself.
_PORTS = range(20_000, 32_000)
_PORT_TRIES = 200
_POLL_S = 0.02
_LOG_LINES = 20


def free_ports(count: int) -> tuple[int, ...]:
    """Different loopback ports that were free a moment ago.

    Another process may take one before the broker does; the broker then fails to start and
    says so.
    """
    ports: list[int] = []
    with ExitStack() as held:
        for _ in range(_PORT_TRIES):
            if len(ports) == count:
                return tuple(ports)
            port = _PORTS[secrets.randbelow(len(_PORTS))]
            candidate = held.enter_context(socket.socket())
            try:
                candidate.bind((LOOPBACK, port))
            except OSError:
                continue
            ports.append(port)
    raise BrokerStartError(f"no {count} free ports on {LOOPBACK} between 20000 and 32000")


def require_free(port: int) -> None:
    """Raises BrokerStartError when something listens on this loopback port.

    Otherwise the broker that is there would answer in place of the one that cannot start.
    """
    with socket.socket() as candidate:
        if sys.platform != "win32":  # there, the option would let two listeners share the port
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((LOOPBACK, port))
        except OSError as refused:
            raise BrokerStartError(
                f"port {port} on {LOOPBACK} is taken ({refused.strerror}); "
                "stop what listens there, or give another port"
            ) from None


def last_words(text: str) -> str:
    """The last lines of a program's output, for an error message.

    The frames of Java's stack traces are left out: they bury the line that says what is wrong.
    """
    lines = [line for line in text.strip().splitlines() if not line.startswith("\tat ")]
    return "\n".join(lines[-_LOG_LINES:])


class BrokerProcess:
    """One child process in a session of its own, with its output in a file.

    Its own session keeps a Ctrl-C at the terminal from reaching it before its owner stops it.
    """

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self._name = name
        self._command = tuple(command)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process is alive at this moment."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts the process and its watch; says nothing yet about its answering."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a program we chose, no shell
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if sys.platform != "win32":
            self._watch = subprocess.Popen(  # noqa: S603 - fixed text, a number as argument
                ["/bin/sh", "-c", 'read -r _; kill -KILL "-$1"', "watch", str(self._process.pid)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def wait_until(self, answers: Callable[[], bool], timeout_s: float) -> None:
        """Blocks until `answers` is true.

        Raises BrokerStartError, with the end of the log, when the process ends or the time is up.
        """
        deadline = time.monotonic() + timeout_s
        while not answers():
            if not self.is_running:
                code = None if self._process is None else self._process.returncode
                raise BrokerStartError(self._failure(f"ended with exit status {code}"))
            if time.monotonic() > deadline:
                raise BrokerStartError(self._failure(f"did not answer within {timeout_s:g} s"))
            time.sleep(_POLL_S)

    def terminate(self) -> None:
        """Asks the process to end; `stop` waits for it."""
        self._signal(signal.SIGTERM)

    def stop(self, grace_s: float) -> None:
        """Asks the process to end, and kills it when it has not within the grace."""
        self.terminate()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_s)
        self.kill()

    def kill(self) -> None:
        """Ends the process at once, as kill -9 does. No error when it has ended already."""
        if sys.platform == "win32":
            self._signal(signal.SIGTERM)
        else:
            self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None
        if self._watch is not None:
            self._watch.kill()
            self._watch.communicate()
            self._watch = None

    def _last_words(self) -> str:
        if not self._log.exists():
            return ""
        return last_words(self._log.read_text(encoding="utf-8", errors="replace"))

    def _failure(self, what: str) -> str:
        tail = self._last_words() or "(it wrote nothing)"
        return f"{self._name} {what}; the end of its log:\n{tail}"

    def _signal(self, number: signal.Signals) -> None:
        # Popen's own poll comes first, so that a reaped process's number is never signalled.
        if self._process is None or self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.terminate()
        else:
            os.killpg(self._process.pid, number)
