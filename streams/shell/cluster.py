"""The cluster of brokers: how any client of ours connects, and the topics on it.

Topics are made here from their one declaration in `schemas.topics`, the tables' changelogs beside
them, before anything is sent: a topic made by the broker's own rules would have its partitions.
What travels on a topic is no business of this module.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code
from aiokafka.partitioner import murmur2
from aiokafka.structs import TopicPartition

from schemas.topics import TOPICS, TopicDeclaration
from streams.shell.settings import Settings
from streams.shell.tables import MAX_STATE_BYTES, TABLES, TableDeclaration, changelog_name

_TIMEOUT_MS = 20_000
_QUESTION_MS = 5_000
_LOOKS = 100
_BETWEEN_LOOKS_SECONDS = 0.1
_OVERHEAD = 64 * 1024  # of a record: its key, headers and the batch round it


class ClusterError(Exception):
    """The cluster cannot be used as it is; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic as it is to be on the cluster."""

    name: str
    partitions: int
    replication_factor: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic beside its plan. `partitions` is 0 where it does not exist."""

    name: str
    partitions: int
    wanted_partitions: int
    replication_factor: int
    config: Mapping[str, str]
    """As planned: what a topic that exists was made with is the cluster's business."""

    @property
    def is_as_planned(self) -> bool:
        """Whether a worker can use it as it is."""
        return self.partitions == self.wanted_partitions


def client_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments for any aiokafka client: addresses, TLS and SASL.

    Raises `ClusterError` where a certificate file cannot be used.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": settings.broker.split(","),
        "security_protocol": settings.security_protocol,
    }
    context = ssl_context(settings)
    if context is not None:
        options["ssl_context"] = context
    if settings.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = secret(settings)
    return options


