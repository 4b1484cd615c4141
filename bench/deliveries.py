"""How soon an alert comes to those who take it, with others beside them who never do.

`python -m bench.deliveries` starts an Apache Kafka, a worker as it is shipped, and fifty webhooks
on loopback, of which ten are dead: five never answer, three answer 500, two break off. Time is from
the broker's of an alert on `alerts.v1` to the one at which a webhook has it. `--write` puts the
figures into docs/performance.md.
"""

import argparse
import asyncio
import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.feeding import Feeder, raw
from bench.invented_wire import Item, invented_wire
from bench.report import machine, put
from bench.service import BROKER_SETTINGS, Worker, logged, quantile, until_all_is_read
from bench.subscriber_ends import SECRET, Ends
from schemas.alerts import AlertEvent
from schemas.codec import decode
from schemas.topics import ALERTS
from streams.knowledge import load
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.brokers.process import free_ports

HEALTHY = 40
DEAD = (*("hanging",) * 5, *("dead",) * 3, *("broken",) * 2)
FLOWS = {"1 story/s": (1.0, 60), "4 stories/s": (4.0, 40), "80 stories at once": (1000.0, 80)}
"""Stories a second, and stories."""
_PATIENCE_S = 180.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one flow: alerts, seconds from alert topic to webhook, sorted, and the worker's CPU."""

    flow: str
    alerts: int
    seconds: tuple[float, ...]
    cpu_s: float

    def row(self) -> str:
        found = list(self.seconds)
        p50, p99 = quantile(found, 0.5), quantile(found, 0.99)
        return (
            f"| {self.flow} | {self.alerts} | {len(found)} | {p50 * 1000:.0f} ms "
            f"| {p99 * 1000:.0f} ms | {found[-1] * 1000:.0f} ms "
            f"| {self.cpu_s / self.alerts * 1000:.0f} ms |"
        )


def subscriptions(ends: Ends) -> str:
    """The file of all fifty: each wants everything, at once."""
    ways = [f"healthy-{number}" for number in range(HEALTHY)]
    ways += [f"{way}-{number}" for number, way in enumerate(DEAD)]
    return "".join(
        f'[[subscription]]\nid = "{way}"\nowner = "{way}"\nchannel = "webhook"\n'
        f'target = "{ends.url(way)}"\nsecret = ["env:HOOK_KEY"]\n\n'
        for way in ways
    )


def measure(directory: Path) -> list[Figures]:
    """All flows, one after the other, by one worker."""
    items = iter(invented_wire(load(), 11))
    with Ends() as ends, ApacheKafka(settings=BROKER_SETTINGS) as kafka:
        file = directory / "subscriptions.toml"
        file.write_text(subscriptions(ends))
        worker = Worker(
            kafka.bootstrap,
            "deliveries",
            directory,
            free_ports(1)[0],
            DRAGOMAN_SUBSCRIPTIONS_FILE=str(file),
            DRAGOMAN_PRIVATE_HOSTS="127.0.0.1",
            HOOK_KEY=SECRET,
        )
        try:
            worker.wait_ready()
            _play(kafka.bootstrap, ends, list(itertools.islice(items, 20)), 4.0)  # to warm it up
            return [
                _figures(worker, kafka.bootstrap, ends, flow, itertools.islice(items, count))
                for flow, (_, count) in FLOWS.items()
            ]
        finally:
            worker.stop()


def _figures(
    worker: Worker, bootstrap: str, ends: Ends, flow: str, items: Iterable[Item]
) -> Figures:
    before_s = worker.cpu_s()
    raised = _play(bootstrap, ends, items, FLOWS[flow][0])
    cpu_s = worker.cpu_s() - before_s
    seconds = [
        received.at_s - raised[alert["id"]]
        for number in range(HEALTHY)
        for received in ends.accepted(f"healthy-{number}")
        for alert in received.alerts
        if alert["id"] in raised
    ]
    return Figures(flow, len(raised), tuple(sorted(seconds)), cpu_s)


def _play(bootstrap: str, ends: Ends, items: Iterable[Item], a_second: float) -> dict[str, float]:
    """Feeds it, waits until all healthy ones have all, and gives back when each alert was there."""
    before = _alerts(bootstrap)
    with Feeder(bootstrap, [raw(item) for item in items], a_second) as feeder:
        feeder.finish()
        asyncio.run(until_all_is_read(bootstrap, "deliveries"))
    raised = _alerts(bootstrap)
    deadline = time.monotonic() + _PATIENCE_S
    while any(set(ends.alerts(f"healthy-{n}")) != set(raised) for n in range(HEALTHY)):
        if time.monotonic() > deadline:
            raise RuntimeError("not all alerts have come")
        time.sleep(0.2)
    return {alert: at for alert, at in raised.items() if alert not in before}


def _alerts(bootstrap: str) -> dict[str, float]:
    """When each alert was first on its topic, by the broker's clock."""
    found: dict[str, float] = {}
    try:
        messages = asyncio.run(logged(bootstrap, ALERTS.name))
    except ValueError:  # no topic yet
        return {}
    for each in sorted(messages, key=lambda message: message.at_s):
        event = decode(ALERTS, each.value)
        assert isinstance(event, AlertEvent)
        found.setdefault(event.id, each.at_s)
    return found


def main() -> None:
    """Measures and prints, or writes into the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="dragoman-deliveries-") as directory:
        figures = measure(Path(directory))
    table = "\n".join(
        (
            f"{machine()}.",
            "",
            "| flow | alerts | brought to healthy ones | p50 | p99 | longest | CPU an alert |",
            "|---|---|---|---|---|---|---|",
            *(each.row() for each in figures),
        )
    )
    print(table)
    if asked.write:
        put("deliveries", table)


if __name__ == "__main__":
    main()
