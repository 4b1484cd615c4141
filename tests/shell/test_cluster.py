"""Topics as declared, on the cluster; and how clients get in."""

import asyncio
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from plain_wire import PlainReader
from pydantic import SecretStr

from schemas.topics import TOPICS
from streams.core.home_countries import HomeCountries
from streams.shell.agents import HOPS
from streams.shell.app import DeliveryParts, build_app
from streams.shell.brokers.tansu import EmbeddedTansu
from streams.shell.cluster import (
    ClusterError,
    client_options,
    create_topics,
    describe_topics,
    partition_of,
    topic_plans,
)
from streams.shell.in_force import SubscriptionsInForce
from streams.shell.settings import Settings
from streams.shell.tables import TABLES, changelog_name, tables_of
from streams.shell.ways_out import open_way, ways_of


def test_all_declared_topics_and_the_changelogs_of_all_tables_are_planned() -> None:
    names = [plan.name for plan in topic_plans(Settings(app_id="desk"))]
    assert names == [
        *(topic.name for topic in TOPICS),
        *(f"desk-{table.name}-changelog" for table in TABLES),
    ]


def test_topics_take_the_partitions_of_the_settings_unless_they_have_their_own() -> None:
    plans = {plan.name: plan for plan in topic_plans(Settings(partitions=7))}
    assert plans["stories.raw.v1"].partitions == 7
    assert plans["dragoman-dossiers-changelog"].partitions == 7
    assert plans["dead-letters.v1"].partitions == 1
    assert plans["leaders.v1"].config["cleanup.policy"] == "compact"


def test_a_worker_needs_the_changelogs_of_its_own_tables_alone() -> None:
    planned = topic_plans(Settings(app_id="desk"), tables_of(["parse", "fold"]))
    names = [plan.name for plan in planned]
    assert names == [*(topic.name for topic in TOPICS), "desk-dossiers-changelog"]
    assert tables_of(HOPS) == TABLES


def test_topics_are_made_once_and_found_as_planned() -> None:
    with EmbeddedTansu() as broker:
        settings = Settings(broker=broker.bootstrap, partitions=3)
        missing = asyncio.run(describe_topics(settings))
        assert {state.partitions for state in missing} == {0}
        assert len(asyncio.run(create_topics(settings))) == len(topic_plans(settings))
        assert asyncio.run(create_topics(settings)) == ()
        assert all(state.is_as_planned for state in asyncio.run(describe_topics(settings)))


def test_topics_with_other_partitions_are_refused_all_at_once() -> None:
    with EmbeddedTansu() as broker:
        asyncio.run(create_topics(Settings(broker=broker.bootstrap, partitions=2)))
        with pytest.raises(ClusterError) as refused:
            asyncio.run(create_topics(Settings(broker=broker.bootstrap, partitions=5)))
    assert "stories.raw.v1 has 2 partitions, 5 are wanted" in str(refused.value)
    assert "alerts.v1 has 2 partitions, 5 are wanted" in str(refused.value)
    assert "dead-letters.v1" not in str(refused.value)


def test_more_copies_than_brokers_are_told_with_a_remedy(kafka: SimpleNamespace) -> None:
    settings = Settings(broker=kafka.bootstrap, replication_factor=3, app_id="copies")
    with pytest.raises(ClusterError, match="DRAGOMAN_REPLICATION_FACTOR"):
        asyncio.run(create_topics(settings))


def test_the_names_of_changelogs_are_those_faust_gives() -> None:
    async def names() -> set[str]:
        settings = Settings(app_id="desk")
        delivery = DeliveryParts(
            SubscriptionsInForce(settings),
            partial(open_way, ways_of(settings), {}),
            HomeCountries(()).of,
        )
        app = build_app(settings, reader=PlainReader(), delivery=delivery)
        return set(app.tables.changelog_topics)

    assert asyncio.run(names()) == {changelog_name("desk", table.name) for table in TABLES}


def test_clients_get_in_through_tls_with_a_password(secure_kafka: SimpleNamespace) -> None:
    settings = Settings(
        broker=secure_kafka.bootstrap,
        security_protocol="SASL_SSL",
        ssl_ca_file=secure_kafka.ca_file,
        sasl_mechanism=secure_kafka.mechanism,
        sasl_username=secure_kafka.username,
        sasl_password=SecretStr(secure_kafka.password),
    )
    asyncio.run(create_topics(settings))
    assert all(state.is_as_planned for state in asyncio.run(describe_topics(settings)))


def test_certificates_that_are_none_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    with pytest.raises(ClusterError, match="DRAGOMAN_SSL_CA_FILE"):
        client_options(Settings(security_protocol="SSL", ssl_ca_file=broken))


def test_in_the_clear_there_is_nothing_about_tls_or_passwords() -> None:
    assert client_options(Settings()) == {
        "bootstrap_servers": ["127.0.0.1:9092"],
        "security_protocol": "PLAINTEXT",
    }


@pytest.mark.parametrize("key", ["ada", "jose-antonio-kast", "provisional:x", "Ọ̀yọ́", ""])
def test_a_key_is_where_the_clients_partitioner_puts_it(key: str) -> None:
    from aiokafka.partitioner import DefaultPartitioner

    everywhere = list(range(7))
    assert partition_of(key, 7) == DefaultPartitioner()(key.encode(), everywhere, everywhere)
