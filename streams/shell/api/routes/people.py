"""Leaders, their dossiers, and trips and invitations over all of them."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from schemas.base import Dates, LeaderId, StoryId, moment
from schemas.dossiers import DossierView
from streams.core.agenda import Asking, Journey, wants_asking, wants_journey
from streams.core.keeping import EVERYTHING, LIMITS
from streams.core.provisional import is_provisional
from streams.core.searching import finds, words
from streams.core.windows import Window, to_dates
from streams.shell.api.access import needs
from streams.shell.api.answers import (
    InvitationEntry,
    InvitationPage,
    LeaderEntry,
    LeaderPage,
    Readings,
    TripEntry,
    TripPage,
    in_json,
)
from streams.shell.api.asked import DossierAsked, InvitationsAsked, LeadersAsked, TripsAsked
from streams.shell.api.backing import Api, api_of
from streams.shell.api.listing import keyset
from streams.shell.api.problems import ProblemError, documented, wrong
from streams.shell.looking_back import believed_then, readings_of

router = APIRouter(dependencies=[Depends(needs("read"))], responses=documented(401, 403, 422))

Id = Annotated[str, Path(min_length=1, max_length=200, description="As in any answer.")]


@router.get("/leaders", tags=["leaders"], response_model=LeaderPage)
async def list_leaders(request: Request, asked: Annotated[LeadersAsked, Query()]) -> Response:
    """Whom the data files know, and who has a dossier. By id."""
    api = api_of(request)
    shown, more = keyset(
        [each for each in _everybody(api) if _is_wanted(api, asked, each)],
        lambda each: (each.id,),
        listed="leaders",
        kinds=(str,),
        limit=asked.limit,
        cursor=asked.cursor,
    )
    return in_json(request, LeaderPage(items=tuple(shown), next=more))


def _everybody(api: Api) -> Iterator[LeaderEntry]:
    seen = {each.view.id: each.view for each in api.view.dossiers.all()}
    known = {LeaderId(each.id): each.name for each in api.knowledge.leaders}
    for leader in seen.keys() | known.keys():
        dossier = seen.get(leader)
        yield LeaderEntry(
            id=leader,
            name=dossier.name if dossier else known[leader],
            country=api.view.home_of(leader),
            has_dossier=dossier is not None,
            trips=len(dossier.trips) if dossier else 0,
            invitations=len(dossier.invitations) if dossier else 0,
        )


def _is_wanted(api: Api, asked: LeadersAsked, entry: LeaderEntry) -> bool:
    return (
        asked.dossier in (None, entry.has_dossier)
        and (not asked.country or entry.country in asked.country)
        and (
            not asked.name
            or finds(asked.name, (words(entry.name), *api.known_by.get(entry.id, ())))
        )
    )


@router.get(
    "/leaders/{leader}/dossier",
    tags=["leaders"],
    response_model=DossierView,
    responses=documented(404, 503),
)
async def show_dossier(
    request: Request, leader: Id, asked: Annotated[DossierAsked, Query()]
) -> Response:
    """All we believe of one leader, with the stories behind it; `at` and `history` read the record
    through, which takes seconds."""
    api = api_of(request)
    if asked.at is None and not asked.history:
        view = api.view.dossiers.get(leader)
        if view is None:
            raise ProblemError(404, _nothing_known(api, leader))
        return in_json(request, view)
    try:
        at = None if asked.at is None else moment(asked.at, end_of_day=True)
    except ValueError as error:
        raise wrong("query.at", str(error)) from None
    async with api.from_the_record():
        then = await believed_then(
            api.settings, LeaderId(leader), at, EVERYTHING if asked.history else LIMITS
        )
    if then is None:
        raise ProblemError(404, f"nothing was known of {leader!r} then")
    return in_json(request, then)


def _nothing_known(api: Api, leader: str) -> str:
    known = any(each.id == leader for each in api.knowledge.leaders)
    if known or is_provisional(leader):
        return f"nothing is known of {leader!r} yet"
    return f"nobody has the id {leader!r}; /v1/leaders?name= finds them"


@router.get("/trips", tags=["agenda"], response_model=TripPage)
async def list_trips(request: Request, asked: Annotated[TripsAsked, Query()]) -> Response:
    """Who goes where: trips of all leaders by their first day, those without one last."""
    api, wanted = api_of(request), asked.asked()
    found = [
        each
        for seen in api.view.dossiers.all()
        for each in seen.journeys
        if wants_journey(wanted, each)
    ]
    shown, more = keyset(
        found,
        Journey.place,
        listed="trips",
        kinds=(int, str, str),
        limit=asked.limit,
        cursor=asked.cursor,
    )
    items = tuple(
        TripEntry(home=each.home, days=_days(each.span), trip=each.trip) for each in shown
    )
    return in_json(request, TripPage(items=items, next=more))


@router.get("/invitations", tags=["agenda"], response_model=InvitationPage)
async def list_invitations(
    request: Request, asked: Annotated[InvitationsAsked, Query()]
) -> Response:
    """Who is asked where: invitations of all leaders by their first day."""
    api, wanted = api_of(request), asked.asked()
    found = [
        each
        for seen in api.view.dossiers.all()
        for each in seen.askings
        if wants_asking(wanted, each)
    ]
    shown, more = keyset(
        found,
        Asking.place,
        listed="invitations",
        kinds=(int, str, str),
        limit=asked.limit,
        cursor=asked.cursor,
    )
    items = tuple(
        InvitationEntry(home=each.home, days=_days(each.span), invitation=each.invitation)
        for each in shown
    )
    return in_json(request, InvitationPage(items=items, next=more))


def _days(span: Window | None) -> Dates | None:
    return None if span is None else to_dates(span)


@router.get(
    "/stories/{story:path}/readings",
    tags=["stories"],
    response_model=Readings,
    responses=documented(404, 503),
)
async def list_readings(request: Request, story: Id) -> Response:
    """What was read in each edition of a story, and why; reads the record, which takes seconds."""
    api = api_of(request)
    async with api.from_the_record():
        found = await readings_of(api.settings, StoryId(story))
    if not found:
        raise ProblemError(404, f"no edition of {story!r} was read")
    return in_json(request, Readings(items=tuple(found)))
