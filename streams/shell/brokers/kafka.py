"""Apache Kafka on this machine: one node or several, from the jars of Maven Central, in KRaft mode.

The broker of the contract, crash and recovery tests, and of `make kafka`. Each node is a Java
process of its own, so that one can be killed while the others go on. `python -m
streams.shell.brokers.kafka` starts it by hand. Where the jars come from is in `kafka_jars`, what
the nodes are told in `kafka_settings`.
"""

import os
import shutil
import signal
import subprocess
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import click

from streams.shell.brokers import Broker, BrokerError, BrokerStartError
from streams.shell.brokers.kafka_jars import JARS, LOGGING, fetch_jars, find_java, jars_are_here
from streams.shell.brokers.kafka_settings import ClientSecurity, NodePorts, server_properties
from streams.shell.brokers.probe import live_brokers
from streams.shell.brokers.process import (
    LOOPBACK,
    BrokerProcess,
    free_ports,
    last_words,
    require_free,
)

_START_S = 90.0
_FORMAT_S = 60.0
_GRACE_S = 20.0
_WATCH_S = 0.5


class ApacheKafka(Broker):
    """A local Kafka cluster of `nodes` combined nodes, numbered from 0; a node's number is its id.

    `port` is the first node's, the next nodes' follow it; free ones are chosen when it is not
    given. With `data_dir` the data stays there, for the next cluster of as many nodes;
    without, it goes when the cluster stops. `security` says how clients come in; the brokers
    speak plaintext among themselves. `settings` overrides lines of every server.properties.
    With `short_lived` Java compiles its code lightly: a start costs half the processor time, and
    long work more.
    """

    def __init__(
        self,
        nodes: int = 1,
        *,
        port: int | None = None,
        data_dir: Path | None = None,
        security: ClientSecurity | None = None,
        settings: Mapping[str, str] | None = None,
        heap: str = "512m",
        short_lived: bool = False,
    ) -> None:
        self._ports = _choose_ports(nodes, port)
        self._given_dir = data_dir
        self._home: Path | None = None
        self._security = security
        self._settings = dict(settings or {})
        self._heap = heap
        self._short_lived = short_lived
        self._nodes: dict[int, BrokerProcess] = {}

    @property
    def bootstrap(self) -> str:
        """The addresses for clients, as `127.0.0.1:PORT`, one a node, separated by commas."""
        return ",".join(f"{LOOPBACK}:{ports.clients}" for ports in self._ports)

    @property
    def is_running(self) -> bool:
        """Whether all nodes' processes are alive."""
        return all(self.node_is_running(node) for node in range(len(self._ports)))

    def node_is_running(self, node: int) -> bool:
        """Whether this node's process is alive."""
        return node in self._nodes and self._nodes[node].is_running

    def start(self) -> None:
        """Starts the nodes that do not run; blocks until each of them is known to all.

        Fetches the jars first if they are not there. Raises BrokerNotInstalledError without
        Java, or without both the jars and Maven; BrokerStartError when a node does not start.
        """
        idle = [n for n in range(len(self._ports)) if not self.node_is_running(n)]
        try:
            self._launch(idle)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends all nodes; data that was given no directory goes with them."""
        if self._given_dir is not None:
            for process in self._nodes.values():
                process.terminate()
        # The nodes of a whole cluster cannot hand over to one another: the last wait in vain.
        # Kafka's log is made for that, and throwaway data needs no farewell at all.
        grace_s = 0.0 if self._given_dir is None else _GRACE_S / len(self._ports)
        for process in self._nodes.values():
            process.stop(grace_s)
        self._nodes.clear()
        if self._given_dir is None and self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def start_node(self, node: int) -> None:
        """Starts this node again, with its data; blocks until the cluster counts it in."""
        if self.node_is_running(node):
            return
        try:
            self._launch([node])
        except BaseException:
            self.kill_node(node)
            raise

    def stop_node(self, node: int) -> None:
        """Ends this node in good order: it hands its partitions over, then leaves."""
        if node in self._nodes:
            self._nodes.pop(node).stop(_GRACE_S)

    def kill_node(self, node: int) -> None:
        """Ends this node as kill -9 does. Its data stays for `start_node`."""
        if node in self._nodes:
            self._nodes.pop(node).kill()

    def _launch(self, nodes: list[int]) -> None:
        java, jars = find_java(), fetch_jars()
        home = self._prepare_home()
        for node in nodes:
            for port in _all_ports(self._ports[node]):
                require_free(port)
            properties = self._prepare_node(node, home, java, jars)
            process = BrokerProcess(
                f"Apache Kafka's node {node} on {LOOPBACK}:{self._ports[node].clients}",
                [
                    *_java(java, jars, self._heap, lightly=self._short_lived),
                    "kafka.Kafka",
                    str(properties),
                ],
                home / f"node-{node}.log",
            )
            self._nodes[node] = process
            process.start()
        for node in nodes:
            self._nodes[node].wait_until(partial(self._is_counted_in, node), _START_S)

    def _is_counted_in(self, node: int) -> bool:
        """Whether every running node says that this one can be reached."""
        running = [n for n in self._nodes if self.node_is_running(n)]
        return all(node in live_brokers(LOOPBACK, self._ports[n].brokers) for n in running)

    def _prepare_home(self) -> Path:
        if self._home is None:
            self._home = self._given_dir or Path(mkdtemp(prefix="dragoman-kafka-"))
            self._home.mkdir(parents=True, exist_ok=True)
        return self._home

    def _prepare_node(self, node: int, home: Path, java: str, jars: Path) -> Path:
        data, properties = home / f"node-{node}", home / f"node-{node}.properties"
        text = server_properties(node, self._ports, data, self._security, self._settings)
        properties.write_text(text, encoding="utf-8")
        if not (data / "meta.properties").exists():
            _format(
                [
                    *_java(java, jars, self._heap, lightly=True),
                    "kafka.tools.StorageTool",
                    "format",
                ],
                properties,
                _cluster_id(home),
                () if self._security is None else self._security.scram_users,
            )
        return properties


def _choose_ports(nodes: int, first: int | None) -> tuple[NodePorts, ...]:
    free = iter(free_ports(3 * nodes))
    return tuple(
        NodePorts(
            clients=next(free) if first is None else first + node,
            brokers=next(free),
            quorum=next(free),
        )
        for node in range(nodes)
    )


def _all_ports(ports: NodePorts) -> tuple[int, int, int]:
    return ports.clients, ports.brokers, ports.quorum


def _java(java: str, jars: Path, heap: str, *, lightly: bool) -> list[str]:
    return [
        java,
        f"-Xmx{heap}",
        *(("-XX:TieredStopAtLevel=1",) if lightly else ()),
        "-XX:+UseSerialGC",  # a small heap on few cores: less memory and fewer threads than G1
        "-XX:+ExitOnOutOfMemoryError",  # a broker that limps on is worse than one that is gone
        f"-Dlog4j2.configurationFile={LOGGING}",
        "-cp",
        f"{jars}{os.sep}*",
    ]


def _cluster_id(home: Path) -> str:
    """The id of the cluster whose data is in this directory, made on the first call."""
    file = home / "cluster-id"
    if not file.exists():
        # Random, as Kafka wants it: it keeps nodes of two clusters apart. Never starts with a
        # hyphen, which the format command would take for an option.
        bytes_ = bytes([uuid.uuid4().int & 0x7F]) + uuid.uuid4().bytes[1:]
        file.write_text(urlsafe_b64encode(bytes_).rstrip(b"=").decode("ascii"), encoding="ascii")
    return file.read_text(encoding="ascii")


def _format(tool: list[str], properties: Path, cluster: str, scram: tuple[str, ...]) -> None:
    command = [*tool, "--cluster-id", cluster, "--config", str(properties)]
    for user in scram:
        command += ["--add-scram", user]
    done = subprocess.run(  # noqa: S603 - Kafka's own tool, our own properties
        command, capture_output=True, text=True, check=False, timeout=_FORMAT_S
    )
    if done.returncode != 0:
        said = last_words(done.stdout + done.stderr)
        raise BrokerStartError(f"Kafka's storage could not be formatted; its tool says:\n{said}")


@click.command()
@click.option("--nodes", type=click.IntRange(1, 9), default=1, show_default=True)
@click.option("--port", default=9092, show_default=True, help="Of the first node; others follow.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the data stays.  [default: a temporary directory, removed at the end]",
)
def main(nodes: int, port: int, data: Path | None) -> None:
    """Run Apache Kafka on this machine until Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # raises KeyboardInterrupt
    try:
        find_java()  # its lack should not be told after a long download
        if not jars_are_here():
            click.echo(f"Fetching Apache Kafka's jars to {JARS} (45 MB, only once) ...", err=True)
            fetch_jars()
        with ApacheKafka(nodes, port=port, data_dir=data) as kafka:
            click.echo(f"Apache Kafka answers at {kafka.bootstrap}; Ctrl-C stops it.")
            while kafka.is_running:
                time.sleep(_WATCH_S)
            raise click.ClickException("a node of Apache Kafka has ended of its own accord")
    except BrokerError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        click.echo("Apache Kafka is stopped.", err=True)


if __name__ == "__main__":
    main()
