"""What `dragoman acls` prints is enough, and none of it may be left out without a word.

On an Apache Kafka that allows nobody anything but by an ACL. The commands that are printed are
taken as they are, and their ACLs made by the protocol: Kafka's own tool starts a Java for each.
"""

import argparse
import asyncio
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest_v1, DeleteAclsRequest_v1
from aiokafka.protocol.api import Request
from click.testing import CliRunner
from conftest import SecureKafka
from plain_wire import EPOCH, PlainReader, item
from pydantic import SecretStr
from worker_process import Place, WorkerProcess, alerts_in, until

from schemas.topics import ALERTS
from streams.cli.group import dragoman
from streams.shell.agents import HOPS, Hop
from streams.shell.allowed import missing_rights, require_rights
from streams.shell.cluster import ClusterError, client_options, create_topics
from streams.shell.exits import FAILED, HALTED, STOPPED
from streams.shell.intake.run import serve as intake
from streams.shell.intake.sources import Source
from streams.shell.record import RawItem, read_topic, sender
from streams.shell.rights import COMPONENTS, Component, Right, rights_of
from streams.shell.settings import Settings
from streams.shell.worker import serve

pytestmark = pytest.mark.parametrize("secure_kafka", ["SCRAM-SHA-512"], indirect=True)

APP = "least"
# As org.apache.kafka.common.resource and .acl number them.
RESOURCES = {"topic": 2, "group": 3}
PATTERNS = {"literal": 3, "prefixed": 4}
OPERATIONS = {"Read": 3, "Write": 4, "Create": 5, "Describe": 8, "DescribeConfigs": 10}
ALLOW = 3

Acl = tuple[int, str, int, str, str, int, int]


class Acls(Request[CreateAclsRequest_v1]):
    """Many at once, made or taken back."""

    API_KEY = 30

    def __init__(self, acls: list[Acl]) -> None:
        self._acls = acls

    def build(self, request_struct_class: type) -> object:
        return request_struct_class(self._acls)


class NoAcls(Request[DeleteAclsRequest_v1]):
    API_KEY = 31

    def __init__(self, acls: list[Acl]) -> None:
        self._acls = acls

    def build(self, request_struct_class: type) -> object:
        return request_struct_class(self._acls)


def acls_of(command: str) -> Iterator[Acl]:
    """What Kafka's tool would make of a command."""
    parser = argparse.ArgumentParser(exit_on_error=False, allow_abbrev=False)
    for option in ("--bootstrap-server", "--allow-principal", "--operation"):
        parser.add_argument(option, required=True)
    parser.add_argument("--add", action="store_true", required=True)
    parser.add_argument("--resource-pattern-type", default="literal")
    for kind in RESOURCES:
        parser.add_argument(f"--{kind}", action="append", default=[])
    program, *arguments = shlex.split(command)
    assert program == "kafka-acls.sh"
    said = parser.parse_args(arguments)
    for kind, number in RESOURCES.items():
        for name in getattr(said, kind):
            yield (
                number,
                name,
                PATTERNS[said.resource_pattern_type],
                said.allow_principal,
                "*",
                OPERATIONS[said.operation],
                ALLOW,
            )


def printed(user: str, *components: str) -> list[Acl]:
    answer = CliRunner().invoke(
        dragoman,
        ["acls", *components, "--user", user],
        env={"DRAGOMAN_APP_ID": APP},
        catch_exceptions=False,
    )
    return [acl for line in answer.stdout.splitlines() for acl in acls_of(line)]


def settings_for(kafka: SecureKafka, user: str) -> Settings:
    return Settings(
        broker=kafka.bootstrap,
        app_id=APP,
        security_protocol="SASL_SSL",
        ssl_ca_file=kafka.ca_file,
        sasl_mechanism=kafka.mechanism,
        sasl_username=user,
        sasl_password=SecretStr(kafka.password if user == kafka.username else kafka.others[user]),
        session_timeout_s=6,
        heartbeat_interval_s=1,
        web_port=0,
    )


def ask_as_administrator(kafka: SecureKafka, request: Request) -> None:
    async def ask() -> None:
        admin = AIOKafkaAdminClient(**client_options(settings_for(kafka, kafka.username)))
        await admin.start()
        try:
            answer = (await admin._send_request(request)).to_object()
        finally:
            await admin.close()
        done = answer.get("creation_responses") or answer["filter_responses"]
        assert all(each["error_code"] == 0 for each in done), answer

    asyncio.run(ask())


def lacking(kafka: SecureKafka, user: str, *components: Component) -> tuple[Right, ...]:
    settings = settings_for(kafka, user)
    return asyncio.run(missing_rights(settings, rights_of(components, settings)))


def known_to_lack(kafka: SecureKafka, user: str, component: Component, *rights: Right) -> None:
    """Waits until the broker has heard of it: it takes ACLs from its controller when it can."""
    until(f"{user} lacks {rights}", lambda: lacking(kafka, user, component) == rights)


@pytest.fixture
def least(secure_kafka: SecureKafka) -> SecureKafka:
    """Each component is a user of its name, and the one that may has made the topics."""
    acls = [acl for component in COMPONENTS for acl in printed(component, component)]
    ask_as_administrator(secure_kafka, Acls(acls))
    for component in COMPONENTS:
        known_to_lack(secure_kafka, component, component)
    asyncio.run(create_topics(settings_for(secure_kafka, "topics")))
    return secure_kafka


