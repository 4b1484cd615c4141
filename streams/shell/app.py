"""The Faust app, put together: the one place where real things are chosen.

A factory; importing this opens nothing. Why at-least-once and not exactly-once is in
docs/decisions/0002-faust-at-least-once.md. What a hop does is in its agent's module.
"""

import asyncio
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Callable,
    Collection,
    Hashable,
    Iterable,
    Mapping,
)
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import faust
import mode
from faust.types import StreamT

from schemas.base import CountryCode, LeaderId
from schemas.deliveries import Tray
from schemas.dossiers import Dossier
from schemas.stories import Story
from schemas.topics import (
    ALERTS,
    DEAD_LETTERS,
    DESK,
    MAX_RAW_BYTES,
    REPORTS,
    STORIES,
    STORIES_RAW,
    TopicDeclaration,
)
from streams.core.canary import CanaryReader
from streams.core.reader import Reader
from streams.shell.abreast import Abreast
from streams.shell.agents import HOPS, Hop
from streams.shell.agents.deliver import deliver_agent
from streams.shell.agents.desk import DeskParts, desk_agent
from streams.shell.agents.fold import fold_agent
from streams.shell.agents.parse import parse_agent
from streams.shell.agents.read import RELEASE_EVERY_S, ReadTables, Release, read_agent
from streams.shell.canary import Canaries
from streams.shell.ceiling import Ceiling
from streams.shell.cluster import group_state, partition_of, secret, ssl_context
from streams.shell.dead_letters import DeadLetterOffice, Event
from streams.shell.gaps import Gaps
from streams.shell.guard import NO_SPANS, Guard, Handle
from streams.shell.in_force import SubscriptionsInForce
from streams.shell.lag import Lag
from streams.shell.lookout import Lookout
from streams.shell.metrics import Metrics, Vocabulary
from streams.shell.outbox import Outbox
from streams.shell.postman import OpenChannel, Postman, Rounds
from streams.shell.record import read_between
from streams.shell.recovery import (
    Standing,
    finish_before_revocation,
    member_id,
    seek_to_the_start,
    stop_flow_before_seek,
)
from streams.shell.sensor import WorkerSensor
from streams.shell.settings import Settings
from streams.shell.spans import Spans
from streams.shell.standstill import Partition, between_looks_s
from streams.shell.tables import (
    DOSSIERS_TABLE,
    HELD_TABLE,
    STORIES_TABLE,
    TRAYS_TABLE,
    R,
    StateTable,
    TableDeclaration,
    tables_of,
)
from streams.shell.trays import Trays

SOURCES: dict[str, TopicDeclaration] = {
    "parse": STORIES_RAW,
    "read": STORIES,
    "fold": REPORTS,
    "deliver": ALERTS,
    "desk": DESK,
}
"""The topic each agent reads."""

AGENTS: dict[Hop, tuple[str, ...]] = {
    "parse": ("parse",),
    "read": ("read",),
    "fold": ("fold",),
    "deliver": ("deliver", "desk"),
}
"""The agents of each hop."""

READ_WORDS = Vocabulary(languages=("de", "en", "es", "fr", "it", "pt"))
"""What labels may say where a reader of another kind names no data files."""

IN_HAND = 32
"""Messages an agent handles at once. With 1 the brokers' confirmations set the pace: some 55
stories a second."""

_MIB = 1024 * 1024
_ROCKSDB_OPTIONS = {
    # Faust's defaults, a cache of 2 GiB and buffers of 64 MiB for every partition of every table,
    # are made for machines of their own.
    "driver": "rocksdict",
    "write_buffer_size": 8 * _MIB,
    "max_write_buffer_number": 2,
    "block_cache_size": 32 * _MIB,
    "max_open_files": 256,
}


def wall_clock() -> datetime:
    """The time now, in UTC. Agents are given it, so that tests can give them another."""
    return datetime.now(UTC)


