"""How fast, how soon and how dear: the whole pipeline on Apache Kafka, in one run.

`python -m bench.pipeline` starts a Kafka and workers of its own, as they are shipped, and feeds the
invented wire, whose stories are short: whole stories take the reader longer and the shell as long.
`--short` is for trying it out, `--write` puts the figures into docs/performance.md. On a shared
machine the ratios of one run count, not the figures.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.feeding import FEED, Feeder, raw
from bench.invented_wire import Item, invented_wire
from bench.report import machine, put
from bench.service import (
    BROKER_SETTINGS,
    Worker,
    delete_topics,
    logged,
    quantile,
    send_all,
    until_all_is_read,
)
from bench.speed import corpora
from schemas.codec import decode_as, encode
from schemas.dossiers import Dossier
from schemas.stories import Story, StoryState
from schemas.topics import ALERTS, READINGS, STORIES_RAW
from streams.core.alerts import weigh
from streams.core.editions import report
from streams.core.fold import fold
from streams.core.reader import RuleReader
from streams.core.wire import Arrival, parse
from streams.knowledge import load
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.brokers.process import free_ports
from streams.shell.tables import DOSSIERS_TABLE, changelog_name

T = TypeVar("T")
SEED = 7
RATES = (10, 50, 200)
"""Stories a second at which latency is measured."""
BARE_TIMES = 10
"""The bare loop is so quick that it gets the stories so many times."""
TEMPLATES = 600
"""Stories that the dossiers of the recovery are made of."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    stories: int
    rounds: int
    latency_s: int
    dossiers: tuple[int, ...]


FULL = Size(stories=3_000, rounds=3, latency_s=30, dossiers=(1_000, 10_000, 100_000))
SHORT = Size(stories=300, rounds=1, latency_s=6, dossiers=(1_000,))


@dataclass(frozen=True, slots=True)
class Pace:
    """Stories a second, and milliseconds of CPU a story."""

    a_second: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU a story, each step alone, in this process."""

    reader: float
    rest: float
    """Parsing, reporting, folding and deciding, with the dossiers decoded and encoded."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a worker costs on some stories, beside what the core costs alone, of one round."""

    core: Cost
    worker: Pace

    @property
    def shell(self) -> float:
        """Milliseconds of CPU a story that are neither the reader's nor the rest of the core's."""
        return self.worker.cpu_ms - self.core.reader - self.core.rest

    @property
    def to_reader(self) -> float:
        """The shell's CPU by the reader's."""
        return self.shell / self.core.reader


def wire(count: int, skip: int = 0) -> list[Item]:
    """Items of the invented wire."""
    return list(itertools.islice(invented_wire(load(), SEED), skip, skip + count))


def whole_stories(count: int) -> list[Item]:
    """The labelled development stories, mixed as in docs/speed.md, again and again as new ones."""
    stories = corpora()["mixed"]
    return [
        Item(
            json.dumps(
                {
                    "uri": f"{story.id}:{number}",
                    "versioncreated": (story.published_at or story.received_at).isoformat(),
                    "language": story.language,
                    "provider": f"{story.source} {number}",
                    "headline": story.headline,
                    "body_text": story.body,
                }
            ).encode(),
            story.received_at,
        )
        for number, story in itertools.islice(
            ((number, story) for number in itertools.count() for story in stories), count
        )
    ]


def core_alone(items: Sequence[Item]) -> Cost:
    """What the rules cost with no shell round them."""
    reader = RuleReader(load())
    states: dict[str, StoryState] = {}
    kept: dict[str, bytes] = {}
    reading_s, began = 0.0, time.process_time()
    for item in items:
        story = parse(item.data, Arrival(feed=FEED, format="ninjs", received_at=item.at))
        assert isinstance(story, Story)
        before = time.process_time()
        reading = reader.read(story)
        reading_s += time.process_time() - before
        states[story.id], told = report(states.get(story.id), reading)
        for each in told:
            held = kept.get(each.leader)
            dossier = None if held is None else decode_as(DOSSIERS_TABLE.record, held)
            kept[each.leader] = encode(weigh(dossier, fold(dossier, each), each).dossier)
    all_s = time.process_time() - began
    return Cost(1000 * reading_s / len(items), 1000 * (all_s - reading_s) / len(items))


