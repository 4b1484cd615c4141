"""Alerts: a list, a stream and a feed, and what became of each for each subscription."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from schemas.alerts import AlertEvent
from schemas.deliveries import Delivery
from schemas.explanations import Explanation
from schemas.topics import ALERTS, DELIVERIES
from streams.core.whys import why
from streams.shell.api import atom, stream
from streams.shell.api.access import needs
from streams.shell.api.answers import AlertPage, DeliveryPage, answered, in_json
from streams.shell.api.asked import AlertFilter, AlertsAsked, DeliveriesAsked, WhyAsked
from streams.shell.api.backing import MOST_STREAMS, Api, api_of
from streams.shell.api.cursors import CursorError, from_event_id
from streams.shell.api.listing import newest
from streams.shell.api.problems import ProblemError, busy, documented

router = APIRouter(
    dependencies=[Depends(needs("read"))], responses=documented(401, 403, 422), tags=["alerts"]
)

_FEED_LENGTH = 100
_SEND_S = 30.0
"""For a client to take what it is sent; after that it is let go, and may resume."""


@router.get("/alerts", response_model=AlertPage, responses=documented(503))
async def list_alerts(request: Request, asked: Annotated[AlertsAsked, Query()]) -> Response:
    """Alerts, the newest first, each once."""
    api = api_of(request)
    items, more = await _newest_alerts(api, asked, asked.limit, asked.cursor)
    return in_json(request, AlertPage(items=items, next=more))


async def _newest_alerts(
    api: Api, asked: AlertFilter, limit: int, cursor: str | None = None
) -> tuple[tuple[AlertEvent, ...], str | None]:
    def wants(event: AlertEvent) -> bool:
        return asked.wants(event, api.view.home_of(event.data.leader.id))

    return await newest(api.settings, ALERTS, api.view.alerts, wants, limit=limit, cursor=cursor)


@router.get(
    "/alerts/stream",
    response_class=EventSourceResponse,
    responses={
        200: {
            "description": "Alerts as they come, as server-sent events without end.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **documented(400, 410, 503),
    },
)
async def stream_alerts(
    request: Request,
    asked: Annotated[AlertFilter, Query()],
    last_event_id: Annotated[
        str | None,
        Header(description="Id of the last event that came; the stream goes on after it."),
    ] = None,
) -> Response:
    """Alerts as they come, each as `data` in JSON. Whoever gives back the id of the last event
    misses nothing and gets nothing twice. Comments come while there is nothing to say."""
    api = api_of(request)
    if api.streams >= MOST_STREAMS:
        raise busy(f"{MOST_STREAMS} streams are open")
    source = stream.Source(
        api.settings, api.view, api.settings.partitions, heartbeat_s=api.heartbeat_s
    )
    start = None
    if last_event_id:
        try:
            start = from_event_id(last_event_id, source.partitions)
            await stream.require_kept(source, start)
        except CursorError as error:
            raise ProblemError(400, f"Last-Event-ID: {error}") from None
        except stream.GoneError as error:
            raise ProblemError(410, f"Last-Event-ID: {error}") from None

    def wants(event: AlertEvent) -> bool:
        return asked.wants(event, api.view.home_of(event.data.leader.id))

    return EventSourceResponse(
        _counted(api, stream.events(source, wants, start)),
        headers={"Cache-Control": "no-store"},
        ping=0,  # ours carry an id
        sep="\n",
        send_timeout=_SEND_S,
    )


async def _counted(
    api: Api, events: AsyncIterator[ServerSentEvent]
) -> AsyncIterator[ServerSentEvent]:
    api.streams += 1
    try:
        async for each in events:
            yield each
    finally:
        api.streams -= 1


@router.get(
    "/alerts.atom",
    response_class=Response,
    responses={
        200: {
            "description": "An Atom feed; what was taken back is a tombstone (RFC 6721).",
            "content": {atom.MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        **documented(503),
    },
)
async def feed_alerts(request: Request, asked: Annotated[AlertFilter, Query()]) -> Response:
    """The newest alerts as an Atom feed."""
    api = api_of(request)
    loose = asked.model_copy(update={"kind": (), "topic": (), "language": ()})

    def wants(event: AlertEvent) -> bool:
        # What takes back has no sentence and no topics of its own.
        by = loose if event.data.kind == "retracted" else asked
        return by.wants(event, api.view.home_of(event.data.leader.id))

    events, _ = await newest(api.settings, ALERTS, api.view.alerts, wants, limit=_FEED_LENGTH)
    address = str(request.url.include_query_params())
    made = atom.feed(events, address, api.country_names)
    return answered(request, made, f"{atom.MEDIA_TYPE}; charset=utf-8", max_age_s=60)


@router.get(
    "/deliveries", tags=["deliveries"], response_model=DeliveryPage, responses=documented(503)
)
async def list_deliveries(request: Request, asked: Annotated[DeliveriesAsked, Query()]) -> Response:
    """What became of alerts, step by step, the newest first."""
    api = api_of(request)

    def wants(each: Delivery) -> bool:
        return (
            asked.alert in (None, each.alert)
            and asked.subscription in (None, each.subscription)
            and (not asked.step or each.step in asked.step)
        )

    items, more = await newest(
        api.settings,
        DELIVERIES,
        api.view.deliveries,
        wants,
        limit=asked.limit,
        cursor=asked.cursor,
        key=asked.subscription,
    )
    return in_json(request, DeliveryPage(items=items, next=more))


@router.get(
    "/why",
    tags=["deliveries"],
    response_model=Explanation,
    responses=documented(404, 503),
)
async def explain(request: Request, asked: Annotated[WhyAsked, Query()]) -> Response:
    """Why a subscription got an alert, did not, or has not yet."""
    api = api_of(request)

    def wants(each: Delivery) -> bool:
        return each.alert == asked.alert and each.subscription == asked.subscription

    steps, _ = await newest(
        api.settings,
        DELIVERIES,
        api.view.deliveries,
        wants,
        limit=_FEED_LENGTH,
        key=asked.subscription,
    )
    found = why(reversed(steps))
    if found is None:
        raise ProblemError(404, f"{asked.alert} has not come to {asked.subscription}")
    return in_json(request, found)