class Dragoman(faust.App):
    """The app with what the pages and the worker ask of it."""

    metrics: Metrics
    standing: Standing
    lag: Lag
    guard: Guard
    lookout: Lookout
    gaps: Gaps
    clock: Callable[[], datetime]
    hops: frozenset[Hop]
    kept: tuple[StateTable[Any], ...]
    """The tables of its hops."""
    dossiers: StateTable[Dossier] | None
    trays: StateTable[Tray] | None
    postman: Postman | None

    def take_stock(self) -> None:
        """Brings those metrics up to date that are looked up and not counted.

        Counting the keys of a RocksDB table reads through it.
        """
        self.metrics.ready.set(self.standing.readiness(self.started).is_ready)
        self.metrics.progress_age.set(self.standing.idle_s)
        self.metrics.uncommitted_age.set(self.standing.uncommitted_age_s)
        self.metrics.recovering_seconds.set(self.standing.recovering_s)
        self.metrics.behind(self.lag.behind(self.clock().timestamp()))
        if self.postman is not None:
            waiting, oldest_s = self.postman.waiting()
            self.metrics.deliveries_waiting.set(waiting)
            self.metrics.oldest_due_age.set(oldest_s)
        for table in self.kept:
            self.metrics.table_keys.labels(table.name).set(len(table))

    async def on_first_start(self) -> None:
        """Makes Faust's directories only where there is something to put into them."""
        if str(self.conf.store).startswith("rocksdb"):
            await super().on_first_start()


@dataclass(frozen=True, slots=True)
class DeliveryParts:
    """What the deliver hop needs beside the settings."""

    subscriptions: SubscriptionsInForce
    open_channel: OpenChannel
    home_of: Callable[[LeaderId], CountryCode | None]


def build_app(
    settings: Settings,
    reader: Reader,
    delivery: DeliveryParts | None,
    only: Iterable[Hop] = HOPS,
    *,
    clock: Callable[[], datetime] = wall_clock,
    words: Vocabulary = READ_WORDS,
    spans: Spans = NO_SPANS,
    with_recovery_hook: bool = True,
) -> Dragoman:
    """An app with these hops, not started and not connected. Call it inside a running loop.

    `delivery` is needed where it has the hop `deliver`.
    `with_recovery_hook=False` is for the test that shows what happens without it.
    """
    hops = frozenset(only)
    app = Dragoman(settings.app_id, **_options(settings, hops))
    app.assignor.replicas = settings.standby_replicas
    app.hops, app.clock = hops, clock
    agents = [agent for hop in HOPS if hop in hops for agent in AGENTS[hop]]
    reader = CanaryReader(reader)
    app.metrics = Metrics(agents, words)
    app.metrics.knowledge_info.labels(reader.name, reader.knowledge_version).set(1)
    app.standing = Standing()
    sources = {SOURCES[agent].name for agent in agents}
    app.lag = Lag(sources)
    app.sensors.add(WorkerSensor(app.metrics, app.standing, app.lag))
    outbox = Outbox(app)
    app.guard = Guard(
        Ceiling(settings.dead_letter_run, settings.dead_letter_share, settings.dead_letter_window),
        DeadLetterOffice(outbox, clock),
        app.metrics,
        app.standing,
        spans,
    )
    app.lookout = Lookout(
        partial(group_state, settings), partial(member_id, app), app.standing, app.guard
    )
    app.gaps = Gaps(
        partial(_committed, settings), partial(_lying, settings), app.standing, app.guard
    )
    app.timer(between_looks_s(settings.session_timeout_s, settings.commit_interval_s))(
        app.lookout.look
    )
    _add_hops(app, settings, _Parts(outbox, reader, delivery, clock))
    if with_recovery_hook:
        stop_flow_before_seek(app)
        seek_to_the_start(app, sources)
    # Well within the rebalance timeout, after which the group goes on without us.
    finish_before_revocation(app, app.guard, timeout_s=settings.session_timeout_s / 2)
    return app


@dataclass(frozen=True, slots=True)
class _Parts:
    outbox: Outbox
    reader: Reader
    delivery: DeliveryParts | None
    clock: Callable[[], datetime]


