"""What a local Kafka node is told: its server.properties, as a pure function of the cluster.

Combined nodes (broker and controller in one process) with a fixed quorum, so that ports may
change between starts without the old ones being remembered in the metadata log. The settings
make a small cluster start fast and notice a lost broker soon; they are no model for production.
Names and defaults: kafka.apache.org/documentation, Broker Configs. No file is touched here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

_HOST = "127.0.0.1"
_LARGEST_MESSAGE = 16 * 1024 * 1024  # bytes, before the topic's own limit
_COPIES = 3  # of internal topics, or as many as there are nodes


@dataclass(frozen=True, kw_only=True)
class ClientSecurity:
    """How clients must come in, when not in plaintext.

    `keystore` is one PEM file: the server's private key in PKCS #8, then its certificates.
    `users` are names and passwords; they stand in the node's files, so invent them.
    """

    keystore: Path
    users: Mapping[str, str] = field(default_factory=dict)
    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"

    @property
    def protocol(self) -> Literal["SSL", "SASL_SSL"]:
        """The security protocol of the listener, as clients name it too."""
        return "SASL_SSL" if self.users else "SSL"

    @property
    def scram_users(self) -> tuple[str, ...]:
        """The arguments for `StorageTool format --add-scram`; none for PLAIN."""
        if not self.mechanism.startswith("SCRAM"):
            return ()
        return tuple(
            f"{self.mechanism}=[name={name},password={password}]"
            for name, password in self.users.items()
        )


@dataclass(frozen=True, kw_only=True)
class NodePorts:
    """The loopback ports of one node: for clients, for other brokers, for the quorum."""

    clients: int
    brokers: int
    quorum: int


def server_properties(
    node: int,
    cluster: tuple[NodePorts, ...],
    data_dir: Path,
    security: ClientSecurity | None = None,
    extra: Mapping[str, str] | None = None,
) -> str:
    """The text of node `node`'s server.properties; `extra` overrides what it says."""
    settings = {
        **_identity(node, cluster, data_dir),
        **_listeners(cluster[node], security),
        **_internal_topics(len(cluster)),
        **_temper(),
        **(extra or {}),
    }
    return "".join(f"{name}={_escaped(value)}\n" for name, value in settings.items())


def _identity(node: int, cluster: tuple[NodePorts, ...], data_dir: Path) -> dict[str, str]:
    voters = ",".join(f"{n}@{_HOST}:{ports.quorum}" for n, ports in enumerate(cluster))
    return {
        "process.roles": "broker,controller",
        "node.id": str(node),
        "controller.quorum.voters": voters,
        "log.dirs": str(data_dir),
    }


def _listeners(ports: NodePorts, security: ClientSecurity | None) -> dict[str, str]:
    clients = f"CLIENTS://{_HOST}:{ports.clients}"
    brokers = f"BROKERS://{_HOST}:{ports.brokers}"
    protocol = "PLAINTEXT" if security is None else security.protocol
    return {
        "listeners": f"{clients},{brokers},CONTROLLER://{_HOST}:{ports.quorum}",
        "advertised.listeners": f"{clients},{brokers}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "BROKERS",
        "listener.security.protocol.map": (
            f"CLIENTS:{protocol},BROKERS:PLAINTEXT,CONTROLLER:PLAINTEXT"
        ),
        **({} if security is None else _client_security(security)),
    }


def _client_security(security: ClientSecurity) -> dict[str, str]:
    listener = "listener.name.clients"
    settings = {
        f"{listener}.ssl.keystore.type": "PEM",
        f"{listener}.ssl.keystore.location": str(security.keystore),
    }
    if not security.users:
        return settings
    settings["sasl.enabled.mechanisms"] = security.mechanism
    jaas = f"{listener}.{security.mechanism.lower()}.sasl.jaas.config"
    if security.mechanism == "PLAIN":
        users = " ".join(f'user_{name}="{word}"' for name, word in security.users.items())
        settings[jaas] = (
            f"org.apache.kafka.common.security.plain.PlainLoginModule required {users};"
        )
    else:
        settings[jaas] = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    return settings


def _internal_topics(nodes: int) -> dict[str, str]:
    copies = str(min(nodes, _COPIES))
    # Two of three: what acks=all has acknowledged survives the loss of any one broker.
    in_sync = str(2 if nodes >= _COPIES else 1)
    return {
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": "4",
    }


def _temper() -> dict[str, str]:
    return {
        # Topics are declared and created by us; a misspelt name must not make one.
        "auto.create.topics.enable": "false",
        "message.max.bytes": str(_LARGEST_MESSAGE),
        "replica.fetch.max.bytes": str(_LARGEST_MESSAGE),
        # A group of one need not wait for others to join, and a test may have a short session.
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # A killed broker is counted out after 6 s, not 9; shorter fails on a busy machine.
        "broker.session.timeout.ms": "6000",
        "broker.heartbeat.interval.ms": "500",
        # The cleaner's default buffer, 128 MiB, is a quarter of the heap.
        "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
        "num.network.threads": "2",
        "num.io.threads": "4",
    }


def _escaped(value: str) -> str:
    # In Java's properties a backslash escapes: a Windows path would lose its own.
    return value.replace("\\", "\\\\")