def partition_of(key: str, partitions: int) -> int:
    """Where the clients' default partitioner puts a key."""
    return int(murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def secret(settings: Settings) -> str | None:
    """The SASL password in the clear, for a client."""
    return None if settings.sasl_password is None else settings.sasl_password.get_secret_value()


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """What TLS trusts and shows; `None` where the brokers are spoken to in the clear."""
    if not settings.security_protocol.endswith("SSL"):
        return None
    try:
        context = ssl.create_default_context(cafile=settings.ssl_ca_file)
        if settings.ssl_cert_file is not None:
            context.load_cert_chain(settings.ssl_cert_file, settings.ssl_key_file)
    except (OSError, ssl.SSLError) as error:
        raise ClusterError(
            f"the certificate files cannot be used: {error}. "
            "Look at DRAGOMAN_SSL_CA_FILE, DRAGOMAN_SSL_CERT_FILE and DRAGOMAN_SSL_KEY_FILE."
        ) from error
    return context


def topic_plans(
    settings: Settings, tables: Iterable[TableDeclaration[Any]] = TABLES
) -> tuple[TopicPlan, ...]:
    """All topics a worker needs: the declared ones and the changelogs of its tables."""
    declared = tuple(_plan(topic, settings) for topic in TOPICS)
    changelogs = tuple(
        TopicPlan(
            name=changelog_name(settings.app_id, table.name),
            # A table lies beside the topic that feeds it, partition by partition.
            partitions=settings.partitions,
            replication_factor=settings.replication_factor,
            config={
                "cleanup.policy": "compact",
                "max.message.bytes": str(MAX_STATE_BYTES + _OVERHEAD),
            },
        )
        for table in tables
    )
    return declared + changelogs


def _plan(topic: TopicDeclaration, settings: Settings) -> TopicPlan:
    return TopicPlan(
        name=topic.name,
        partitions=topic.partitions or settings.partitions,
        replication_factor=settings.replication_factor,
        config={
            "cleanup.policy": topic.cleanup,
            "retention.ms": str(topic.retention_ms),
            "max.message.bytes": str(topic.max_message_bytes + _OVERHEAD),
        },
    )


async def create_topics(
    settings: Settings, tables: Iterable[TableDeclaration[Any]] = TABLES
) -> tuple[str, ...]:
    """Makes the topics that are missing, changelogs of these tables too; gives back their names.

    A topic that exists is left as it is. Raises `ClusterError` where it has other partitions than
    wanted, all such topics at once: keys would be looked for in the wrong place.
    """
    plans = topic_plans(settings, tables)
    async with administering(settings) as admin:
        existing = await _partitions(admin)
        _refuse_other_partitions(plans, existing)
        missing = [plan for plan in plans if plan.name not in existing]
        if not missing:
            return ()
        response = await admin.create_topics(
            [
                NewTopic(
                    plan.name,
                    plan.partitions,
                    plan.replication_factor,
                    topic_configs=dict(plan.config),
                )
                for plan in missing
            ],
            timeout_ms=_TIMEOUT_MS,
        )
        _raise_refusals(response)
        await _until_led(admin, {plan.name for plan in plans})
        # Another worker may have made one meanwhile.
        _refuse_other_partitions(plans, await _partitions(admin))
    return tuple(plan.name for plan in missing)


async def describe_topics(settings: Settings) -> tuple[TopicState, ...]:
    """Each topic as it is on the cluster beside what is planned. Raises `ClusterError`."""
    plans = topic_plans(settings)
    async with administering(settings) as admin:
        topics = {
            topic["topic"]: topic
            for topic in await admin.describe_topics()
            if topic["error_code"] == 0
        }
        return tuple(_state(plan, topics.get(plan.name)) for plan in plans)


@dataclass(frozen=True, slots=True)
class GroupState:
    """A consumer group, by its coordinator's word."""

    committed: Mapping[tuple[str, int], int]
    """The offset to be read next, -1 where there never was a commit."""
    members: frozenset[str]
    """Ids of those whose session has not run out."""


async def group_state(settings: Settings, partitions: Collection[tuple[str, int]]) -> GroupState:
    """How the workers' group stands on these partitions.

    Asks the group's coordinator, over connections of its own. Raises `ClusterError` where it does
    not answer for all of them.
    """
    asked = {TopicPartition(topic, number) for topic, number in partitions}
    async with administering(settings, _QUESTION_MS) as admin:
        found = await admin.list_consumer_group_offsets(settings.app_id, partitions=list(asked))
        (described,) = await admin.describe_consumer_groups([settings.app_id])
    ((fault, _, _, _, _, members, *_),) = described.groups
    # What is wrong with the group as a whole comes as an answer about none (aiokafka 0.14).
    if fault or asked - found.keys():
        raise ClusterError(f"the coordinator of the group {settings.app_id} is not ready")
    return GroupState(
        {(tp.topic, tp.partition): said.offset for tp, said in found.items()},
        frozenset(member[0] for member in members),
    )


@asynccontextmanager
async def administering(
    settings: Settings, timeout_ms: int = _TIMEOUT_MS
) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client that asks and tells brokers of topics. Raises `ClusterError` for what it raises."""
    admin = AIOKafkaAdminClient(**client_options(settings), request_timeout_ms=timeout_ms)
    try:
        await admin.start()
        yield admin
    except (KafkaError, TimeoutError, OSError) as error:
        raise ClusterError(
            f"no use could be made of the brokers at {settings.broker} "
            f"({settings.security_protocol}): {error or type(error).__name__}. "
            "Is the broker running, and are DRAGOMAN_BROKER and the security settings right?"
        ) from error
    finally:
        await admin.close()


def _state(plan: TopicPlan, found: Mapping[str, Any] | None) -> TopicState:
    partitions = [] if found is None else found["partitions"]
    return TopicState(
        name=plan.name,
        partitions=len(partitions),
        wanted_partitions=plan.partitions,
        replication_factor=len(partitions[0]["replicas"]) if partitions else 0,
        config=plan.config,
    )


async def _until_led(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    """Waits until brokers know leaders for them: a topic is made before it can be used."""
    for _ in range(_LOOKS):
        led = {
            topic["topic"]
            for topic in await admin.describe_topics()
            if topic["error_code"] == 0
            and all(partition["error_code"] == 0 for partition in topic["partitions"])
        }
        if names <= led:
            return
        await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
    raise ClusterError(
        f"no broker leads {', '.join(sorted(names - led))} yet, though they were made; see whether "
        "all brokers are up, and try again"
    )


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    # Of all topics: to ask for a missing one by its name makes it, on many clusters.
    return {
        topic["topic"]: len(topic["partitions"])
        for topic in await admin.describe_topics()
        if topic["error_code"] == 0
    }


def _refuse_other_partitions(plans: tuple[TopicPlan, ...], existing: Mapping[str, int]) -> None:
    wrong = [
        f"{plan.name} has {existing[plan.name]} partitions, {plan.partitions} are wanted"
        for plan in plans
        if plan.name in existing and existing[plan.name] != plan.partitions
    ]
    if wrong:
        raise ClusterError(
            "; ".join(wrong) + ". Set DRAGOMAN_PARTITIONS to what the topics have, or start on "
            "topics of another cluster: partitions cannot be changed under keys that are in use."
        )


def _raise_refusals(response: Any) -> None:
    refusals = []
    for name, code, message in response.topic_errors:
        kind = for_code(code)
        if code and kind is not TopicAlreadyExistsError:
            refusals.append(f"{name}: {message or kind.__name__}")
    if refusals:
        raise ClusterError(
            "topics could not be made: " + "; ".join(refusals) + ". With fewer brokers than "
            "copies, lower DRAGOMAN_REPLICATION_FACTOR; otherwise ask for the right to create."
        )
