from pathlib import Path

import pytest

from streams.shell.brokers.kafka_settings import ClientSecurity, NodePorts, server_properties

DATA = Path("/data")


def settings(nodes: int = 1, node: int = 0, **options: object) -> dict[str, str]:
    cluster = tuple(
        NodePorts(clients=9000 + n, brokers=9100 + n, quorum=9200 + n) for n in range(nodes)
    )
    text = server_properties(node, cluster, DATA, **options)
    return dict(line.split("=", 1) for line in text.splitlines())


@pytest.mark.parametrize(
    ("nodes", "copies", "in_sync"),
    [
        pytest.param(1, "1", "1", id="one-node-can-hold-one-copy"),
        pytest.param(2, "2", "1", id="two-nodes-must-go-on-with-one"),
        pytest.param(3, "3", "2", id="three-nodes-lose-one-and-keep-what-was-acknowledged"),
        pytest.param(5, "3", "2", id="more-nodes-need-no-more-copies"),
    ],
)
def test_topics_have_as_many_copies_as_the_cluster_can_hold(
    nodes: int, copies: str, in_sync: str
) -> None:
    told = settings(nodes)
    factors = {name: value for name, value in told.items() if "replication.factor" in name}
    minimums = {name: value for name, value in told.items() if "min.isr" in name}
    assert set(factors.values()) == {copies}
    assert set(minimums.values()) | {told["min.insync.replicas"]} == {in_sync}


def test_every_node_knows_the_whole_quorum_and_listens_on_its_own_ports() -> None:
    told = settings(nodes=3, node=2)
    assert told["controller.quorum.voters"] == "0@127.0.0.1:9200,1@127.0.0.1:9201,2@127.0.0.1:9202"
    assert told["listeners"] == (
        "CLIENTS://127.0.0.1:9002,BROKERS://127.0.0.1:9102,CONTROLLER://127.0.0.1:9202"
    )


@pytest.mark.parametrize(
    ("users", "protocol"),
    [
        pytest.param({}, "SSL", id="a-certificate-alone-means-tls"),
        pytest.param({"ann": "secret"}, "SASL_SSL", id="users-mean-a-password-within-tls"),
    ],
)
def test_only_clients_are_asked_for_tls_and_passwords(users: dict[str, str], protocol: str) -> None:
    told = settings(security=ClientSecurity(keystore=Path("/keys.pem"), users=users))
    assert told["listener.security.protocol.map"] == (
        f"CLIENTS:{protocol},BROKERS:PLAINTEXT,CONTROLLER:PLAINTEXT"
    )


def test_scram_users_go_into_the_storage_and_not_into_the_settings() -> None:
    security = ClientSecurity(
        keystore=Path("/keys.pem"), users={"ann": "secret"}, mechanism="SCRAM-SHA-256"
    )
    assert security.scram_users == ("SCRAM-SHA-256=[name=ann,password=secret]",)
    assert "secret" not in "".join(settings(security=security).values())


def test_the_caller_has_the_last_word_on_a_setting() -> None:
    assert settings(extra={"num.io.threads": "1"})["num.io.threads"] == "1"


def test_a_windows_path_survives_java_properties() -> None:
    assert settings(extra={"log.dirs": "C:\\data"})["log.dirs"] == "C:\\\\data"