def _add_hops(app: Dragoman, settings: Settings, parts: _Parts) -> None:
    app.dossiers = app.trays = app.postman = stories = held = None
    outbox, metrics, clock = parts.outbox, app.metrics, parts.clock
    if "parse" in app.hops:
        _agent(app, "parse", parse_agent(outbox, metrics, settings.max_story_bytes))
        _send_canaries(app, settings, clock)
    if "read" in app.hops:
        stories = _table(app, settings, STORIES_TABLE)
        held = _table(app, settings, HELD_TABLE)
        work = read_agent(outbox, metrics, clock, parts.reader, ReadTables(stories, held))
        _agent(app, "read", work)
        ours = partial(_reads, app, settings.partitions)
        app.timer(RELEASE_EVERY_S)(Release(outbox, clock, held, ours).run)
    if "fold" in app.hops:
        app.dossiers = _table(app, settings, DOSSIERS_TABLE)
        _agent(app, "fold", fold_agent(outbox, metrics, clock, app.dossiers))
    if "deliver" in app.hops:
        if parts.delivery is None:
            raise TypeError("the hop deliver needs its parts")
        _add_delivery(app, settings, parts, parts.delivery)
    tables = (stories, held, app.dossiers, app.trays)
    app.kept = tuple(table for table in tables if table is not None)


def _add_delivery(
    app: Dragoman, settings: Settings, parts: _Parts, delivery: DeliveryParts
) -> None:
    """Two agents: alerts to desks, and desks; and the postman, whom the worker runs."""
    outbox, wanted = parts.outbox, delivery.subscriptions.all
    desk_of = partial(partition_of, partitions=settings.partitions)
    _agent(app, "deliver", deliver_agent(outbox, app.metrics, parts.clock, wanted, desk_of))
    app.trays = _table(app, settings, TRAYS_TABLE)

    app.postman = Postman(
        outbox,
        app.metrics,
        parts.clock,
        app.standing,
        Rounds(
            delivery.subscriptions,
            delivery.open_channel,
            desk_of,
            tuple(map(float, settings.retry_pauses_s.split(","))),
        ),
    )
    trays = Trays(app.trays, lambda: app.standing.assigned)
    desks = DeskParts(delivery.subscriptions, trays, app.postman, delivery.home_of)
    # One message may be for many desks: the agent itself sees to their order.
    _agent(app, "desk", desk_agent(outbox, parts.clock, desks), lambda _: None)


def _send_canaries(app: Dragoman, settings: Settings, clock: Callable[[], datetime]) -> None:
    def ours() -> frozenset[int]:
        reading = app.standing.reading.is_set()
        return app.standing.assigned.get(STORIES_RAW.name, frozenset()) if reading else frozenset()

    app.metrics.canary_interval.set(settings.canary_every_s)
    if settings.canary_every_s:
        canaries = Canaries(app, app.metrics, clock, settings.partitions, ours)
        app.timer(settings.canary_every_s)(canaries.send)


async def _committed(
    settings: Settings, partitions: Collection[Partition]
) -> Mapping[Partition, int]:
    return (await group_state(settings, partitions)).committed


async def _lying(settings: Settings, partition: Partition, begin: int, end: int) -> bool:
    topic = next(each for each in SOURCES.values() if each.name == partition[0])
    stretch = read_between(settings, topic, {partition[1]: begin}, {partition[1]: end})
    async for _ in stretch:
        return True
    return False


def _reads(app: Dragoman, partitions: int, story: Story) -> bool:
    """Whether this worker has the story's partition now; its tables show others' as well."""
    standing = app.standing
    return standing.reading.is_set() and standing.holds(
        STORIES.name, partition_of(story.id, partitions)
    )


def _key(event: Event) -> Hashable | None:
    return event.message.key


