"""The description of the API, as committed: it may not lag behind, and says what programs need."""

import json
from pathlib import Path

from streams.shell.api.document import OPENAPI_FILE, openapi_document

COMMITTED = Path(__file__).resolve().parents[3] / "schemas" / "generated" / OPENAPI_FILE


def test_what_is_committed_is_what_is_generated() -> None:
    assert COMMITTED.read_bytes() == openapi_document(), (
        "run: dragoman schemas export schemas/generated"
    )


def test_every_operation_says_what_it_answers_and_how_it_refuses() -> None:
    paths = json.loads(openapi_document())["paths"]
    operations = {
        f"{method} {path}": operation
        for path, methods in paths.items()
        for method, operation in methods.items()
    }
    ours = {name: each for name, each in operations.items() if " /v1/" in name}

    assert [name for name, each in operations.items() if not each.get("description")] == []
    assert [name for name, each in ours.items() if "401" not in each["responses"]] == []
    assert [name for name, each in ours.items() if not each.get("security")] == []
    refusals = {
        kind
        for each in ours.values()
        for status, response in each["responses"].items()
        if status >= "400"
        for kind in response["content"]
    }
    assert refusals == {"application/problem+json"}


def test_operations_that_write_are_those_of_subscriptions_and_silences() -> None:
    paths = json.loads(openapi_document())["paths"]
    writing = {path for path, methods in paths.items() if methods.keys() - {"get"}}

    assert writing == {"/v1/subscriptions/{id}", "/v1/silences/{id}"}
