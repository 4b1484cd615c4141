"""Calendars of trips: of a leader, of a country's people, and to a country."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from schemas.base import CountryCode
from streams.core.agenda import Journey
from streams.shell.api.access import needs_calendar
from streams.shell.api.answers import answered
from streams.shell.api.backing import Api, api_of
from streams.shell.api.calendars import calendar
from streams.shell.api.problems import ProblemError, documented

_TYPE = "text/calendar"
router = APIRouter(
    prefix="/calendars",
    tags=["calendars"],
    dependencies=[Depends(needs_calendar)],
    default_response_class=Response,
    responses={
        200: {
            "description": "A calendar (RFC 5545) of whole days.",
            "content": {_TYPE: {"schema": {"type": "string"}}},
        },
        **documented(401, 403, 404, 422),
    },
)

Code = Annotated[CountryCode, Path(description="ISO 3166-1 alpha-2.")]


@router.get("/leaders/{leader}.ics")
async def leaders_calendar(
    request: Request, leader: Annotated[str, Path(min_length=1, max_length=200)]
) -> Response:
    """The trips of one leader."""
    api = api_of(request)
    view = api.view.dossiers.get(leader)
    known = {each.id: each.name for each in api.knowledge.leaders}
    name = view.name if view is not None else known.get(leader)
    if name is None:
        raise ProblemError(404, f"nobody has the id {leader!r}; /v1/leaders?name= finds them")
    return _calendar(request, name, lambda each: each.trip.leader.id == leader)


@router.get("/of/{country}.ics")
async def calendar_of_country(request: Request, country: Code) -> Response:
    """The trips of all who are at home in a country."""
    name = f"Trips from {_name(api_of(request), country)}"
    return _calendar(request, name, lambda each: each.home == country)


@router.get("/to/{country}.ics")
async def calendar_to_country(request: Request, country: Code) -> Response:
    """All trips to a country."""
    name = f"Trips to {_name(api_of(request), country)}"
    return _calendar(request, name, lambda each: each.trip.destination.country == country)


def _calendar(request: Request, name: str, wants: Callable[[Journey], bool]) -> Response:
    api = api_of(request)
    found = [each for seen in api.view.dossiers.all() for each in seen.journeys if wants(each)]
    made = calendar(name, found, api.country_names)
    return answered(request, made, f"{_TYPE}; charset=utf-8", max_age_s=300)


def _name(api: Api, country: str) -> str:
    if country not in api.country_names:
        raise ProblemError(404, f"{country!r} is no country")
    return api.country_names[country]
