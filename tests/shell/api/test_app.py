"""What every request passes, tried in the process itself and with no brokers."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from streams.shell.api.app import build
from streams.shell.api.backing import MOST_STREAMS, Api, Standing
from streams.shell.api.bodies import MOST_BYTES
from streams.shell.api.document import nobody_known
from streams.shell.api.keys import Key, Keys
from streams.shell.api.run import serve
from streams.shell.settings import Settings

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DIGEST = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"  # of "secret"
KEYS = Keys([Key("all", "tests", frozenset(("admin",)), bytes.fromhex(DIGEST))])
OURS = {"Authorization": "Bearer secret"}


def api(**settings: Any) -> Api:
    made = {"broker": "127.0.0.1:9", **settings}
    return Api(Settings.model_validate(made), nobody_known(), KEYS, lambda: NOON)


def ask(
    backing: Api, path: str, method: str = "GET", headers: Mapping[str, str] = OURS, **more: Any
) -> httpx.Response:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(build(backing), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.request(method, path, headers=headers, **more)

    return asyncio.run(answer())


def test_an_operator_may_leave_reading_open_and_writing_never() -> None:
    nothing: dict[str, str] = {}
    assert ask(api(), "/v1/trips", headers=nothing).status_code == 401
    left_open = api(api_open="yes")
    assert ask(left_open, "/v1/trips", headers=nothing).json() == {"items": [], "next": None}
    assert ask(left_open, "/v1/trips", headers={"Authorization": "Bearer x"}).status_code == 401
    for path, method in (
        ("/v1/subscriptions", "GET"),
        ("/v1/subscriptions/x", "PUT"),
        ("/v1/subscriptions/x", "DELETE"),
        ("/v1/silences/x", "PUT"),
        ("/v1/silences/x", "DELETE"),
    ):
        refused = ask(left_open, path, method, nothing, json={})
        assert (refused.status_code, path) == (401, path)
        assert 'scope="subscriptions"' in refused.headers["WWW-Authenticate"]


def test_pages_of_other_origins_may_read_where_the_operator_names_them() -> None:
    headers = OURS | {"Origin": "https://desk.example"}
    name = "Access-Control-Allow-Origin"
    assert name not in ask(api(), "/v1/trips", headers=headers).headers
    named = api(api_cors_origins="https://desk.example, https://b.example")
    assert ask(named, "/v1/trips", headers=headers).headers[name] == "https://desk.example"
    other = OURS | {"Origin": "https://evil.example"}
    assert name not in ask(named, "/v1/trips", headers=other).headers


def test_a_body_that_is_too_long_is_refused_with_and_without_its_length() -> None:
    long = b"x" * (MOST_BYTES + 1)

    async def bit_by_bit() -> Any:
        yield long[:10]
        yield long[10:]

    headers = OURS | {"Content-Type": "application/json"}
    for content in (long, bit_by_bit()):
        answer = ask(api(), "/v1/silences/x", "PUT", headers, content=content)
        assert (answer.status_code, answer.headers["Content-Type"]) == (
            413,
            "application/problem+json",
        )


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param('{"begins_at": 0}', "body.begins_at", id="a_number_is_no_time"),
        pytest.param('{"leaders": "kast"}', "body.leaders", id="a_word_is_no_list"),
        pytest.param('{"leader": []}', "body.leader", id="a_misspelt_name"),
        pytest.param("{", "body", id="no_json"),
        pytest.param("\udcff", "body", id="no_utf8"),
        pytest.param("", "body", id="nothing"),
    ],
)
def test_a_body_is_taken_at_its_word(body: str, where: str) -> None:
    headers = OURS | {"Content-Type": "application/json"}
    content = body.encode("utf-8", "surrogateescape")
    answer = ask(api(), "/v1/silences/x", "PUT", headers, content=content)
    assert answer.status_code == 422
    assert where in [each["where"] for each in answer.json()["faults"]]


def test_what_is_no_json_or_no_method_of_the_address_is_refused() -> None:
    form = ask(api(), "/v1/silences/x", "PUT", data={"id": "x"})
    assert form.status_code == 415
    posted = ask(api(), "/v1/subscriptions/x", "POST")
    assert (posted.status_code, posted.headers["Allow"]) == (405, "DELETE, GET, PUT")


def test_brokers_that_are_away_are_a_problem_that_does_not_name_them() -> None:
    answer = ask(api(), "/v1/stories/urn:x/readings")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "127.0.0.1" not in answer.text


def test_streams_are_bounded() -> None:
    full = api()
    full.streams = MOST_STREAMS
    answer = ask(full, "/v1/alerts/stream")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_it_is_ready_when_the_view_has_caught_up() -> None:
    behind = api()
    behind.standing = Standing(lambda: frozenset(("alerts.v1",)), lambda: {"alerts.v1": "away"})
    answer = ask(behind, "/readyz", headers={})
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False, "behind": ["alerts.v1"], "troubled": ["alerts.v1"]},
    )
    said = ask(behind, "/metrics", headers={}).text
    assert "dragoman_api_ready 0.0" in said
    assert "dragoman_api_troubled_topics 1.0" in said
    assert ask(api(), "/readyz", headers={}).json()["ready"] is True


def test_metrics_keep_the_naming_rules_and_count_by_operation() -> None:
    one = api()
    for path in ("/v1/trips", "/v1/leaders/kast/dossier", "/v1/nothing"):
        ask(one, path)
    families = list(text_string_to_metric_families(ask(one, "/metrics", headers={}).text))
    for family in families:
        name = family.name + ("_total" if family.type == "counter" else "")
        assert re.fullmatch(r"dragoman_api_[a-z_]+", name)
        assert family.documentation.endswith(".")
    (requests,) = [each for each in families if each.name == "dragoman_api_requests"]
    counted = {
        (each.labels["operation"], each.labels["outcome"]): each.value for each in requests.samples
    }
    assert {key for key, value in counted.items() if value} == {
        ("list_trips", "2xx"),
        ("show_dossier", "4xx"),
        ("none", "4xx"),
    }
    # A rate over a counter that appears with its first event misses that event.
    assert counted["list_trips", "5xx"] == 0


def test_an_answer_that_the_client_has_is_not_sent_again() -> None:
    first = ask(api(), "/v1/trips")
    tag = {"If-None-Match": f'"other", W/{first.headers["ETag"]}'}
    again = ask(api(), "/v1/trips", headers=OURS | tag)
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_brokers_that_are_away_at_the_start_end_it(caplog: pytest.LogCaptureFixture) -> None:
    async def started() -> int:
        return await serve(api(api_port=0), stop=asyncio.Event())

    assert asyncio.run(started()) == 1
    assert "DRAGOMAN_BROKER" in caplog.text
