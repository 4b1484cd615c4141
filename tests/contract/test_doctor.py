"""`dragoman doctor` on a real broker: well, and with a few faults planted one after the other."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.admin.new_partitions import NewPartitions
from click.testing import CliRunner
from conftest import SecureKafka
from worker_process import delete_topics

from schemas.topics import STORIES, STORIES_RAW
from streams.cli.group import dragoman
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.cluster import create_topics
from streams.shell.settings import Settings

Found = dict[str, list[tuple[str, str, str]]]


def doctor(*arguments: str, code: int, **variables: str | Path) -> Found:
    """Findings by check, after `--json`."""
    answer = CliRunner().invoke(
        dragoman,
        ["doctor", "--json", *arguments],
        env={f"DRAGOMAN_{name.upper()}": str(value) for name, value in variables.items()},
    )
    assert answer.exit_code == code, answer.output
    found: Found = {}
    for line in answer.stdout.splitlines():
        said = json.loads(line)
        found.setdefault(said["check"], []).append((said["state"], said["told"], said["remedy"]))
    return found


def states(found: Found) -> dict[str, set[str]]:
    return {check: {state for state, *_ in findings} for check, findings in found.items()}


@pytest.fixture
def well(kafka: ApacheKafka) -> Iterator[str]:
    """A broker with all topics, and nothing on them."""
    delete_topics(kafka.bootstrap)
    asyncio.run(create_topics(Settings(broker=kafka.bootstrap, app_id="ward")))
    yield kafka.bootstrap
    delete_topics(kafka.bootstrap)


async def spoil(bootstrap: str) -> None:
    """Other partitions, other settings, a message from the future."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_partitions({"reports.v1": NewPartitions(5)})
        changed = ConfigResource(ConfigResourceType.TOPIC, STORIES.name, {"retention.ms": "60000"})
        await admin.alter_configs([changed])
        await admin.delete_topics(["leaders.v1"])
    finally:
        await admin.close()
    later = datetime.now(UTC) + timedelta(minutes=10)
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for _ in range(3):
            await producer.send_and_wait(
                STORIES_RAW.name, b"x", timestamp_ms=int(later.timestamp() * 1000)
            )


def test_what_is_well_is_told_and_each_planted_fault_with_what_to_do(
    well: str, tmp_path: Path
) -> None:
    sources = tmp_path / "sources.toml"
    (tmp_path / "drop").mkdir()
    sources.write_text(
        '[[source]]\nname = "drop"\nway = "watch"\ndirectory = "drop"\nsilence_s = 90\n'
    )
    settings = {"broker": well, "app_id": "ward", "data_dir": tmp_path}

    found = doctor("parse", "read", code=1, **settings)
    assert states(found) == {
        "data files": {"ok"},
        "disk": {"ok"},
        "brokers": {"ok"},
        "topics": {"ok"},
        "topic settings": {"ok"},
        "rights": {"ok"},
        "clock": {"unseen"},
        "workers": {"wrong"},
        "lag": {"ok"},
        "refused": {"ok"},
    }
    assert found["clock"] == [("unseen", "there is no message yet to tell the time", "")]
    assert found["workers"] == [
        ("wrong", "none is in the group ward", "Start one: `dragoman worker`.")
    ]
    assert doctor("ingest", code=0, **settings)["rights"][0][0] == "ok"

    asyncio.run(spoil(well))
    found = doctor(
        "worker",
        "--most-lag",
        "2",
        code=1,
        sources_file=sources,
        replication_factor="2",
        **settings,
    )
    told = [
        (check, said)
        for check, all_ in found.items()
        for state, said, _ in all_
        if state == "wrong"
    ]
    for check, words in (
        ("topics", "reports.v1 has 5 partitions, 4 are wanted"),
        ("topics", "leaders.v1 is not there"),
        ("topics", "alerts.v1 has 1 copies, 2 are wanted"),
        ("topic settings", "stories.v1 has retention.ms=60000, 31536000000 is declared"),
        ("clock", "the newest message of stories.raw.v1 is 600 s ahead"),
        ("lag", "3 messages wait on stories.raw.v1 for parse, 2 may"),
        ("silence", "drop: nothing at all, looked at since"),
    ):
        assert any(check == c and words[:40] in said for c, said in told), (words, told)
    assert all(remedy for all_ in found.values() for state, _, remedy in all_ if state == "wrong")


def test_brokers_that_are_away_are_told_after_what_can_be_seen_without_them() -> None:
    found = doctor(code=1, broker="127.0.0.1:1")

    assert states(found) == {"data files": {"ok"}, "brokers": {"wrong"}}
    assert "127.0.0.1:1" in found["brokers"][0][1]


def test_people_read_a_line_for_each_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "leaders.csv").write_text("nonsense\n")
    answer = CliRunner().invoke(
        dragoman,
        ["doctor"],
        env={"DRAGOMAN_BROKER": "127.0.0.1:1", "DRAGOMAN_KNOWLEDGE_DIR": str(tmp_path)},
    )

    assert answer.exit_code == 1
    lines = answer.stdout.splitlines()
    assert lines[0].startswith("wrong   data files: ")
    assert lines[1].startswith("        → Mend it; `dragoman knowledge check`")


@pytest.mark.parametrize("secure_kafka", ["SCRAM-SHA-512"], indirect=True)
def test_whoever_may_nothing_hears_of_each_right_and_is_no_fault_of_what_cannot_be_seen(
    secure_kafka: SecureKafka,
) -> None:
    found = doctor(
        "fold",
        code=1,
        broker=secure_kafka.bootstrap,
        app_id="ward",
        security_protocol="SASL_SSL",
        ssl_ca_file=secure_kafka.ca_file,
        sasl_mechanism=secure_kafka.mechanism,
        sasl_username="stranger",
        sasl_password=secure_kafka.others["stranger"],
    )

    missing = [told for state, told, _ in found["rights"] if state == "wrong"]
    assert "missing: Write on topic alerts.v1" in missing
    assert "missing: Read on group ward" in missing
    assert "dragoman acls fold --user stranger" in found["rights"][0][2]
    assert states(found)["workers"] == {"unseen"}
    assert states(found)["clock"] == {"unseen"}