def _agent(
    app: Dragoman, hop: str, work: Handle, in_order: Callable[[Event], Hashable | None] = _key
) -> None:
    """Reads the topic of a hop, or of a part of one, under the guard.

    Messages for which `in_order` gives the same are handled one after the other, for `None` none.
    """
    source = SOURCES[hop]

    async def run(stream: StreamT[bytes]) -> None:
        assert isinstance(stream, faust.Stream)
        # Acknowledged by us alone: Faust would acknowledge what was cancelled or has failed.
        unacknowledged = stream.noack()
        abreast: Abreast[Event] = Abreast(
            IN_HAND,
            key_of=in_order,
            handle=lambda event: app.guard.handle(hop, event, work),
            acknowledge=lambda event: app.guard.acknowledge(event, unacknowledged.ack(event)),
        )
        await abreast.run(_without_gaps(app.gaps, unacknowledged.events()))

    app.agent(
        app.topic(source.name, key_serializer="raw", value_serializer="raw"),
        name=hop,
        concurrency=1,  # greater, and Faust commits over unfinished messages (#606)
        # Nothing leaves the guard. If something does, the worker must not go on over it.
        supervisor_strategy=mode.CrashingSupervisor,
    )(run)


async def _without_gaps(gaps: Gaps, events: AsyncIterable[Event]) -> AsyncIterator[Event]:
    """The events, up to one before which something was skipped: the worker then stops."""
    async for event in events:
        if not await gaps.passes(event):
            await asyncio.Event().wait()
        yield event


def _table(app: Dragoman, settings: Settings, declaration: TableDeclaration[R]) -> StateTable[R]:
    # Faust empties the options it is given, so each table has its own.
    options = dict(_ROCKSDB_OPTIONS) if settings.store == "rocksdb" else None
    table = app.Table(
        declaration.name,
        key_type=bytes,
        value_type=bytes,
        partitions=settings.partitions,
        options=options,
    )
    assert isinstance(table, faust.Table)
    table.key_serializer = table.value_serializer = "raw"
    return StateTable(declaration, table)


def _options(settings: Settings, hops: frozenset[Hop]) -> dict[str, Any]:
    return {
        # Faust would read dozens of variables of its own; ours are read in one place.
        "env": {},
        "autodiscover": False,
        "broker": "kafka://" + settings.broker.replace(",", ";"),
        "processing_guarantee": "at_least_once",
        "key_serializer": "raw",
        "value_serializer": "raw",
        "store": f"{settings.store}://",
        "topic_partitions": settings.partitions,
        "topic_replication_factor": settings.replication_factor,
        "topic_disable_leader": True,
        # All topics are there by now, changelogs too; a worker need not be allowed to make any.
        "topic_allow_declare": False,
        # Waits for every message that was fetched and not acknowledged, for ever if one never is.
        # What is in hand is waited for by ourselves, with a limit.
        "stream_wait_empty": False,
        # Without a table or a copy of one, Faust shares partitions out by another rule than with,
        # and brokers let no two rules into a group: a worker of `parse` would wait for ever.
        "table_standby_replicas": settings.standby_replicas or (0 if tables_of(hops) else 1),
        "web_enabled": False,  # its pages answer before recovery is done; ours are in web.py
        "web_port": settings.web_port or 6066,
        **({} if settings.data_dir is None else {"datadir": settings.data_dir}),
        **_client_settings(settings),
        **_security(settings),
    }


def _client_settings(settings: Settings) -> dict[str, Any]:
    return {
        "broker_session_timeout": settings.session_timeout_s,
        "broker_heartbeat_interval": settings.heartbeat_interval_s,
        "broker_commit_interval": settings.commit_interval_s,
        "consumer_group_instance_id": settings.group_instance_id,
        "consumer_auto_offset_reset": "earliest",
        # Of one partition in one fetch; a greater message still comes, alone (KIP-74).
        "consumer_max_fetch_size": MAX_RAW_BYTES,
        "producer_acks": -1,
        # No lingering: an agent waits for what it sends, so nothing would come to fill the batch.
        "producer_linger": 0.0,
        "producer_max_batch_size": 256 * 1024,
        "producer_max_request_size": DEAD_LETTERS.max_message_bytes + 64 * 1024,
    }


def _security(settings: Settings) -> dict[str, Any]:
    context = ssl_context(settings)
    if settings.security_protocol.startswith("SASL"):
        return {
            "broker_credentials": faust.SASLCredentials(
                username=settings.sasl_username,
                password=secret(settings),
                mechanism=settings.sasl_mechanism,
                ssl_context=context,
            )
        }
    return {} if context is None else {"broker_credentials": faust.SSLCredentials(context)}
