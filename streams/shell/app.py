"""The Faust app, put together: the one place where real things are chosen.

A factory; importing this opens nothing. Why at-least-once and not exactly-once is in
docs/decisions/0002-faust-at-least-once.md. What a hop does is in its agent's module.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import faust
import mode
from faust.types import StreamT

from schemas.dossiers import Dossier
from schemas.stories import Story
from schemas.topics import (
    ALERTS,
    DEAD_LETTERS,
    MAX_RAW_BYTES,
    REPORTS,
    STORIES,
    STORIES_RAW,
    TopicDeclaration,
)
from streams.channels import Channel
from streams.core.reader import Reader
from streams.shell.abreast import Abreast
from streams.shell.agents import HOPS, Hop
from streams.shell.agents.deliver import deliver_agent
from streams.shell.agents.fold import fold_agent
from streams.shell.agents.parse import parse_agent
from streams.shell.agents.read import RELEASE_EVERY_S, ReadTables, Release, read_agent
from streams.shell.ceiling import Ceiling
from streams.shell.cluster import partition_of, secret, ssl_context
from streams.shell.dead_letters import DeadLetterOffice, Event
from streams.shell.guard import Guard, Handle
from streams.shell.metrics import Metrics
from streams.shell.outbox import Outbox
from streams.shell.recovery import Standing, finish_before_revocation, stop_flow_before_seek
from streams.shell.sensor import WorkerSensor
from streams.shell.settings import Settings
from streams.shell.tables import (
    DELIVERIES_TABLE,
    DOSSIERS_TABLE,
    HELD_TABLE,
    STORIES_TABLE,
    DeliveryRecord,
    R,
    StateTable,
    TableDeclaration,
    tables_of,
)

SOURCES: dict[Hop, TopicDeclaration] = {
    "parse": STORIES_RAW,
    "read": STORIES,
    "fold": REPORTS,
    "deliver": ALERTS,
}
"""The topic each hop reads."""

READ_LANGUAGES = ("de", "en", "es", "fr", "it", "pt")

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
    guard: Guard
    hops: frozenset[Hop]
    kept: tuple[StateTable[Any], ...]
    """The tables of its hops."""
    dossiers: StateTable[Dossier] | None
    deliveries: StateTable[DeliveryRecord] | None

    def take_stock(self) -> None:
        """Brings those metrics up to date that are looked up and not counted.

        Counting the keys of a RocksDB table reads through it.
        """
        self.metrics.ready.set(self.standing.readiness(self.started).is_ready)
        self.metrics.progress_age.set(self.standing.progress_age_s or 0.0)
        for table in self.kept:
            self.metrics.table_keys.labels(table.name).set(len(table))

    async def on_first_start(self) -> None:
        """Makes Faust's directories only where there is something to put into them."""
        if str(self.conf.store).startswith("rocksdb"):
            await super().on_first_start()


def build_app(
    settings: Settings,
    reader: Reader,
    channels: Sequence[Channel],
    only: Iterable[Hop] = HOPS,
    *,
    clock: Callable[[], datetime] = wall_clock,
    languages: Iterable[str] = READ_LANGUAGES,
    with_recovery_hook: bool = True,
) -> Dragoman:
    """An app with these hops, not started and not connected. Call it inside a running loop.

    `with_recovery_hook=False` is for the test that shows what happens without it.
    """
    hops = frozenset(only)
    app = Dragoman(settings.app_id, **_options(settings, hops))
    app.assignor.replicas = settings.standby_replicas
    app.hops = hops
    app.metrics = Metrics(sorted(hops), languages)
    app.standing = Standing()
    app.sensors.add(WorkerSensor(app.metrics, app.standing))
    outbox = Outbox(app)
    app.guard = Guard(
        Ceiling(settings.dead_letter_run, settings.dead_letter_share, settings.dead_letter_window),
        DeadLetterOffice(outbox, clock),
        app.metrics,
        app.standing,
    )
    _add_hops(app, settings, _Parts(outbox, reader, channels, clock))
    if with_recovery_hook:
        stop_flow_before_seek(app)
    # Well within the rebalance timeout, after which the group goes on without us.
    finish_before_revocation(app, app.guard, timeout_s=settings.session_timeout_s / 2)
    return app


@dataclass(frozen=True, slots=True)
class _Parts:
    outbox: Outbox
    reader: Reader
    channels: Sequence[Channel]
    clock: Callable[[], datetime]


def _add_hops(app: Dragoman, settings: Settings, parts: _Parts) -> None:
    app.dossiers = app.deliveries = stories = held = None
    outbox, metrics, clock = parts.outbox, app.metrics, parts.clock
    if "parse" in app.hops:
        _agent(app, "parse", parse_agent(outbox, metrics, settings.max_story_bytes))
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
        app.deliveries = _table(app, settings, DELIVERIES_TABLE)
        work = deliver_agent(outbox, metrics, clock, parts.channels, app.deliveries)
        _agent(app, "deliver", work)
    tables = (stories, held, app.dossiers, app.deliveries)
    app.kept = tuple(table for table in tables if table is not None)


def _reads(app: Dragoman, partitions: int, story: Story) -> bool:
    """Whether this worker has the story's partition now; its tables show others' as well."""
    standing = app.standing
    return standing.reading.is_set() and standing.holds(
        STORIES.name, partition_of(story.id, partitions)
    )


def _agent(app: Dragoman, hop: Hop, work: Handle) -> None:
    """Reads the hop's topic under the guard."""
    source = SOURCES[hop]

    async def run(stream: StreamT[bytes]) -> None:
        assert isinstance(stream, faust.Stream)
        # Acknowledged by us alone: Faust would acknowledge what was cancelled or has failed.
        unacknowledged = stream.noack()
        abreast: Abreast[Event] = Abreast(
            IN_HAND,
            key_of=lambda event: event.message.key,
            handle=lambda event: app.guard.handle(hop, event, work),
            acknowledge=lambda event: app.guard.acknowledge(unacknowledged.ack(event)),
        )
        await abreast.run(unacknowledged.events())

    app.agent(
        app.topic(source.name, key_serializer="raw", value_serializer="raw"),
        name=hop,
        concurrency=1,  # greater, and Faust commits over unfinished messages (#606)
        # Nothing leaves the guard. If something does, the worker must not go on over it.
        supervisor_strategy=mode.CrashingSupervisor,
    )(run)


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
