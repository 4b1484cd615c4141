"""A fire drill: a flow of stories, workers that read it while things break, and the account."""

import itertools
import random
import re
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from drill_account import RecordedReader, account
from packaged import packaged_knowledge
from worker_process import (
    THIS,
    Place,
    Version,
    WorkerProcess,
    alerts_in,
    all_is_through,
    delete_topics,
    get,
    until,
)

from bench.feeding import Feeder, Message, raw
from bench.invented_wire import invented_wire
from schemas.dossiers import DossierView
from schemas.topics import REPORTS
from streams.core.reader import RuleReader
from streams.shell.settings import Settings

QUICK = {"DRAGOMAN_SESSION_TIMEOUT_S": "6", "DRAGOMAN_HEARTBEAT_INTERVAL_S": "0.5"}
"""A worker on a busy machine may do nothing for more than three seconds, and is no loss then."""
SLOW_OFFSETS = "--slow-offsets=1.3"
"""Longer than the second that Faust waits for records at a time: it then surely asks for some
between the resumption of the partitions and the seek. With a quick broker it is a matter of luck,
one restart in three after a kill."""
SLOW_SENDS = "--slow-sends=0.05"


class Drill:
    """One drill on one broker. `close` it in good order; `clear_away` ends its processes."""

    def __init__(
        self,
        name: str,
        bootstrap: str,
        directory: Path,
        seed: int,
        long: bool,
        extra: dict[str, str],
    ) -> None:
        self.name = name
        self.bootstrap = bootstrap
        self.long = long
        self.chance = random.Random(f"{name} {seed}")
        self.knowledge = packaged_knowledge()
        self.restarts = 0
        self.versions: dict[str, Version] = {}
        """Of workers, by name; this one where none is given."""
        self._directory = directory / name
        self._directory.mkdir()
        self._seed = seed
        self._extra = extra
        self._living = ExitStack()
        self._logs: dict[str, Path] = {}
        self._workers: dict[str, WorkerProcess] = {}
        self._began = time.monotonic()
        delete_topics(bootstrap)

    def flow(self, stories: int) -> list[Message]:
        """The begin of the invented wire, one item in a hundred garbage."""
        wire = invented_wire(self.knowledge, self._seed, garbage=0.01)
        return [raw(item) for item in itertools.islice(wire, stories)]

    def feed(self, flow: Sequence[Message], a_second: float) -> Feeder:
        """The flow on its way to the broker, once the feeder is entered."""
        self._feeder = Feeder(self.bootstrap, flow, a_second)
        return self._feeder

    def place(self, name: str = "one") -> Place:
        """Where a worker of this name lives. Each has an alert log of its own."""
        directory = self._directory / name
        directory.mkdir(exist_ok=True)
        extra = {key: value.format(name=name) for key, value in self._extra.items()}
        version = self.versions.get(name, THIS)
        return Place(self.bootstrap, self.name, directory, extra, version)

    def start(self, name: str = "one", *arguments: str) -> WorkerProcess:
        """Starts a worker, which from now on is the one that is watched."""
        self.watched = name
        self._worker = self._living.enter_context(
            WorkerProcess(self.place(name), "--rules", *arguments)
        )
        self._workers[name] = self._worker
        self._logs[name] = self.place(name).alert_log
        return self._worker

    def watch(self) -> WorkerProcess:
        """The watched worker; another one, where it has ended by itself, as a supervisor would."""
        code = self._worker.process.poll()
        if code is not None:
            assert code in (1, 3), f"ended with {code}: {self._worker.log_tail()}"
            self.restarts += 1
            self.start(self.watched)
        return self._worker

    def stop(self, name: str) -> int:
        """Exit code of the worker of this name after SIGTERM."""
        return self._workers[name].stop()

    def upgrade(self, name: str, to: Version) -> None:
        """Stops the worker of this name in good order and starts one of another version there.

        Comes back when the new one reads; the watched worker is then this one.
        """
        assert self.stop(name) == 0, self._workers[name].log_tail()
        self.versions[name] = to
        self.start(name)
        self.wait(f"{name} reads", lambda: self.reads(name))

    def wait(self, what: str, look: Callable[[], object]) -> None:
        """Until it is so; keeps the watched worker alive meanwhile."""
        until(what, lambda: self.watch() and look(), 900 if self.long else 300)

    def brought(self, *names: str) -> int:
        """Alerts brought so far, by these workers or by all."""
        return sum(len(alerts_in(self._logs[name])) for name in names or self._logs)

    def wait_for_alerts(self, more: int) -> None:
        """Until so many more alerts are brought, or there is nothing left that could bring any.

        A slow machine takes so long over starting a broker that the flow is over before.
        """
        wanted = self.brought() + more
        self.wait(
            f"{wanted} alerts",
            lambda: self.brought() >= wanted or (self._feeder.is_done and self.comes_to_an_end()),
        )

    def close(self, flow: Sequence[Message], reader: RuleReader | None, what: str) -> str:
        """Lets the watched worker read all that is left, stops it, and settles the account.

        Without a reader, what was read is taken from the record: several have read it, and differ.
        Gives back a row for the table of figures; fails where anything is not as it must be.
        """
        self.wait("all is read", lambda: self._worker.said("ready") and self.comes_to_an_end())
        self.wait("the last worker has all there is", self._has_all)
        dossiers = dossiers_at(self._worker.wait_ready())
        assert self._worker.stop() == 0
        took = time.monotonic() - self._began
        read = reader or RecordedReader(self.bootstrap)
        found = account(self.bootstrap, self.name, flow, self._logs.values(), dossiers, read)
        assert not found.faults, "\n".join((f"--drill-seed={self._seed}", *found.faults))
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(found.told.items()))
        assert len(found.told) > _TAME, f"too tame a wire: {told}"
        assert found.attested > 0, "too tame a wire: nothing is told by a second source"
        return (
            f"| {self.name} | {what} | {found.sent} = {found.read} + {found.refused} | "
            f"{found.told.total()} ({told}) | {found.repeated} | {found.dossiers} | "
            f"{found.largest / 1024:.0f} kB | "
            f"{self.restarts} | {took:.0f} |"
        )

    def _has_all(self) -> bool:
        """Whether the watched worker has all partitions; those of one that stopped come later."""
        page = get(f"{self._worker.wait_ready()}/metrics")[1]
        (held,) = re.findall(
            rf'^dragoman_assigned_partitions.topic="{REPORTS.name}". (\d+)', page, re.MULTILINE
        )
        return int(held) == Settings().partitions

    def clear_away(self) -> None:
        """Kills what still lives. Where a drill has failed, pytest shows their last words."""
        self._living.close()
        for name, worker in self._workers.items():
            print(f"--- {name}\n{worker.log_tail()}")

    def comes_to_an_end(self) -> bool:
        """Whether all topics that are read are committed to their ends, and all is brought."""
        return all_is_through(self.bootstrap, self.name)

    def reads(self, name: str) -> bool:
        """Whether the worker of this name has begun to read."""
        return self._workers[name].said("ready") is not None

    def works_or_is_late(self, name: str) -> bool:
        """Whether the worker of this name has handled a message, or reads and there is none left.

        A slow machine takes so long over starting it that the flow is over before.
        """
        address = self._workers[name].said("ready")
        if address is None:
            return False
        worked = get(f"{address}/healthz")[1]["last_progress_age_s"] is not None
        return worked or (self._feeder.is_done and self.comes_to_an_end())


_TAME = 4
"""Kinds of alerts: fewer, and changes or retractions have not been tried."""


def dossiers_at(pages: str) -> dict[str, DossierView]:
    """What a worker shows of all its leaders, but those of whom nothing stands."""
    views = (
        DossierView.model_validate(get(f"{pages}/leaders/{leader['id']}")[1])
        for leader in get(f"{pages}/leaders")[1]
    )
    return {each.id: each for each in views if each.trips or each.invitations}
