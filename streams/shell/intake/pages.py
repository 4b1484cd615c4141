"""The intake's pages: that it lives, its metrics, and how each source stands. Read-only.

There is no password: serve them on loopback, or behind something that has one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics
from prometheus_client.exposition import generate_latest

from streams.shell.intake.account import OUTCOMES, Accounts
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.serving import json_page, metrics_page


class SourceMetrics:
    """The metrics of the intake. Names of sources are closed by the sources file."""

    def __init__(self, sources: Sequence[Source]) -> None:
        # Of the whole process: else each counter is exported twice.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.items = Counter(
            "dragoman_source_items_total",
            "Items of a source, by what became of them.",
            ("source", "outcome"),
            registry=self.registry,
        )
        self.last_item = self._gauge(
            "last_item_timestamp_seconds", "When the last item of a source arrived; 0 before."
        )
        self.silent = self._gauge(
            "silent", "1 where a source has sent nothing for longer than it may, else 0."
        )
        self.failing = self._gauge("failing", "1 where a source does not work at present, else 0.")
        for source in sources:
            for outcome in OUTCOMES:
                self.items.labels(source.name, outcome)

    def take_stock(self, shifts: Sequence[Shift], accounts: Accounts, now: datetime) -> None:
        """Brings those up to date that are looked up and not counted."""
        for shift in shifts:
            source = shift.source
            last = last_item_at(shift, accounts)
            self.last_item.labels(source.name).set(0.0 if last is None else last.timestamp())
            silence = accounts.silence(source, now, last)
            self.silent.labels(source.name).set(silence.is_exceeded)
            self.failing.labels(source.name).set(shift.standing.problem is not None)

    def exposition(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self.registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(f"dragoman_source_{name}", about, ("source",), registry=self.registry)


class IntakePages:
    """What the intake shows of its sources."""

    def __init__(self, shifts: Sequence[Shift], accounts: Accounts, metrics: SourceMetrics) -> None:
        self._shifts, self._accounts, self._metrics = shifts, accounts, metrics

    def routes(self) -> web.Application:
        """The pages, for a server."""
        pages = web.Application()
        pages.add_routes(
            [
                web.get("/healthz", self._health),
                web.get("/metrics", self._exposition),
                web.get("/sources", self._sources),
            ]
        )
        return pages

    async def _health(self, _: web.Request) -> web.Response:
        failing = [each.source.name for each in self._shifts if each.standing.problem is not None]
        return json_page({"sources": len(self._shifts), "failing": failing})

    async def _exposition(self, _: web.Request) -> web.Response:
        if self._shifts:
            self._metrics.take_stock(self._shifts, self._accounts, self._shifts[0].now())
        return metrics_page(self._metrics.exposition())

    async def _sources(self, _: web.Request) -> web.Response:
        return json_page([source_line(shift, self._accounts) for shift in self._shifts])


def last_item_at(shift: Shift, accounts: Accounts) -> datetime | None:
    """When the last new item of a source came: by the record, or through this process's door."""
    times = (shift.standing.last_item_at, accounts.of(shift.source).last_item_at)
    return max((time for time in times if time is not None), default=None)


def source_line(shift: Shift, accounts: Accounts) -> dict[str, Any]:
    """How one source stands, as JSON. Addresses are without what may be secret in them."""
    source, standing, account = shift.source, shift.standing, accounts.of(shift.source)
    now = shift.now()
    place = source.address or source.topic or (source.directory and str(source.directory))
    last = last_item_at(shift, accounts)
    silence = accounts.silence(source, now, last)
    return {
        "name": source.name,
        "way": source.way,
        "place": place,
        "trust": source.trust,
        "last_item_at": last and last.isoformat(),
        "lag_s": account.lag_s(now),
        "items_since": accounts.since.isoformat(),
        "items": {name: account.outcomes[name] for name in OUTCOMES},
        "refused_by_reason": dict(sorted(account.reasons.items())),
        "door": {
            "since": standing.started_at.isoformat(),
            **{name: standing.outcomes[name] for name in ("sent", "repeated", "refused")},
        },
        "silent": silence.is_exceeded,
        "problem": standing.problem,
        "failing_since": standing.failing_since and standing.failing_since.isoformat(),
    }
