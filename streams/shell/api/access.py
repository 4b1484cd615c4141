"""How a request shows its key, and what it may do with it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, APIKeyQuery, HTTPAuthorizationCredentials, HTTPBearer

from streams.shell.api.backing import Api, api_of
from streams.shell.api.keys import OPEN, Caller, Scope
from streams.shell.api.problems import ProblemError

KEY_HEADER = "X-Dragoman-Key"

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", description="A key, as a token.")
_header = APIKeyHeader(name=KEY_HEADER, auto_error=False, scheme_name="header")
_query = APIKeyQuery(
    name="key",
    auto_error=False,
    scheme_name="query",
    description="For calendar programs, which send no headers: a key of the scope calendar alone.",
)

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
Header = Annotated[str | None, Depends(_header)]
Query = Annotated[str | None, Depends(_query)]


def needs(scope: Scope) -> Callable[..., Caller]:
    """A dependency: who asks, if they may. Raises `ProblemError` 401 or 403."""

    def caller(request: Request, bearer: Bearer, header: Header) -> Caller:
        return _admitted(api_of(request), _key_in(bearer, header), scope)

    return caller


def needs_calendar(request: Request, bearer: Bearer, header: Header, query: Query) -> Caller:
    """The same for calendars, whose key may be in the address. Raises `ProblemError`."""
    given = _key_in(bearer, header)
    found = _admitted(api_of(request), given or query, "calendar")
    if given is None and query is not None and found.scopes != {"calendar"}:
        # Addresses lie in logs and histories, and are passed on.
        raise _forbidden(
            "in an address only a key of the scope calendar alone is taken", "calendar"
        )
    return found


def _key_in(bearer: HTTPAuthorizationCredentials | None, header: str | None) -> str | None:
    return bearer.credentials if bearer is not None else header


def _admitted(api: Api, key: str | None, scope: Scope) -> Caller:
    if key is None and api.settings.api_open == "yes":
        found: Caller | None = Caller("anyone", OPEN)
    else:
        found = None if key is None else api.keys.caller(key.strip())
    if found is None:
        why = "a key is needed" if key is None else "nobody has this key"
        raise ProblemError(
            401,
            f"{why}: send it as Authorization: Bearer …, or as {KEY_HEADER}",
            headers={"WWW-Authenticate": 'Bearer realm="dragoman"'},
        )
    if not found.may(scope):
        if found.id == "anyone" and key is None:
            raise ProblemError(
                401,
                f"a key with the scope {scope} is needed",
                headers={"WWW-Authenticate": f'Bearer realm="dragoman", scope="{scope}"'},
            )
        raise _forbidden(f"this key has not the scope {scope}", scope)
    return found


def _forbidden(detail: str, scope: Scope) -> ProblemError:
    told = f'Bearer realm="dragoman", error="insufficient_scope", scope="{scope}"'
    return ProblemError(403, detail, headers={"WWW-Authenticate": told})
