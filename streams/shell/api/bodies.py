"""The bodies of requests: one record in JSON, taken at its word.

Read by the record's own strict hand, as on a topic: elsewhere `false` would pass for the number 0,
and 0 for the year 1970.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from schemas.base import Record
from streams.shell.api.problems import ProblemError

MOST_BYTES = 64 * 1024

R = TypeVar("R", bound=Record)


def body_of(kind: type[R]) -> Callable[[Request], Awaitable[R]]:
    """A dependency: the record in the body.

    Raises `ProblemError` 413 and 415, and `RequestValidationError` with all that is wrong.
    """

    async def read(request: Request) -> R:
        said = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if said != "application/json":
            raise ProblemError(415, "the body is to be JSON, with Content-Type: application/json")
        try:
            return kind.model_validate_json(await _bytes_of(request), strict=True)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            raise RequestValidationError(
                [each | {"loc": ("body", *each["loc"])} for each in found]
            ) from None

    return read


async def _bytes_of(request: Request) -> bytes:
    """Not read to its end where it is too long. The framework's own bound answers in plain text."""
    taken = bytearray()
    async for part in request.stream():
        taken += part
        if len(taken) > MOST_BYTES:
            raise ProblemError(413, f"a body has {MOST_BYTES} bytes at most")
    return bytes(taken)


def in_words(kind: type[Record]) -> dict[str, Any]:
    """What the description of an operation says of such a body."""
    schema = {"$ref": f"#/components/schemas/{kind.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
