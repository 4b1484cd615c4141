"""The worker's pages: how it stands, its metrics, and what its partitions hold. Read-only.

An aiohttp server of its own, because Faust's starts with the app and knows nothing of recovery;
this one answers from the first moment and says what is still missing. A worker shows the leaders
of the partitions it reads; together the workers show all. There is no password: serve it
on loopback, or behind something that has one.
"""

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from aiohttp import web

from schemas.alerts import AlertEvent
from schemas.base import AlertId, LeaderId, Record, moment
from schemas.dossiers import DossierView
from schemas.topics import ALERTS, REPORTS, TopicDeclaration
from streams.core.canary import is_canary, is_leader
from streams.core.fold import view
from streams.core.keeping import EVERYTHING, LIMITS
from streams.shell.app import Dragoman
from streams.shell.cluster import ClusterError, partition_of
from streams.shell.looking_back import believed_then
from streams.shell.record import decoded, read_topic
from streams.shell.serving import Server, json_page, metrics_page
from streams.shell.settings import Settings

DEFAULT_ALERTS = 100
MOST_ALERTS = 1000
RECENT_DAYS = 30

PAGES = {
    "/healthz": "whether the worker lives",
    "/readyz": "whether it reads, and what is missing where it does not",
    "/metrics": "its metrics, for Prometheus",
    "/leaders": "the leaders it has dossiers of",
    "/leaders/{id}": "the dossier of one of them; ?at=TIME as it was then, ?history=yes with all "
    "that has left it, both from the record",
    "/alerts": f"all alerts of the last {RECENT_DAYS} days, newest first, from the record; "
    f"?limit= up to {MOST_ALERTS}",
}


class Pages:
    """The server of one worker. `start` and `stop` it on the worker's loop."""

    def __init__(self, app: Dragoman, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._server = Server(
            self._routes(), settings.web_host, settings.web_port, "DRAGOMAN_WEB_PORT"
        )

    @property
    def address(self) -> str:
        """`http://host:port`, once started."""
        return self._server.address

    async def start(self) -> str:
        """Opens the port and gives back the address. Raises `PageError`."""
        return await self._server.start()

    async def stop(self) -> None:
        """Closes the port."""
        await self._server.stop()

    def _routes(self) -> web.Application:
        pages = web.Application()
        pages.add_routes(
            [
                web.get("/", self._index),
                web.get("/healthz", self._health),
                web.get("/readyz", self._readiness),
                web.get("/metrics", self._metrics),
                web.get("/leaders", self._leaders),
                web.get("/leaders/{id}", self._leader),
                web.get("/alerts", self._alerts),
            ]
        )
        return pages

    async def _index(self, _: web.Request) -> web.Response:
        rows = "".join(
            f"<li>{_link(path)}: {html.escape(about)}</li>" for path, about in PAGES.items()
        )
        return web.Response(
            text="<!doctype html><html lang=en><meta charset=utf-8><title>Dragoman</title>"
            f"<h1>Dragoman</h1><p>{html.escape(', '.join(sorted(self._app.hops)))}</p>"
            f"<ul>{rows}</ul></html>",
            content_type="text/html",
        )

    async def _health(self, _: web.Request) -> web.Response:
        standing = self._app.standing
        return json_page(
            {"uptime_s": standing.uptime_s, "last_progress_age_s": standing.progress_age_s}
        )

    async def _readiness(self, _: web.Request) -> web.Response:
        readiness = self._app.standing.readiness(self._app.started)
        return json_page(
            {"ready": readiness.is_ready, **asdict(readiness)},
            status=200 if readiness.is_ready else 503,
        )

    async def _metrics(self, _: web.Request) -> web.Response:
        self._app.take_stock()
        return metrics_page(self._app.metrics.exposition())

    async def _leaders(self, _: web.Request) -> web.Response:
        return json_page(
            [
                {
                    "id": dossier.id,
                    "name": dossier.name,
                    "trips": len(dossier.trips),
                    "invitations": len(dossier.invitations),
                }
                for dossier in sorted(self._dossiers(), key=lambda dossier: dossier.id)
            ]
        )

    async def _leader(self, request: web.Request) -> web.Response:
        leader = request.match_info["id"]
        if self._app.dossiers is None:
            return json_page({"error": "this worker does not run the hop 'fold'"}, status=404)
        if request.query.keys() & {"at", "history"}:
            return await self._leader_then(LeaderId(leader), request.query)
        if not self._holds(REPORTS, leader):
            return json_page(
                {"error": f"the dossier of {leader!r} is with another worker"}, status=404
            )
        dossier = self._app.dossiers.get(leader)
        if dossier is None:
            return json_page({"error": f"no dossier of {leader!r}; /leaders lists all"}, status=404)
        return _record(view(dossier))

    async def _leader_then(self, leader: LeaderId, asked: Mapping[str, str]) -> web.Response:
        """From the record on the brokers, whoever has the dossier; reads a partition through."""
        try:
            at = moment(asked["at"], end_of_day=True) if "at" in asked else None
        except ValueError as error:
            return json_page({"error": f"at: {error}"}, status=400)
        limits = EVERYTHING if asked.get("history") == "yes" else LIMITS
        try:
            shown = await believed_then(self._settings, leader, at, limits)
        except ClusterError as error:
            return json_page({"error": str(error)}, status=503)
        if shown is None:
            then = "" if at is None else " then"
            return json_page({"error": f"nothing was known of {leader!r}{then}"}, status=404)
        return _record(shown)

    async def _alerts(self, request: web.Request) -> web.Response:
        asked = request.query.get("limit", str(DEFAULT_ALERTS))
        if not asked.isdecimal() or not 0 < int(asked) <= MOST_ALERTS:
            return json_page({"error": f"limit is a number from 1 to {MOST_ALERTS}"}, status=400)
        since = datetime.now(UTC) - timedelta(days=RECENT_DAYS)
        found: dict[AlertId, AlertEvent] = {}
        try:
            async for message in read_topic(self._settings, ALERTS, since=since):
                event = decoded(ALERTS, message)
                if isinstance(event, AlertEvent) and not is_canary(event):
                    found[event.id] = event
        except ClusterError as error:
            return json_page({"error": str(error)}, status=503)
        newest = sorted(found.values(), key=lambda event: (event.time, event.id), reverse=True)
        return json_page([json.loads(each.model_dump_json()) for each in newest[: int(asked)]])

    def _dossiers(self) -> Iterator[DossierView]:
        if self._app.dossiers is not None:
            for leader, dossier in self._app.dossiers.records():
                gone = dossier.merged_into or dossier.is_refused or is_leader(leader)
                if self._holds(REPORTS, leader) and not gone:
                    yield view(dossier)

    def _holds(self, topic: TopicDeclaration, key: str) -> bool:
        partition = partition_of(key, self._settings.partitions)
        return self._app.standing.holds(topic.name, partition)


def _link(path: str) -> str:
    return path if "{" in path else f'<a href="{path}">{path}</a>'


def _record(record: Record) -> web.Response:
    return web.Response(text=record.model_dump_json() + "\n", content_type="application/json")