async def bare_loop(bootstrap: str, items: Sequence[Item]) -> Pace:
    """Consume and produce with the client alone, one message in, one out, commits as it goes."""
    keyed = ((b"%d" % number, item.data) for number, item in enumerate(items))
    await send_all(bootstrap, STORIES_RAW.name, keyed)
    consumer = AIOKafkaConsumer(
        STORIES_RAW.name,
        bootstrap_servers=bootstrap,
        group_id="bare",
        auto_offset_reset="earliest",
        enable_auto_commit=True,
        auto_commit_interval_ms=1000,
    )
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await consumer.start()
    await producer.start()
    try:
        sent: list[asyncio.Future[Any]] = []
        began, cpu = time.perf_counter(), time.process_time()
        while len(sent) < len(items):
            message = await consumer.getone()
            sent.append(await producer.send(READINGS.name, message.value, key=message.key))
        await asyncio.gather(*sent)
        took, used = time.perf_counter() - began, time.process_time() - cpu
    finally:
        await consumer.stop()
        await producer.stop()
    return Pace(len(items) / took, 1000 * used / len(items))


@dataclass(frozen=True, slots=True)
class Recovery:
    """How long tables take to come back, and how much that is."""

    ready_s: float
    """From the start of the process until it reads."""
    recovery_s: float
    megabytes: float


class Bench:
    """All that needs a broker."""

    def __init__(self, bootstrap: str, directory: Path, size: Size) -> None:
        self._bootstrap = bootstrap
        self._directory = directory
        self._size = size
        self._names = (f"bench-{n}" for n in itertools.count())

    def _worker(self, app_id: str, **settings: str) -> Worker:
        return Worker(self._bootstrap, app_id, self._directory, free_ports(1)[0], **settings)

    async def _fresh(self) -> str:
        await delete_topics(self._bootstrap)
        return next(self._names)

    async def pace(self, workers: int, items: Sequence[Item]) -> Pace:
        """Of so many workers, all ready, on a burst; from the first item to the last outcome."""
        app_id = await self._fresh()
        running = [self._worker(app_id) for _ in range(workers)]
        try:
            for worker in running:
                worker.wait_ready()
            await asyncio.sleep(5 if workers > 1 else 1)  # the partitions are shared out again
            for worker in running:
                worker.wait_ready()
            cpu = sum(worker.cpu_s() for worker in running)
            with Feeder(self._bootstrap, [raw(item) for item in items], 5_000) as feeder:
                await asyncio.to_thread(feeder.finish)
            await until_all_is_read(self._bootstrap, app_id)
            used = sum(worker.cpu_s() for worker in running) - cpu
        finally:
            for worker in running:
                worker.stop()
        first = min(each.at_s for each in await logged(self._bootstrap, STORIES_RAW.name))
        outcomes = await logged(self._bootstrap, READINGS.name)
        outcomes += await logged(self._bootstrap, ALERTS.name)
        last = max(each.at_s for each in outcomes)
        return Pace(len(items) / (last - first), 1000 * used / len(items))

    async def latencies(self) -> dict[int, list[float]]:
        """Rate to seconds from raw topic to alert topic, of stories that gave a first alert."""
        app_id = await self._fresh()
        worker = self._worker(app_id)
        found = {}
        try:
            worker.wait_ready()
            await self._latency(app_id, 20, wire(100, skip=90_000))  # to warm it up
            skip = 0
            for rate in RATES:
                items = wire(rate * self._size.latency_s, skip)
                skip += len(items)
                found[rate] = await self._latency(app_id, rate, items)
        finally:
            worker.stop()
        return found

    async def _latency(self, app_id: str, rate: int, items: Sequence[Item]) -> list[float]:
        with Feeder(self._bootstrap, [raw(item) for item in items], rate) as feeder:
            await asyncio.to_thread(feeder.finish)
        await until_all_is_read(self._bootstrap, app_id)
        arrived = {
            each.value: each.at_s for each in await logged(self._bootstrap, STORIES_RAW.name)
        }
        by_time = {item.at.isoformat(): arrived[item.data] for item in items}
        found = []
        for each in await logged(self._bootstrap, ALERTS.name):
            alert = json.loads(each.value)["data"]
            if alert["reason"] == "first_report" and len(alert["evidence"]) == 1:
                told_at = alert["evidence"][0]["published_at"].replace("Z", "+00:00")
                if told_at in by_time:
                    found.append(each.at_s - by_time[told_at])
        return sorted(found)

    async def recovery(self, dossiers: int) -> Recovery:
        """Of so many dossiers, in memory."""
        app_id = await self._fresh()
        first = self._worker(app_id)  # makes the topics
        first.wait_ready()
        first.stop()
        size = 0

        def pairs() -> Iterator[tuple[bytes, bytes]]:
            nonlocal size
            for key, value in _many_dossiers(dossiers):
                size += len(value)
                yield key, value

        await send_all(self._bootstrap, changelog_name(app_id, DOSSIERS_TABLE.name), pairs())
        await asyncio.sleep(7)  # the first one's session
        worker = self._worker(app_id)
        try:
            ready_s = worker.wait_ready()
            held = worker.metric('dragoman_table_keys{table="dossiers"}')
            assert held == dossiers, f"{held:g} of {dossiers} dossiers came back"
            recovery_s = worker.metric("dragoman_recovery_duration_seconds_sum")
            return Recovery(ready_s, recovery_s, size / 1e6)
        finally:
            worker.stop()


