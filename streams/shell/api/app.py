"""The application: all operations under /v1, what is said of it, and what every request passes."""

import logging
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.base import Record
from streams.shell.api import problems
from streams.shell.api.access import KEY_HEADER
from streams.shell.api.backing import Api, api_of
from streams.shell.api.problems import Problem
from streams.shell.api.routes import alerts, calendars, people, wishes

_log = logging.getLogger(__name__)

_NO_OPERATION = "none"
_REF = "#/components/schemas/{model}"


class Health(Record):
    """That it lives."""

    streams: int


class Readiness(Record):
    """Whether the view has all that was there at the start."""

    ready: bool
    behind: tuple[str, ...]
    """Topics that are still being read."""
    troubled: tuple[str, ...]
    """Topics that cannot be followed at the moment; what is shown of them grows old."""


def build(api: Api) -> FastAPI:
    """The application over this backing. Opens nothing and starts nothing."""
    app = FastAPI(
        title="Dragoman",
        version="1",
        summary="Where political leaders are, were and are expected, and who is told of it.",
        description="Answers about the trips and invitations that the world's wires tell of. "
        "What is wrong is answered as RFC 9457 has it. `next` of a page is the cursor of the one "
        "after it.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url="/v1/openapi.json",
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        separate_input_output_schemas=False,
    )
    app.state.api = api
    first = APIRouter(prefix="/v1")
    parts = [each.router for each in (people, alerts, wishes, calendars)]
    for part in parts:
        first.include_router(part)
    app.include_router(first)
    app.include_router(_about_itself)
    known = [_operation(route) for part in (*parts, _about_itself) for route in part.routes]
    api.metrics.begin_at_zero([*known, _NO_OPERATION])
    problems.install(app)
    app.add_middleware(Measured, api=api)
    origins = [each.strip() for each in api.settings.api_cors_origins.split(",") if each.strip()]
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET"],
            allow_headers=["Authorization", KEY_HEADER, "Last-Event-ID", "If-None-Match"],
            expose_headers=["ETag"],
        )
    app.openapi = lambda: description(app)  # type: ignore[method-assign]
    return app


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the application."""
    if not app.openapi_schema:
        made = FastAPI.openapi(app)
        shape = Problem.model_json_schema(ref_template=_REF)
        schemas = made["components"]["schemas"]
        schemas.update(shape.pop("$defs", {}))
        schemas[Problem.__name__] = shape
        app.openapi_schema = made
    return app.openapi_schema


_about_itself = APIRouter(tags=["itself"])


@_about_itself.get("/healthz", response_model=Health)
async def health(request: Request) -> Response:
    """Whether it lives."""
    told = Health(streams=api_of(request).streams)
    return Response(told.model_dump_json(), media_type="application/json")


@_about_itself.get(
    "/readyz",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "Not yet."}},
)
async def readiness(request: Request) -> Response:
    """Whether the view has caught up with what was there at the start."""
    told = _readiness(api_of(request))
    status = 200 if told.ready else 503
    return Response(told.model_dump_json(), status, media_type="application/json")


@_about_itself.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Its metrics, for Prometheus."""
    api = api_of(request)
    standing = _readiness(api)
    api.metrics.ready.set(int(standing.ready))
    api.metrics.troubled.set(len(standing.troubled))
    api.metrics.streams.set(api.streams)
    return Response(
        api.metrics.exposition(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


def _readiness(api: Api) -> Readiness:
    behind = tuple(sorted(api.standing.behind()))
    return Readiness(
        ready=not behind, behind=behind, troubled=tuple(sorted(api.standing.problems()))
    )


def _operation(route: object) -> str:
    """What a route is called."""
    return str(getattr(route, "operation_id", None) or getattr(route, "name", _NO_OPERATION))


class Measured:
    """Counts requests and takes their time, by operation."""

    def __init__(self, app: ASGIApp, api: Api) -> None:
        self._app = app
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, streams = self._api.now(), 500, False

        async def noted(message: Message) -> None:
            nonlocal status, streams
            if message["type"] == "http.response.start":
                status = message["status"]
                streams = (b"content-type", b"text/event-stream; charset=utf-8") in [
                    (name.lower(), value) for name, value in message["headers"]
                ]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            operation = _operation(scope.get("route"))
            self._api.metrics.requests.labels(operation, f"{status // 100}xx").inc()
            if not streams:
                took = (self._api.now() - began).total_seconds()
                self._api.metrics.seconds.labels(operation).observe(took)
