"""What all tests share: the brokers, and how hard hypothesis tries.

A test names the fixture `tansu`, `kafka`, `kafka_cluster` or `secure_kafka` and gets its broker
and its marker. One broker serves many tests: make topics and groups with names of your own. Where
the suite runs in several processes, each has brokers of its own; see `sharing_out`.
"""

import os
import shutil
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import HealthCheck, settings
from sharing_out import Groups, rank
from xdist.remote import Producer

from streams.shell.brokers import BrokerNotInstalledError
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.brokers.kafka_jars import fetch_jars
from streams.shell.brokers.kafka_settings import ClientSecurity
from streams.shell.brokers.tansu import EmbeddedTansu
from streams.shell.rights import COMPONENTS

IN_CI = bool(os.environ.get("CI"))

# A shared machine pauses for longer than hypothesis's deadline without being slow.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=300,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if IN_CI else "dev")

_MARKERS = {
    "tansu": ("broker",),
    "kafka": ("broker", "kafka"),
    "kafka_cluster": ("broker", "kafka"),
    "secure_kafka": ("broker", "kafka"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `make test-crash` and `make fuzz` can be told; see tests/crash and tests/fuzz."""
    drills = parser.getgroup("fire drills")
    drills.addoption("--long", action="store_true", help="drills of many kills and long outages")
    drills.addoption("--drill-seed", type=int, default=20261126, help="of stories and moments")
    drills.addoption("--upgrade-from", help="a commit, for the drill of upgrades")
    drills.addoption("--with-stop", action="store_true", help="all workers stop for an upgrade")
    fuzz = parser.getgroup("fuzz runs")
    fuzz.addoption("--fuzz-seconds", type=float, default=0, help="of each format; 0: a short run")
    fuzz.addoption("--fuzz-seed", type=int, default=20261126, help="of what is made")
    fuzz.addoption("--fuzz-file", default=None, help="an input that was found, to be tried again")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Marks every test by the brokers it asks for, so that none can forget.

    The order is random, but for long groups first where there are several processes.
    """
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            for marker in _MARKERS.get(fixture, ()):
                item.add_marker(marker)
    yield
    if hasattr(config, "workerinput"):  # a process of pytest-xdist's
        items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Brings Apache Kafka's jars, if need be, before several processes ask for them at once."""
    with suppress(BrokerNotInstalledError):
        fetch_jars()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Groups:
    """Which process runs which tests."""
    return Groups(config, log)


def start_kafka(kafka: ApacheKafka) -> ApacheKafka:
    """Starts it; where Java or Maven is missing the test is skipped, and in CI fails."""
    try:
        kafka.start()
    except BrokerNotInstalledError as missing:
        if IN_CI:
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
    return kafka


def installed(program: str) -> str:
    """Path of a program; where it is missing the test is skipped, and in CI fails."""
    path = shutil.which(program)
    if path is not None:
        return path
    said = f"{program} is not installed; Debian has it in the package prometheus"
    if IN_CI:
        pytest.fail(said, pytrace=False)
    pytest.skip(said)


@pytest.fixture(scope="session")
def promtool() -> str:
    """Path of Prometheus's own checker of rules and metrics."""
    return installed("promtool")


@pytest.fixture(scope="session")
def prometheus() -> str:
    """Path of Prometheus itself."""
    return installed("prometheus")


@pytest.fixture(scope="session")
def tansu() -> Iterator[EmbeddedTansu]:
    """The embedded broker, one for the whole run of a process."""
    with EmbeddedTansu() as broker:
        yield broker


@pytest.fixture(scope="session")
def kafka() -> Iterator[ApacheKafka]:
    """Apache Kafka with one node, one for the whole run of a process."""
    broker = start_kafka(ApacheKafka(short_lived=True))
    try:
        yield broker
    finally:
        broker.stop()


@pytest.fixture(scope="module")
def _three_nodes() -> Iterator[ApacheKafka]:
    cluster = start_kafka(ApacheKafka(3, short_lived=True))
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def kafka_cluster(_three_nodes: ApacheKafka) -> ApacheKafka:
    """Apache Kafka with three nodes, all of them up when the test begins; kill what you like."""
    return start_kafka(_three_nodes)


@dataclass(frozen=True, kw_only=True)
class SecureKafka:
    """A Kafka that lets clients in by TLS and a password only, and allows them what ACLs say."""

    bootstrap: str
    ca_file: Path
    mechanism: str
    username: str
    """Who may do everything."""
    password: str
    others: Mapping[str, str]
    """Names and passwords of those who may do what an ACL says, and at first nothing."""


OTHERS = {
    name: f"{name}-battery-staple"
    for name in (*COMPONENTS, "stranger", "without-one", "without-two", "without-three")
}


@pytest.fixture(scope="session", params=["PLAIN", "SCRAM-SHA-512"])
def secure_kafka(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecureKafka]:
    """Apache Kafka behind TLS and SASL, once with PLAIN and once with SCRAM."""
    directory = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(directory / "ca.pem"))
    security = ClientSecurity(
        keystore=_keystore(authority, directory / "server.pem"),
        users={"dragoman": "correct-horse", **OTHERS},
        mechanism=request.param,
    )
    authorised = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        # The brokers are nobody in particular among themselves.
        "super.users": "User:dragoman;User:ANONYMOUS",
    }
    broker = start_kafka(ApacheKafka(security=security, settings=authorised, short_lived=True))
    try:
        yield SecureKafka(
            bootstrap=broker.bootstrap,
            ca_file=directory / "ca.pem",
            mechanism=security.mechanism,
            username="dragoman",
            password="correct-horse",
            others=OTHERS,
        )
    finally:
        broker.stop()


def _keystore(authority: trustme.CA, file: Path) -> Path:
    """One PEM file for Kafka, which takes a private key in PKCS #8 only; trustme's is in SEC 1."""
    issued = authority.issue_cert("127.0.0.1")
    key = load_pem_private_key(issued.private_key_pem.bytes(), password=None)
    pkcs8 = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pkcs8 + b"".join(part.bytes() for part in issued.cert_chain_pems))
    return file