def _many_dossiers(count: int) -> Iterator[tuple[bytes, bytes]]:
    """Dossiers of the invented wire, again and again under other ids."""
    reader = RuleReader(load())
    states: dict[str, StoryState] = {}
    made: dict[str, Dossier] = {}
    for item in wire(TEMPLATES):
        story = parse(item.data, Arrival(feed=FEED, format="ninjs", received_at=item.at))
        assert isinstance(story, Story)
        states[story.id], told = report(states.get(story.id), reader.read(story))
        for each in told:
            before = made.get(each.leader)
            made[each.leader] = weigh(before, fold(before, each), each).dossier
    templates = itertools.cycle(made.values())
    for number in range(count):
        dossier = next(templates).model_copy(update={"leader": f"invented-{number}"})
        yield dossier.leader.encode(), encode(dossier)


async def measure(size: Size, say: Callable[[str], None]) -> str:
    """All figures as Markdown."""
    busy = [os.getloadavg()[0]]
    items = wire(size.stories)
    streams = {"invented wire": items, "whole stories": whole_stories(size.stories // 3)}
    with (
        ApacheKafka(settings=BROKER_SETTINGS) as kafka,
        TemporaryDirectory(prefix="dragoman-bench-") as directory,
    ):
        bench = Bench(kafka.bootstrap, Path(directory), size)

        async def told(what: str, measuring: Awaitable[T]) -> T:
            found = await measuring
            busy.append(os.getloadavg()[0])
            say(f"{what}: {found}")
            return found

        async def share(name: str) -> Share:
            alone = await told(f"core alone, {name}", asyncio.to_thread(core_alone, streams[name]))
            return Share(alone, await told(f"one worker, {name}", bench.pace(1, streams[name])))

        # In turns: what else the machine does should not fall on one of them alone.
        rounds = [
            (
                {name: await share(name) for name in streams},
                await told("two workers", bench.pace(2, items)),
                await told("bare loop", bare_loop(kafka.bootstrap, items * BARE_TIMES)),
            )
            for _ in range(size.rounds)
        ]
        shares, two, bare = zip(*rounds, strict=True)
        late = await bench.latencies()
        for rate, found in late.items():
            say(f"{rate}/s: p50 {_ms(quantile(found, 0.5))}, p99 {_ms(quantile(found, 0.99))}")
        back = {
            count: await told(f"recovery of {count}", bench.recovery(count))
            for count in size.dossiers
        }
    return _written(
        size=size,
        shares={name: [each[name] for each in shares] for name in streams},
        two=_median(two),
        bare=_median(bare),
        late=late,
        back=back,
        busy=busy,
    )


def _written(
    *,
    size: Size,
    shares: Mapping[str, Sequence[Share]],
    two: Pace,
    bare: Pace,
    late: Mapping[int, list[float]],
    back: Mapping[int, Recovery],
    busy: Sequence[float],
) -> str:
    one = _median([each.worker for each in shares["invented wire"]])
    reader = statistics.median(each.core.reader for each in shares["invented wire"])
    paces = {
        "bare consume-and-produce loop (aiokafka)": bare,
        "the reader alone": Pace(1000 / reader, reader),
        "whole pipeline, one worker": one,
        "whole pipeline, two workers": two,
    }
    return "\n".join(
        (
            f"{machine()}. Load of the machine (1 minute) in the run: {min(busy):.1f} to "
            f"{max(busy):.1f}, median {statistics.median(busy):.1f}, our own part in it.",
            "",
            "| | stories/s | to the bare loop | CPU a story |",
            "|---|---|---|---|",
            *(
                f"| {what} | {pace.a_second:.0f} | {pace.a_second / bare.a_second:.3f} | "
                f"{pace.cpu_ms:.2f} ms |"
                for what, pace in paces.items()
            ),
            "",
            f"Two workers do {two.a_second / one.a_second:.2f} times what one does.",
            "",
            "| CPU a story, one worker | reader | rest of the core | shell | shell to reader | "
            "stories/s |",
            "|---|---|---|---|---|---|",
            *(_row(name, each) for name, each in shares.items()),
            "",
            "| raw topic to alert topic | alerts | p50 | p99 | longest |",
            "|---|---|---|---|---|",
            *(
                f"| {rate} stories/s for {size.latency_s} s | {len(found)} | "
                f"{_ms(quantile(found, 0.5))} | {_ms(quantile(found, 0.99))} | {_ms(found[-1])} |"
                for rate, found in late.items()
            ),
            "",
            "| dossiers | on the changelog | recovery | start to reading |",
            "|---|---|---|---|",
            *(
                f"| {count:,} | {each.megabytes:.0f} MB | {each.recovery_s:.1f} s | "
                f"{each.ready_s:.1f} s |"
                for count, each in back.items()
            ),
        )
    )


def _row(name: str, rounds: Sequence[Share]) -> str:
    """Of the round with the median share; its ratios are of one time."""
    by_share = sorted(rounds, key=lambda each: each.to_reader)
    least, found, most = by_share[0], by_share[len(by_share) // 2], by_share[-1]
    return (
        f"| {name} | {found.core.reader:.2f} ms | {found.core.rest:.2f} ms | {found.shell:.2f} ms "
        f"| **{found.to_reader:.2f}** ({least.to_reader:.2f} to {most.to_reader:.2f}) | "
        f"{found.worker.a_second:.0f} |"
    )


def _median(paces: Sequence[Pace]) -> Pace:
    return Pace(
        statistics.median(each.a_second for each in paces),
        statistics.median(each.cpu_ms for each in paces),
    )


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints, and writes if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.pipeline", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a tenth of it, to try it out")
    parser.add_argument("--write", action="store_true", help="put the figures into docs")
    chosen = parser.parse_args(arguments)
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    size = SHORT if chosen.short else FULL
    figures = asyncio.run(measure(size, lambda line: print(line, file=sys.stderr, flush=True)))
    print(figures)
    if chosen.write:
        put("pipeline", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