async def bring(settings: Settings, number: int) -> None:
    async with sender(settings) as sending:
        await sending.send(
            RawItem(
                data=item(number, f"TRIP leader-{number} EC 2026-02-0{number} planned"),
                feed="plain",
                format="ninjs",
                received_at=EPOCH,
            )
        )


async def drop(settings: Settings, directory: Path, brought: Callable[[], bool]) -> int:
    """Runs the intake on a directory with one story, until that is brought."""
    source = Source(name="drop", way="watch", directory=directory, settle_s=0.05, format="ninjs")
    stop = asyncio.Event()
    running = asyncio.create_task(intake(settings, [source], stop=stop))
    async with asyncio.timeout(60):
        while not (running.done() or brought()):  # noqa: ASYNC110 - another process brings it
            await asyncio.sleep(0.05)
    stop.set()
    return await running


async def alerts_seen_by(settings: Settings) -> int:
    return len([message async for message in read_topic(settings, ALERTS)])


def test_with_these_rights_a_story_becomes_an_alert_and_without_one_more_the_worker_says_so(
    least: SecureKafka, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    with ExitStack() as stack:
        workers: dict[Hop, WorkerProcess] = {}
        for hop in HOPS:
            directory = tmp_path / hop
            directory.mkdir()
            place = Place(least.bootstrap, APP, directory, variables(least, hop))
            workers[hop] = stack.enter_context(WorkerProcess(place, f"--only={hop}"))
        for worker in workers.values():
            worker.wait_ready()
        log = tmp_path / "deliver" / "alerts.jsonl"
        bringing = settings_for(least, "intake").model_copy(
            update={"data_dir": tmp_path / "ledger", "intake_port": 0}
        )
        (tmp_path / "drop").mkdir()
        (tmp_path / "drop" / "1").write_bytes(item(1, "TRIP leader-1 EC 2026-02-01 planned"))
        ended = asyncio.run(drop(bringing, tmp_path / "drop", lambda: len(alerts_in(log)) == 1))
        # It can also see what became of the story.
        assert (ended, [r for r in caplog.records if r.name.startswith("streams")]) == (STOPPED, [])
        assert asyncio.run(alerts_seen_by(settings_for(least, "ask"))) == 1

        taken = [acl for acl in printed("fold", "fold") if acl[1] == ALERTS.name and acl[5] == 4]
        ask_as_administrator(least, NoAcls(taken))
        known_to_lack(least, "fold", "fold", Right("topic", ALERTS.name, "Write"))
        asyncio.run(bring(settings_for(least, "ingest"), 2))

        assert workers["fold"].process.wait(60) == HALTED
        last = [line for line in workers["fold"].log.read_text().split("\n") if "critical" in line]
        assert "do not allow us to write to topic alerts.v1" in last[-1]
        assert "Traceback" not in last[-1]


def variables(kafka: SecureKafka, user: str) -> dict[str, str]:
    return {
        "DRAGOMAN_SECURITY_PROTOCOL": "SASL_SSL",
        "DRAGOMAN_SSL_CA_FILE": str(kafka.ca_file),
        "DRAGOMAN_SASL_MECHANISM": kafka.mechanism,
        "DRAGOMAN_SASL_USERNAME": user,
        "DRAGOMAN_SASL_PASSWORD": kafka.others[user],
    }


@pytest.mark.parametrize(
    ("user", "hop", "lacks"),
    [
        pytest.param(
            "without-one", "fold", Right("topic", "alerts.v1", "Write"), id="what-it-sends"
        ),
        pytest.param(
            "without-two",
            "deliver",
            Right("topic", f"{APP}-trays-changelog", "Read"),
            id="what-its-table-is-read-from",
        ),
        pytest.param("without-three", "read", Right("group", APP, "Read"), id="its-group"),
    ],
)
def test_a_worker_that_lacks_a_right_says_which_and_does_not_start(
    least: SecureKafka, user: str, hop: Hop, lacks: Right, caplog: pytest.LogCaptureFixture
) -> None:
    acls = [
        acl
        for acl in printed(user, hop)
        if (acl[1], acl[5]) != (lacks.name, OPERATIONS[lacks.operation])
    ]
    ask_as_administrator(least, Acls(acls))
    known_to_lack(least, user, hop, lacks)

    async def start() -> int:
        return await serve(
            settings_for(least, user), [hop], stop=asyncio.Event(), reader=PlainReader()
        )

    assert asyncio.run(start()) == FAILED
    (told,) = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert f"missing: {lacks}. `dragoman acls {hop} --user {user}`" in told.getMessage()
    assert told.exc_info is None


def test_whoever_may_nothing_is_told_all_that_is_missing(least: SecureKafka) -> None:
    settings = settings_for(least, "stranger")
    wanted = rights_of(["parse"], settings)

    assert asyncio.run(missing_rights(settings, wanted)) == wanted
    with pytest.raises(ClusterError, match="do not allow stranger") as refused:
        asyncio.run(require_rights(settings, ["parse"]))
    assert "no such topic" not in str(refused.value)


def test_no_component_has_the_rights_of_another(least: SecureKafka) -> None:
    assert Right("topic", "reports.v1", "Write") in lacking(least, "intake", "fold")
    assert Right("topic", "stories.raw.v1", "Write") in lacking(least, "fold", "intake")
    assert Right("topic", "alerts.v1", "Create") in lacking(least, "fold", "topics")
