"""What the API answers where it cannot do what is asked: RFC 9457, and how that is documented."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from schemas.base import Record
from streams.shell.api.cursors import CursorError
from streams.shell.cluster import ClusterError

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Fault(Record):
    """One thing that is wrong with a request."""

    where: str
    """The parameter, or the path to the field of the body, such as `body.quiet.0.begin`."""
    problem: str


class Problem(Record):
    """Why there is no answer, for programs and people (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    faults: tuple[Fault, ...] = ()
    """All that is wrong with the request, where it is the request that is wrong."""


class ProblemError(Exception):
    """An answer that is none."""

    def __init__(
        self,
        status: int,
        detail: str,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(
            title=HTTPStatus(status).phrase, status=status, detail=detail, faults=tuple(faults)
        )
        self.headers = headers or {}


def busy(detail: str) -> ProblemError:
    """Too much is asked at once."""
    return ProblemError(503, detail, headers={"Retry-After": "2"})


def wrong(where: str, problem: str) -> ProblemError:
    """One thing of the request is wrong, which only looking at it closely could tell."""
    return ProblemError(422, f"{where}: {problem}", [Fault(where=where, problem=problem)])


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These answers, for the description of an operation."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def answer(error: ProblemError) -> Response:
    """The problem as it is sent."""
    return Response(
        error.problem.model_dump_json(),
        status_code=error.problem.status,
        headers={"Cache-Control": "no-store", **error.headers},
        media_type=MEDIA_TYPE,
    )


def install(app: FastAPI) -> None:
    """Every failure of this application is answered so."""
    app.add_exception_handler(ProblemError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(CursorError, _no_cursor)
    app.add_exception_handler(ClusterError, _no_brokers)
    app.add_exception_handler(Exception, _fault)


async def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return answer(error)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        Fault(where=".".join(map(str, each["loc"])), problem=str(each["msg"]))
        for each in error.errors()
    ]
    shown = "; ".join(f"{each.where}: {each.problem}" for each in faults[:3])
    return answer(ProblemError(422, shown, faults))


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = _allowed(request)
    return answer(ProblemError(error.status_code, str(error.detail), headers=headers))


def _allowed(request: Request) -> str:
    """The methods of all operations at this address; the framework tells those of the first."""
    found: set[str] = set()
    for path, operations in request.app.openapi()["paths"].items():
        if compile_path(path)[0].match(request.url.path):
            found |= {method.upper() for method in operations}
    return ", ".join(sorted(found))


async def _no_cursor(_: Request, error: Exception) -> Response:
    return answer(wrong("query.cursor", str(error)))


async def _no_brokers(_: Request, error: Exception) -> Response:
    # The reason is for the operator, in the log: it names our brokers.
    _log.warning("a question could not be answered: %s", error)
    return answer(
        ProblemError(503, "the brokers cannot be reached; try again", headers={"Retry-After": "5"})
    )


async def _fault(_: Request, __: Exception) -> Response:
    return answer(ProblemError(500, "a fault of ours; the log of the API has it"))
