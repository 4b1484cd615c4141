"""How the brokers stand: reached, with topics as declared and the rights we need, and in time."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError

from streams.shell.agents import HOPS, Hop
from streams.shell.allowed import described_group, missing_rights
from streams.shell.app import SOURCES
from streams.shell.cluster import TopicPlan, topic_plans
from streams.shell.doctor.findings import Finding, ok, unseen, wrong
from streams.shell.rights import Component, rights_of
from streams.shell.settings import Settings
from streams.shell.tables import tables_of

AHEAD = timedelta(seconds=30)
"""So far a message may be from the future: clocks differ a little, and nothing hangs on it."""

TOLD_BY = tuple(SOURCES.values())
"""The topics whose messages tell the time."""

_FETCH_MS = 2_000
_UNAUTHORISED = 29
_SETTLED = "Stable"
_DOCTOR = "`dragoman acls doctor --user …` prints what would let it be seen."

Topics = Mapping[str, Sequence[Mapping[str, Any]]]
"""Partitions of each topic that is there, as the brokers tell."""


async def brokers(admin: AIOKafkaAdminClient) -> Finding:
    """Who answers."""
    cluster = await admin.describe_cluster()
    many = len(cluster["brokers"])
    return ok("brokers", f"{many} broker{'s' * (many != 1)} of cluster {cluster['cluster_id']}")


async def existing_topics(admin: AIOKafkaAdminClient) -> Topics:
    """All that we may see."""
    return {
        topic["topic"]: topic["partitions"]
        for topic in await admin.describe_topics()
        if topic["error_code"] == 0
    }


def plans_for(settings: Settings, components: Sequence[Component]) -> tuple[TopicPlan, ...]:
    """The topics that these need."""
    return topic_plans(settings, tables_of(_hops(components)))


def topics(settings: Settings, plans: Sequence[TopicPlan], there: Topics) -> Iterator[Finding]:
    """Whether all are there, with their partitions and copies."""
    faults = [fault for plan in plans for fault in _of_topic(settings, plan, there.get(plan.name))]
    yield from (wrong("topics", told, remedy) for told, remedy in faults)
    if not faults:
        yield ok("topics", f"all {len(plans)} there, with their partitions and copies")


def _of_topic(
    settings: Settings, plan: TopicPlan, partitions: Sequence[Mapping[str, Any]] | None
) -> Iterator[tuple[str, str]]:
    if partitions is None:
        yield (
            f"{plan.name} is not there, or may not be seen",
            "`dragoman topics create` makes it.",
        )
        return
    if len(partitions) != plan.partitions:
        yield (
            f"{plan.name} has {len(partitions)} partitions, {plan.partitions} are wanted",
            "Set DRAGOMAN_PARTITIONS to what the topics have.",
        )
    copies = min(len(partition["replicas"]) for partition in partitions)
    if copies < settings.replication_factor:
        yield (
            f"{plan.name} has {copies} copies, {settings.replication_factor} are wanted",
            "Have its partitions reassigned (kafka-reassign-partitions.sh), or lower "
            "DRAGOMAN_REPLICATION_FACTOR.",
        )
    behind = [p["partition"] for p in partitions if len(p["isr"]) < len(p["replicas"])]
    leaderless = [p["partition"] for p in partitions if p["leader"] < 0]
    if behind or leaderless:
        numbers = ", ".join(map(str, sorted({*behind, *leaderless})))
        yield (
            f"{plan.name}: partitions {numbers} lack copies or a leader",
            "See which broker is down or behind.",
        )


async def topic_settings(
    admin: AIOKafkaAdminClient, plans: Sequence[TopicPlan], there: Topics
) -> AsyncIterator[Finding]:
    """Whether topics keep messages as long, and take them as large, as is declared."""
    asked = [
        ConfigResource(ConfigResourceType.TOPIC, plan.name, dict.fromkeys(plan.config))
        for plan in plans
        if plan.name in there
    ]
    if not asked:
        return
    wanted = {plan.name: plan.config for plan in plans}
    alike = 0
    for answer in await admin.describe_configs(asked):
        for each in answer.to_object()["resources"]:
            name = each["resource_name"]
            if each["error_code"] == _UNAUTHORISED:
                yield unseen("topic settings", f"those of {name} may not be seen", _DOCTOR)
                continue
            found = {entry["config_names"]: entry["config_value"] for entry in _entries(each)}
            other = {k: v for k, v in wanted[name].items() if found.get(k) != v}
            alike += not other
            for key, value in other.items():
                yield wrong(
                    "topic settings",
                    f"{name} has {key}={found.get(key)}, {value} is declared",
                    "kafka-configs.sh --alter --entity-type topics "
                    f"--entity-name {name} --add-config {key}={value}",
                )
    if alike == len(asked):
        yield ok("topic settings", f"of {alike} topics, as declared")


def _entries(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries: list[Mapping[str, Any]] = resource["config_entries"]
    return entries


async def rights(settings: Settings, components: Sequence[Component]) -> Sequence[Finding]:
    """Whether the brokers allow us what these components need."""
    wanted = rights_of(components, settings)
    missing = await missing_rights(settings, wanted)
    names, who = " ".join(components), settings.sasl_username or "NAME"
    remedy = f"`dragoman acls {names} --user {who}` prints the commands that allow it."
    if missing:
        return [wrong("rights", f"missing: {right}", remedy) for right in missing]
    return [ok("rights", f"all {len(wanted)} that {names} must have")]


@dataclass(frozen=True, slots=True)
class View:
    """What it takes to look at topics: two clients that are connected, and what is there."""

    admin: AIOKafkaAdminClient
    consumer: AIOKafkaConsumer
    there: Topics

    def partitions(self, topic: str) -> list[TopicPartition]:
        """Those of a topic; none where it is not there."""
        return [TopicPartition(topic, each["partition"]) for each in self.there.get(topic, ())]


async def clock(view: View, now: datetime) -> Finding:
    """Whether the newest messages are from the past.

    They bear their senders' time, and brokers tell no time of their own. A clock of ours that is
    ahead cannot be seen so.
    """
    seen = []
    may_all = all(topic.name in view.there for topic in TOLD_BY)
    for declared in TOLD_BY:
        try:
            newest = await _newest(view, declared.name)
        except TopicAuthorizationFailedError:
            may_all = False
        else:
            seen += [newest] if newest else []
    if not seen and may_all:
        return unseen("clock", "there is no message yet to tell the time")
    if not seen:
        return unseen("clock", "no message that we may read is there to tell the time", _DOCTOR)
    at, topic = max(seen)
    if at > now + AHEAD:
        return wrong(
            "clock",
            f"the newest message of {topic} is {(at - now).total_seconds():.0f} s ahead of this "
            "machine",
            "Have the clocks of this machine and of those that send set by NTP.",
        )
    return ok("clock", f"the newest message is of {at:%Y-%m-%d %H:%M:%S} UTC, on {topic}")


async def _newest(view: View, topic: str) -> tuple[datetime, str] | None:
    """Time of the latest message; `None` where there is none.

    Raises `TopicAuthorizationFailedError` where we may not read it.
    """
    consumer, partitions = view.consumer, view.partitions(topic)
    begins = await consumer.beginning_offsets(partitions)
    ends = await consumer.end_offsets(partitions)
    filled = [each for each in partitions if ends[each] > begins[each]]
    if not filled:
        return None
    consumer.assign(filled)
    for each in filled:
        consumer.seek(each, ends[each] - 1)
    times: dict[TopicPartition, int] = {}
    try:
        while len(times) < len(filled):
            batches = await consumer.getmany(timeout_ms=_FETCH_MS)
            if not batches:
                break
            times |= {each: records[-1].timestamp for each, records in batches.items()}
    finally:
        consumer.unsubscribe()
    return (datetime.fromtimestamp(max(times.values()) / 1000, UTC), topic) if times else None


async def workers(
    view: View, group: str, topics_of: Mapping[Hop, Sequence[str]]
) -> Sequence[Finding]:
    """Whether any worker is there, and whether for each hop some worker reads its topics."""
    try:
        described = await described_group(view.admin, group)
    except GroupAuthorizationFailedError:
        return [unseen("workers", f"the group {group} may not be seen", _DOCTOR)]
    if described is None:
        return [unseen("workers", "these brokers do not tell of a group")]
    wanted = {
        hop: [each for name in names for each in view.partitions(name)]
        for hop, names in topics_of.items()
    }
    return of_group(group, described, wanted)


def of_group(
    group: str, described: Mapping[str, Any], wanted: Mapping[Hop, Sequence[TopicPartition]]
) -> Sequence[Finding]:
    """By what the brokers tell of a group, and the partitions that each hop is to read."""
    many = len(described["members"])
    if not many:
        told = f"none is in the group {group}"
        return [wrong("workers", told, "Start one: `dragoman worker`.")]
    if described["state"] != _SETTLED:
        return [ok("workers", f"{many} in the group {group}, which shares out its partitions")]
    read = _read_by(described["members"])
    unread = {(hop, each.topic): None for hop in wanted for each in wanted[hop] if each not in read}
    return [
        wrong(
            "workers",
            f"{many} in the group {group}, but nobody reads {name} for {hop}",
            f"Start one that does: `dragoman worker`, or `dragoman worker --only {hop}`.",
        )
        for hop, name in unread
    ] or [ok("workers", f"{many} in the group {group}")]


def _read_by(members: Iterable[Mapping[str, Any]]) -> frozenset[TopicPartition]:
    """What members of a settled group have between them; a fresh member may have nothing yet."""
    return frozenset(
        TopicPartition(topic, number)
        for member in members
        if (given := member["member_assignment"])
        for topic, numbers in ConsumerProtocolMemberAssignment.decode(given).assignment
        for number in numbers
    )


async def waiting(view: View, group: str, agent: str, most: int) -> Finding:
    """How many messages wait for an agent."""
    name = SOURCES[agent].name
    partitions = view.partitions(name)
    try:
        committed = await view.admin.list_consumer_group_offsets(group)
    except GroupAuthorizationFailedError:
        return unseen("lag", f"that of {agent} may not be seen", _DOCTOR)
    begins = await view.consumer.beginning_offsets(partitions)
    ends = await view.consumer.end_offsets(partitions)
    done = {each: committed[each].offset if each in committed else 0 for each in partitions}
    lag = sum(ends[each] - max(begins[each], done[each]) for each in partitions)
    if lag > most:
        return wrong(
            "lag",
            f"{lag} messages wait on {name} for {agent}, {most} may",
            "See whether all workers are ready (/readyz) and get on; up to "
            f"{len(partitions)} of them share the work.",
        )
    return ok("lag", f"{lag} messages wait on {name} for {agent}")


def _hops(components: Sequence[Component]) -> tuple[Hop, ...]:
    return tuple(hop for hop in HOPS if hop in components)
