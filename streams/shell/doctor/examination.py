"""The whole examination: what is on the machine first, then what is on the brokers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from aiokafka import AIOKafkaConsumer

from streams.shell.agents import HOPS
from streams.shell.app import AGENTS, SOURCES
from streams.shell.cluster import ClusterError, administering, client_options
from streams.shell.doctor import cluster, machine
from streams.shell.doctor.findings import Finding, ok, unseen, wrong
from streams.shell.doctor.refused import refused
from streams.shell.doctor.subscribers import subscribers
from streams.shell.intake.follow import looked_back, read_accounts
from streams.shell.intake.sources import Source
from streams.shell.rights import Component
from streams.shell.settings import Settings


async def examine(
    settings: Settings, components: Sequence[Component], *, now: datetime, most_lag: int
) -> AsyncIterator[Finding]:
    """All findings, as they are made. `most_lag`: so many messages may wait for a hop."""
    for finding in machine.data_files(settings.knowledge_dir):
        yield finding
    sources, findings = machine.sources_file(settings)
    for finding in (*findings, *machine.disk(settings)):
        yield finding
    try:
        async for finding in _of_brokers(settings, components, now, most_lag):
            yield finding
        for finding in await _silent(settings, sources, now):
            yield finding
        if any(hop in components for hop in HOPS):
            for finding in await refused(settings, now):
                yield finding
        if "deliver" in components:
            for finding in await subscribers(settings, now):
                yield finding
    except ClusterError as error:
        remedy = "See whether the brokers run, and the settings that lead to them."
        yield wrong("brokers", str(error), remedy)


async def _of_brokers(
    settings: Settings, components: Sequence[Component], now: datetime, most_lag: int
) -> AsyncIterator[Finding]:
    async with administering(settings) as admin, _reading(settings) as consumer:
        yield await cluster.brokers(admin)
        there = await cluster.existing_topics(admin)
        plans = cluster.plans_for(settings, components)
        for finding in cluster.topics(settings, plans, there):
            yield finding
        async for finding in cluster.topic_settings(admin, plans, there):
            yield finding
        for finding in await cluster.rights(settings, components):
            yield finding
        view = cluster.View(admin, consumer, there)
        yield await cluster.clock(view, now)
        hops = [hop for hop in HOPS if hop in components]
        if hops:
            read_by_hop = {hop: [SOURCES[agent].name for agent in AGENTS[hop]] for hop in hops}
            for finding in await cluster.workers(view, settings.app_id, read_by_hop):
                yield finding
        for hop in hops:
            for agent in AGENTS[hop]:
                yield await cluster.waiting(view, settings.app_id, agent, most_lag)


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    """A client without a group: nothing is committed."""
    consumer = AIOKafkaConsumer(**client_options(settings), enable_auto_commit=False)
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def _silent(
    settings: Settings, sources: Sequence[Source], now: datetime
) -> Sequence[Finding]:
    """Which sources have been silent longer than they may."""
    limited = [source for source in sources if source.silence_s is not None]
    if not limited:
        return ()
    try:
        accounts = await read_accounts(settings, sources, looked_back(sources, now))
    except ClusterError as error:
        return [unseen("silence", str(error))]
    findings = []
    for source in limited:
        silence = accounts.silence(source, now)
        nothing = "nothing" if accounts.of(source).last_item_at else "nothing at all, looked at"
        told = f"{source.name}: {nothing} since {silence.since:%Y-%m-%d %H:%M} UTC"
        if silence.is_exceeded:
            remedy = (
                f"Ask whoever sends it, and see what its intake says of it (/sources); "
                f"{source.silence_s:.0f} s may pass."
            )
            findings.append(wrong("silence", told, remedy))
        else:
            findings.append(ok("silence", f"{source.name}: heard of in time"))
    return findings
