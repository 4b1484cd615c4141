"""Subscriptions and silences: what is written at run time, durable before it is acknowledged."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from schemas.subscriptions import ALERT_LOG, SLUG, Silence, Subscription
from streams.core.subscribing import never_matches
from streams.shell.api.access import needs
from streams.shell.api.answers import Silences, Subscriptions, in_json
from streams.shell.api.backing import Api, api_of
from streams.shell.api.bodies import body_of, in_words
from streams.shell.api.keys import Caller
from streams.shell.api.problems import Fault, ProblemError, documented
from streams.shell.api.targets import faults_of_target
from streams.shell.subscribers import Known

router = APIRouter(responses=documented(401, 403, 422))

Id = Annotated[str, Path(pattern=SLUG, description="A slug: letters, digits, hyphens.")]
Allowed = Annotated[Caller, Depends(needs("subscriptions"))]
_WRITTEN = documented(409, 413, 415, 503)


@router.get("/subscriptions", tags=["subscriptions"], response_model=Subscriptions)
async def list_subscriptions(request: Request, _: Allowed) -> Response:
    """All subscriptions, those of the file too. A secret is a reference, and never here itself."""
    api = api_of(request)
    held = [each for each in api.view.subscriptions.values() if each.state != "removed"]
    return in_json(request, Subscriptions(items=tuple(sorted(held, key=lambda each: each.id))))


@router.get(
    "/subscriptions/{id}",
    tags=["subscriptions"],
    response_model=Subscription,
    responses=documented(404),
)
async def show_subscription(request: Request, id: Id, _: Allowed) -> Response:  # noqa: A002
    """One of them."""
    return in_json(request, _held(api_of(request), id))


@router.put(
    "/subscriptions/{id}",
    tags=["subscriptions"],
    response_model=Subscription,
    responses=_WRITTEN,
    openapi_extra=in_words(Subscription),
)
async def put_subscription(
    request: Request,
    id: Id,  # noqa: A002
    caller: Allowed,
    wanted: Annotated[Subscription, Depends(body_of(Subscription))],
) -> Response:
    """Makes it, or puts this in its place; one that was paused is active again.

    It is checked as the file is, and it holds once the brokers have it, which is when the answer
    comes. What is in the operator's file is changed there.
    """
    api = api_of(request)
    _refuse_alert_log(id)
    before = api.view.subscriptions.get(id)
    if before is not None and before.origin == "file" and before.state != "removed":
        raise ProblemError(409, f"{id} is in the operator's file, and is changed there")
    faults = [*_faults_of_place(id, wanted), *_faults_of_wish(api, wanted, caller, before)]
    _refuse(faults)
    record = wanted.model_copy(update={"state": "active", "origin": "run_time"})
    await api.write(record)
    return in_json(request, record)


@router.delete(
    "/subscriptions/{id}",
    tags=["subscriptions"],
    status_code=204,
    response_class=Response,
    responses=documented(404, 409, 503),
)
async def delete_subscription(request: Request, id: Id, _: Allowed) -> Response:  # noqa: A002
    """Removes it. What was brought stays brought."""
    api = api_of(request)
    _refuse_alert_log(id)
    held = _held(api, id)
    if held.origin == "file":
        raise ProblemError(409, f"{id} is in the operator's file, and is taken out there")
    await api.write(held.model_copy(update={"state": "removed"}))
    return Response(status_code=204)


@router.get("/silences", tags=["silences"], response_model=Silences)
async def list_silences(request: Request, _: Allowed) -> Response:
    """Those that hold, and those to come."""
    api = api_of(request)
    now = api.now()
    held = [each for each in api.view.silences.values() if not each.is_over(now)]
    return in_json(request, Silences(items=tuple(sorted(held, key=lambda each: each.id))))


@router.put(
    "/silences/{id}",
    tags=["silences"],
    response_model=Silence,
    responses=_WRITTEN,
    openapi_extra=in_words(Silence),
)
async def put_silence(
    request: Request,
    id: Id,  # noqa: A002
    caller: Allowed,
    wanted: Annotated[Silence, Depends(body_of(Silence))],
) -> Response:
    """Begins a silence, or puts this in its place. One for all takes a key with the scope admin."""
    api = api_of(request)
    faults = [*_faults_of_place(id, wanted)]
    if wanted.ends_at <= wanted.begins_at:
        faults.append(Fault(where="body.ends_at", problem="it ends before it begins"))
    if wanted.is_for_all_there_is:
        text = "it would silence everything: name what is not wanted"
        faults.append(Fault(where="body", problem=text))
    if wanted.subscription is None and not caller.may("admin"):
        text = "only a key with the scope admin may silence all subscriptions: name one"
        faults.append(Fault(where="body.subscription", problem=text))
    _refuse(faults)
    await api.write(wanted)
    return in_json(request, wanted)


@router.delete(
    "/silences/{id}",
    tags=["silences"],
    response_model=Silence,
    responses=documented(404, 503),
)
async def end_silence(request: Request, id: Id, caller: Allowed) -> Response:  # noqa: A002
    """Ends it now. It stays on the record with who began it."""
    api = api_of(request)
    held, now = api.view.silences.get(id), api.now()
    if held is None or held.is_over(now):
        raise ProblemError(404, f"there is no silence {id}")
    if held.subscription is None and not caller.may("admin"):
        raise ProblemError(403, "only a key with the scope admin may end a silence for all")
    ended = held.ended(now)
    await api.write(ended)
    return in_json(request, ended)


def _held(api: Api, id_: str) -> Subscription:
    held = api.view.subscriptions.get(id_)
    if held is None or held.state == "removed":
        raise ProblemError(404, f"there is no subscription {id_}")
    return held


def _faults_of_place(id_: str, wanted: Subscription | Silence) -> Iterable[Fault]:
    if wanted.id != id_:
        yield Fault(where="body.id", problem=f"it is not {id_!r}, as the address has it")


def _faults_of_wish(
    api: Api, wanted: Subscription, caller: Caller, before: Subscription | None
) -> Iterable[Fault]:
    """All that the check of the file would say, and what only matters of a client."""
    for key, problem, remedy in Known(api.knowledge).faults(wanted):
        yield Fault(where=f"body.{key}", problem=f"{problem}; {remedy}")
    never = never_matches(wanted)
    if never is not None:
        yield Fault(where="body", problem=f"nothing could ever match: {never}; widen it")
    if wanted.origin == "file":
        yield Fault(where="body.origin", problem="only the operator's file has this origin")
    if wanted.state == "removed":
        yield Fault(where="body.state", problem="use DELETE")
    yield from faults_of_target(wanted, is_admin=caller.may("admin"), before=before)


def _refuse_alert_log(id_: str) -> None:
    if id_ == ALERT_LOG:
        raise ProblemError(409, f"{id_} is what each worker has for its alert log")


def _refuse(faults: list[Fault]) -> None:
    if faults:
        shown = "; ".join(f"{each.where}: {each.problem}" for each in faults[:3])
        raise ProblemError(422, shown, faults)
