"""A newsroom in small, whole and watched: broker, worker, intake, API, a wire and a subscriber.

On the embedded broker, which begins at once: what is judged here is what a page of metrics says and
what follows from it, never how a table recovers. Times that the rules go by and that are settings
are as they are shipped, made shorter as the rules are.
"""

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from api_process import ApiProcess
from desk import DRAGOMAN
from held_broker import Passage
from metric_names import ROOT
from span_receiver import Receiver, receiving
from watching import FASTER, Prometheus, free_port, watching
from worker_process import Place, WorkerProcess, until

from bench.subscriber_ends import SECRET, Ends
from streams.shell.agents import HOPS
from streams.shell.brokers.tansu import EmbeddedTansu

CANARY_EVERY_S = 60
SILENCE_S = 120
"""As they would be in production."""
PARTITIONS = 2
DESK = "desk"
"""Way of the subscriber's end."""

LATE = f"dragoman:canary_age:seconds > {7 * CANARY_EVERY_S / FASTER}"
"""Of a canary: longer than the rules bear, with the time that an alert waits."""


class Wire:
    """An agency that files a story each second, until it stops."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._number = 0
        self._one_by_one = threading.Lock()
        self._filing = threading.Event()
        self._filing.set()
        self._over = threading.Event()

    @contextmanager
    def running(self) -> Iterator["Wire"]:
        thread = threading.Thread(target=self._file, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            self._filing.set()
            thread.join(10)

    def stop(self) -> None:
        self._filing.clear()

    def go_on(self) -> None:
        self._filing.set()

    def tell(self, headline: str, body: str) -> None:
        """One story more."""
        with self._one_by_one:
            self._number += 1
            story = (
                f"Uri: urn:watched:{self._number}\nPublished: {datetime.now(UTC).isoformat()}\n"
                f"Source: Agence Boréale\nHeadline: {headline}\n\n{body}\n"
            )
            unfinished = self._directory / f"{self._number}.part"
            unfinished.write_text(story, "utf-8")
            unfinished.rename(unfinished.with_suffix(".txt"))

    def _file(self) -> None:
        days = count(1)
        while not self._over.wait(1.0):
            self._filing.wait()
            self.tell("More rain", f"LIMA - It rained on the coast, for the {next(days)}th day.")


class Newsroom:
    """All of it. Something may fail in a test, which mends it before it ends."""

    def __init__(self, place: Place, stack: ExitStack, program: str) -> None:
        self.place, self._stack, self._program = place, stack, program
        self.wire: Wire
        self.ends: Ends
        self.passage: Passage
        self.collector: Receiver
        self.api: ApiProcess
        self.watcher: Prometheus
        self.worker: WorkerProcess
        self._second: WorkerProcess | None = None
        self._is_whole = False

    def start_worker(self, *hops: str) -> None:
        """The worker, with these hops; one that runs is killed."""
        self.end_workers()
        self.worker = WorkerProcess(self.place, "--rules", f"--only={','.join(hops)}")
        self._is_whole = hops == HOPS

    def add_worker(self, *hops: str) -> None:
        """A second one beside it, watched as soon as it reads."""
        directory = self.place.directory / "second"
        directory.mkdir(exist_ok=True)
        port = str(free_port())
        extra = {**self.place.extra, "DRAGOMAN_WEB_PORT": port}
        place = replace(self.place, directory=directory, extra=extra)
        self._second = WorkerProcess(place, "--rules", f"--only={','.join(hops)}")
        self._second.wait_ready()
        self.watcher.scrape("dragoman-worker", self._address("WEB"), f"127.0.0.1:{port}")

    def end_workers(self) -> None:
        """As a machine that is lost."""
        self._is_whole = False
        if self._second is not None:
            self._second.kill()
            self.watcher.scrape("dragoman-worker", self._address("WEB"))
            self._second = None
        if hasattr(self, "worker"):
            self.worker.kill()

    def made_whole(self) -> "Newsroom":
        """With one worker for all hops, when all is well; what a test has left broken is mended."""
        self.wire.go_on()
        self.ends.away.clear()
        self.passage.let_go()
        if not self._is_whole:
            self.start_worker(*HOPS)
            self.worker.wait_ready()
        since_s = time.time()
        targets = ("up == 1", "up")
        until("all answer", lambda: [len(self.watcher.ask(each)) for each in targets] == [3, 3])
        arrived = f"dragoman_canary_last_arrival_timestamp_seconds > {since_s}"
        until("canaries come", lambda: len(self.watcher.ask(arrived)) == PARTITIONS)
        until("all is well", lambda: not self.watcher.firing())
        return self

    def start(self) -> None:
        """Everything but the worker."""
        enter = self._stack.enter_context
        enter(self._intake())
        self.api = enter(ApiProcess(self.place))
        names = {"dragoman-worker": "WEB", "dragoman-intake": "INTAKE", "dragoman-api": "API"}
        targets = {job: self._address(name) for job, name in names.items()}
        self.watcher = enter(watching(self._program, self.place.directory, targets))
        self._stack.callback(self.end_workers)

    def _address(self, name: str) -> str:
        return f"127.0.0.1:{self.place.extra[f'DRAGOMAN_{name}_PORT']}"

    @contextmanager
    def _intake(self) -> Iterator[None]:
        with (self.place.directory / "intake.log").open("wb") as log:
            process = subprocess.Popen(
                [DRAGOMAN, "intake"], env=self.place.environment(), stderr=log
            )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def watched_newsroom(directory: Path, prometheus: str) -> Iterator[Newsroom]:
    """One that starts; `made_whole` waits for it."""
    with ExitStack() as stack:
        enter = stack.enter_context
        lies, shown = free_port(), free_port()
        enter(EmbeddedTansu(port=lies, advertised=shown))
        passage = enter(Passage(shown, lies).running())
        collector, ends = enter(receiving()), enter(Ends())
        extra = {
            "DRAGOMAN_PARTITIONS": str(PARTITIONS),
            "DRAGOMAN_CANARY_EVERY_S": f"{CANARY_EVERY_S / FASTER:g}",
            "DRAGOMAN_SOURCES_FILE": str(_sources(directory)),
            "DRAGOMAN_SUBSCRIPTIONS_FILE": str(_subscriptions(directory, ends.url(DESK))),
            "DRAGOMAN_PRIVATE_HOSTS": "127.0.0.1",
            # Half of a session is the time between two looks at what is committed. With its shipped
            # share of a minute, a busy machine would cost the worker its place in the group.
            "DRAGOMAN_SESSION_TIMEOUT_S": "4",
            "DRAGOMAN_HEARTBEAT_INTERVAL_S": "1",
            "DRAGOMAN_COMMIT_INTERVAL_S": "0.2",
            "DRAGOMAN_RETRY_PAUSES_S": ",".join(["2"] * 100),
            "DRAGOMAN_OTLP_ENDPOINT": collector.address,
            "HOOK_KEY": SECRET,
            **{f"DRAGOMAN_{name}_PORT": str(free_port()) for name in ("WEB", "INTAKE", "API")},
        }
        place = Place(f"127.0.0.1:{shown}", "watched", directory, extra)
        newsroom = Newsroom(place, stack, prometheus)
        newsroom.passage, newsroom.collector, newsroom.ends = passage, collector, ends
        newsroom.wire = enter(Wire(directory / "wire").running())
        newsroom.start()
        yield newsroom


def _sources(directory: Path) -> Path:
    """A directory with the sample wire in it, and one that the wire files into."""
    drop, wire = directory / "drop", directory / "wire"
    drop.mkdir()
    wire.mkdir()
    shutil.copy(ROOT / "streams" / "data" / "sample" / "wire.jsonl", drop)
    file = directory / "sources.toml"
    file.write_text(
        f"""
        [[source]]
        name = "north"
        way = "watch"
        directory = "{drop}"

        [[source]]
        name = "south"
        way = "watch"
        directory = "{wire}"
        settle_s = 0.1
        after = "delete"
        silence_s = {SILENCE_S / FASTER:g}
        """
    )
    return file


def _subscriptions(directory: Path, address: str) -> Path:
    file = directory / "subscriptions.toml"
    file.write_text(
        f"""
        [[subscription]]
        id = "desk"
        owner = "the foreign desk"
        channel = "webhook"
        target = "{address}"
        secret = ["env:HOOK_KEY"]
        """
    )
    return file
