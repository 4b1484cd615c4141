"""The API from end to end, on Apache Kafka and beside one worker that all tests share."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from api_process import DRAGOMAN, ApiProcess
from click.testing import CliRunner
from icalendar import Calendar
from plain_wire import item
from worker_process import Place, WorkerProcess, delete_topics, records, send_raw, until

from schemas.base import AlertId, LeaderId, Record
from schemas.deliveries import Delivery, ParcelId, Step
from schemas.subscriptions import Subscription
from schemas.topics import ALERTS, DELIVERIES, SUBSCRIPTIONS, TopicDeclaration
from streams.cli.group import dragoman as command_line
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.record import sender
from streams.shell.settings import Settings

KAST, NOBOA = "jose-antonio-kast", "daniel-noboa"
AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
FIRST = (
    item(1, f"TRIP {KAST} EC 2026-01-20 planned"),
    item(2, f"TRIP {KAST} IT 2026-02-10 possible"),
    item(3, f"TRIP {NOBOA} EC 2026-01-20 planned"),
    item(4, f"INVITE {KAST} {NOBOA} CL extended"),
    item(5, f"TRIP {NOBOA} CL 2026-03-11 planned"),
    item(6, f"TRIP {NOBOA} CL 2026-03-11 cancelled"),
)


@pytest.fixture(scope="module")
def place(kafka: ApacheKafka, tmp_path_factory: pytest.TempPathFactory) -> Place:
    delete_topics(kafka.bootstrap)
    return Place(kafka.bootstrap, "api", tmp_path_factory.mktemp("api"), {})


@pytest.fixture(scope="module")
def worker(place: Place) -> Iterator[WorkerProcess]:
    with WorkerProcess(place, "--only=parse,read,fold") as worker:
        worker.wait_ready()
        # One after the other: stories lie on several partitions, and one that is cancelled before
        # it was ever planned makes one alert less.
        for alerts, first in enumerate(FIRST, 1):
            send_raw(place.bootstrap, [first])
            until(
                f"{alerts} alerts",
                lambda alerts=alerts: len(records(place.bootstrap, ALERTS)) >= alerts,
            )
        yield worker


@pytest.fixture(scope="module")
def api(place: Place, worker: WorkerProcess) -> Iterator[ApiProcess]:
    """Started after the first alerts, so that it has something to catch up with."""
    with ApiProcess(place) as api:
        yield api.wait_ready()
        with api.stream() as client:
            client.begun()
            assert api.stop() == 0


def put(place: Place, topic: TopicDeclaration, keyed: list[tuple[str, Record]]) -> None:
    """Puts records on a topic as a worker would."""

    async def send() -> None:
        async with sender(Settings(broker=place.bootstrap)) as sending:
            for key, record in keyed:
                await sending.put(topic, key, record)

    asyncio.run(send())


def goes_to(page: Any) -> list[tuple[str, str]]:
    return [
        (each["trip"]["leader"]["id"], each["trip"]["destination"]["country"])
        for each in page["items"]
    ]


def test_trips_of_all_leaders_are_found_by_where_when_and_whose(api: ApiProcess) -> None:
    ours: dict[str, Any] = {"of": ["CL", "EC"]}
    assert goes_to(api.get("/v1/trips", **ours)) == [(NOBOA, "EC"), (KAST, "EC"), (KAST, "IT")]
    week = {"country": "EC", "from": "2026-01-19", "to": "2026-01-25"}
    assert goes_to(api.get("/v1/trips", of="CL", **week)) == [(KAST, "EC")]
    assert goes_to(api.get("/v1/trips", leader=NOBOA, status="cancelled")) == [(NOBOA, "CL")]
    (found,) = api.get("/v1/trips", country="IT")["items"]
    assert (found["home"], found["days"]) == ("CL", {"start": "2026-02-10", "end": "2026-02-10"})
    first = api.get("/v1/trips", limit=2, **ours)
    rest = api.get("/v1/trips", limit=2, cursor=first["next"], **ours)
    assert (goes_to(first)[-1], goes_to(rest), rest["next"]) == ((KAST, "EC"), [(KAST, "IT")], None)


def test_who_is_invited_where_and_by_whom_is_found(api: ApiProcess) -> None:
    (found,) = api.get("/v1/invitations", inviter=KAST, country="CL", of="EC")["items"]
    assert (found["invitation"]["invitee"]["id"], found["days"]) == (NOBOA, None)
    assert api.get("/v1/invitations", leader=KAST)["items"] == []
    dated = {"from": "2026-01-01", "to": "2026-12-31"}
    assert api.get("/v1/invitations", **dated)["items"] == []
    assert len(api.get("/v1/invitations", undated=True, **dated)["items"]) == 1


def test_leaders_are_found_by_any_spelling_and_by_country(api: ApiProcess) -> None:
    (kast,) = api.get("/v1/leaders", name="antonio kast")["items"]
    assert kast == {
        "id": KAST,
        "name": "Jose Antonio Kast",
        "country": "CL",
        "has_dossier": True,
        "trips": 2,
        "invitations": 1,
    }
    both = api.get("/v1/leaders", dossier=True, country=["CL", "EC"], limit=1)
    assert [each["id"] for each in both["items"]] == [NOBOA]
    rest = api.get("/v1/leaders", dossier=True, country="CL", cursor=both["next"])
    assert [each["id"] for each in rest["items"]] == [KAST]
    of_france = api.get("/v1/leaders", country="FR", dossier=False)["items"]
    assert of_france
    assert {each["country"] for each in of_france} == {"FR"}


def test_a_dossier_is_what_the_worker_believes_now_and_what_it_believed_then(
    api: ApiProcess, worker: WorkerProcess
) -> None:
    now = api.get(f"/v1/leaders/{KAST}/dossier")
    assert now == api.get(f"/v1/leaders/{KAST}/dossier", at="2026-01-05", history=True)
    assert now == httpx_json(f"{worker.said('web')}/leaders/{KAST}")
    before = api.ask(f"/v1/leaders/{KAST}/dossier", params={"at": "2026-01-05T07:59Z"})
    assert (before.status_code, before.json()["detail"]) == (
        404,
        f"nothing was known of {KAST!r} then",
    )
    wrong = api.ask(f"/v1/leaders/{KAST}/dossier", params={"at": "soon"})
    assert (wrong.status_code, wrong.json()["faults"][0]["where"]) == (422, "query.at")
    (reading,) = api.get("/v1/stories/urn:plain:1/readings")["items"]
    assert reading["findings"][0]["claim"]["leader"]["id"] == KAST
    assert api.ask("/v1/stories/urn:none/readings").status_code == 404


def httpx_json(url: str) -> Any:
    import httpx

    return httpx.get(url).json()


def test_alerts_come_newest_first_page_by_page_each_once(api: ApiProcess, place: Place) -> None:
    on_topic = {event.id for event in records(place.bootstrap, ALERTS)}
    event = records(place.bootstrap, ALERTS)[0]
    put(place, ALERTS, [(event.subject, event)])  # as after a crash
    found: list[str] = []
    cursor = None
    while True:
        page = api.get("/v1/alerts", limit=4, **({"cursor": cursor} if cursor else {}))
        found += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(found) == len(set(found))
    assert set(found) >= on_topic
    kinds = {each["data"]["kind"] for each in api.get("/v1/alerts", leader=NOBOA)["items"]}
    assert kinds >= {"trip.new", "trip.cancelled", "invitation.new"}
    early = api.get("/v1/alerts", until="2026-01-05T08:00:02Z")["items"]
    assert [each["data"]["country"] for each in early] == ["EC"]
    refused = api.ask("/v1/alerts", params={"cursor": "nonsense"})
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["where"] == "query.cursor"


def ids(place: Place) -> set[str]:
    return {event.id for event in records(place.bootstrap, ALERTS)}


def test_a_client_that_drops_out_and_comes_back_misses_and_repeats_nothing(
    api: ApiProcess, place: Place
) -> None:
    before, told = ids(place), list[str]()
    with api.stream() as client:
        begin = client.begun().last_event_id
        send_raw(place.bootstrap, [item(20, "TRIP ada PE 2026-04-01 planned")])
        told.append(client.next()["id"])
        dropped_at = client.last_event_id
    pairs = [(who, to) for to in ("BR", "AR", "UY", "PY") for who in ("ada", "bob", "eve")]
    send_raw(
        place.bootstrap,
        [item(30 + n, f"TRIP {who} {to} 2026-05-01 planned") for n, (who, to) in enumerate(pairs)],
    )
    until("twelve more", lambda: len(ids(place) - before) == 13)
    repeated = records(place.bootstrap, ALERTS)[-1]
    put(place, ALERTS, [(repeated.subject, repeated)])
    with api.stream(dropped_at) as client:
        told += [client.next()["id"] for _ in range(5)]
        dropped_at = client.last_event_id
    with api.stream(dropped_at) as client:
        told += [client.next()["id"] for _ in range(7)]
        send_raw(place.bootstrap, [item(50, "TRIP bob VE 2026-06-01 planned")])
        told.append(client.next()["id"])
        assert client.is_quiet()
    with api.stream(begin, leader="bob", country="VE") as client:
        assert client.next()["id"] == told[-1]
    assert len(told) == len(set(told))
    assert set(told) == ids(place) - before


@pytest.mark.parametrize(
    ("last_event_id", "status", "said"),
    [
        ("yesterday", 400, "no id of an event of this stream"),
        ("v1:0,0", 400, "a log of 2 partitions"),
        ("v1:0,0,0,999999", 410, "behind the end of the log"),
    ],
)
def test_an_id_that_nothing_can_go_on_from_is_refused_and_told_why(
    api: ApiProcess, last_event_id: str, status: int, said: str
) -> None:
    refused = api.ask("/v1/alerts/stream", headers={"Last-Event-ID": last_event_id})
    assert (refused.status_code, refused.headers["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    assert said in refused.json()["detail"]


def wish(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "owner": "night desk",
        "channel": "email",
        "target": "desk@example.org",
        **more,
    }


def test_a_subscription_is_on_the_topic_when_it_is_acknowledged(
    api: ApiProcess, place: Place
) -> None:
    made = api.ask(
        "/v1/subscriptions/night",
        "subscriptions",
        "PUT",
        json=wish("night", leaders=[KAST], to_countries=["EC"]),
    )
    assert (made.status_code, made.json()["state"], made.json()["origin"]) == (
        200,
        "active",
        "run_time",
    )
    newest = [each for each in records(place.bootstrap, SUBSCRIPTIONS) if each.id == "night"][-1]
    assert json.loads(newest.model_dump_json()) == made.json()
    shown = api.ask("/v1/subscriptions/night", "subscriptions")
    assert shown.json() == made.json()
    again = api.ask(
        "/v1/subscriptions/night",
        "subscriptions",
        headers={"If-None-Match": shown.headers["ETag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    put_back = api.ask("/v1/subscriptions/night", "subscriptions", "PUT", json=shown.json())
    assert put_back.json() == shown.json()
    assert api.ask("/v1/subscriptions/night", "subscriptions", "DELETE").status_code == 204
    assert api.ask("/v1/subscriptions/night", "subscriptions").status_code == 404
    newest = [each for each in records(place.bootstrap, SUBSCRIPTIONS) if each.id == "night"][-1]
    assert newest.state == "removed"


def test_what_the_file_check_would_refuse_is_refused_with_all_reasons(api: ApiProcess) -> None:
    refused = api.ask(
        "/v1/subscriptions/wrong",
        "subscriptions",
        "PUT",
        json=wish(
            "other",
            channel="webhook",
            target="https://127.0.0.1/hook",
            leaders=["jose-kast"],
            to_countries=["ZZ"],
            kinds=["retracted"],
            secret=["env:SECRET"],
        ),
    )
    assert refused.status_code == 422
    assert {each["where"] for each in refused.json()["faults"]} == {
        "body.id",
        "body.leaders",
        "body.to_countries",
        "body",
        "body.target",
        "body.secret",
    }
    allowed = api.ask(
        "/v1/subscriptions/signed",
        "admin",
        "PUT",
        json=wish("signed", channel="webhook", target="env:HOOK", secret=["env:SECRET"]),
    )
    assert allowed.status_code == 200
    narrowed = allowed.json() | {"to_countries": ["EC"]}
    changed = api.ask("/v1/subscriptions/signed", "subscriptions", "PUT", json=narrowed)
    assert changed.json() == narrowed
    too_long = api.ask(
        "/v1/subscriptions/long", "admin", "PUT", json=wish("long", owner="x" * 70_000)
    )
    assert too_long.status_code == 413


def test_what_is_in_the_operators_file_is_changed_there(api: ApiProcess, place: Place) -> None:
    mine = Subscription(
        id="by-file", owner="desk", channel="log", target="alerts.jsonl", origin="file"
    )
    put(place, SUBSCRIPTIONS, [(mine.key(), mine)])

    def shown() -> bool:
        return api.ask("/v1/subscriptions/by-file", "subscriptions").status_code == 200

    until("it is known", shown)
    path = "/v1/subscriptions/by-file"
    assert api.ask(path, "admin", "PUT", json=wish("by-file")).status_code == 409
    assert api.ask(path, "admin", "DELETE").status_code == 409
    log = wish("alert-log")
    assert api.ask("/v1/subscriptions/alert-log", "admin", "PUT", json=log).status_code == 409


def test_a_silence_begins_and_ends_and_one_for_all_takes_an_admin(api: ApiProcess) -> None:
    begins = datetime.now(UTC) - timedelta(hours=1)
    silence = {
        "id": "summit",
        "subscription": "night",
        "countries": ["BR"],
        "begins_at": begins.isoformat(),
        "ends_at": (begins + timedelta(days=9)).isoformat(),
        "author": "night editor",
    }
    path, scope = "/v1/silences/summit", "subscriptions"
    assert api.ask(path, scope, "PUT", json=silence).status_code == 200
    held = api.get("/v1/silences", scope)["items"]
    assert [each["id"] for each in held if each["id"] == "summit"] == ["summit"]
    backward = silence | {"ends_at": silence["begins_at"]}
    assert api.ask(path, scope, "PUT", json=backward).status_code == 422
    of_all = silence | {"subscription": None, "countries": []}
    refused = api.ask(path, "admin", "PUT", json=of_all).json()
    assert [each["where"] for each in refused["faults"]] == ["body"]
    for_all = silence | {"subscription": None}
    assert api.ask(path, scope, "PUT", json=for_all).status_code == 422
    assert api.ask(path, scope, "DELETE").status_code == 200
    assert "summit" not in [each["id"] for each in api.get("/v1/silences", scope)["items"]]
    assert api.ask(path, scope, "DELETE").status_code == 404


def steps(alert: str, subscription: str, *told: tuple[Step, str]) -> list[tuple[str, Record]]:
    return [
        (
            subscription,
            Delivery(
                alert=AlertId(alert),
                leader=LeaderId(KAST),
                subscription=subscription,
                channel="webhook",
                step=step,
                reason="wanted" if step == "planned" else step,
                detail=detail,
                at=AT + timedelta(seconds=number),
                parcel=ParcelId(alert),
                attempt=number if step in ("failed", "brought") else None,
            ),
        )
        for number, (step, detail) in enumerate(told)
    ]


def test_what_became_of_an_alert_is_told_step_by_step_and_why(
    api: ApiProcess, place: Place
) -> None:
    brought = steps(
        "alert:a",
        "night",
        ("planned", "every filter lets it through"),
        ("failed", "503 from the other end"),
        ("brought", ""),
    )
    not_wanted = steps("alert:a", "day", ("passed_over", "it has EC; asked for is IT"))
    put(place, DELIVERIES, [*brought, *not_wanted, brought[-1]])

    def all_there() -> bool:
        return len(api.get("/v1/deliveries", alert="alert:a")["items"]) == 5

    until("the steps", all_there)
    page = api.get("/v1/deliveries", subscription="night", limit=1, step="planned")
    assert [each["detail"] for each in page["items"]] == ["every filter lets it through"]
    assert page["next"] is None
    found = api.get("/v1/why", alert="alert:a", subscription="night")
    assert (found["standing"], [each["step"] for each in found["steps"]]) == (
        "brought",
        ["planned", "failed", "brought"],
    )
    day = api.get("/v1/why", alert="alert:a", subscription="day")
    assert day["said"] == "It was not wanted there: it has EC; asked for is IT."
    query = {"alert": "alert:b", "subscription": "day"}
    assert api.ask("/v1/why", params=query).status_code == 404
    assert dragoman(place, "why", "alert:a", "night") == (
        "It was brought to night at 2026-01-05 12:00:02 UTC after a try that failed.\n"
        "  2026-01-05 12:00:00 UTC  wanted: every filter lets it through\n"
        "  2026-01-05 12:00:01 UTC  did not get through: 503 from the other end\n"
        "  2026-01-05 12:00:02 UTC  brought at try 2 by webhook\n"
    )
    assert json.loads(dragoman(place, "why", "alert:a", "night", "--json")) == found


def dragoman(place: Place, *arguments: str) -> str:
    done = CliRunner().invoke(command_line, arguments, env=place.environment())
    assert done.exit_code == 0, done.output
    return done.output


def test_calendars_and_feeds_are_read_by_the_programs_of_others(api: ApiProcess) -> None:
    key = {"key": api.keys["calendar"]}
    shown = api.ask(f"/v1/calendars/leaders/{KAST}.ics", None, params=key)
    assert shown.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(shown.content).walk("VEVENT")
    assert [str(each["summary"]) for each in events] == [
        "Jose Antonio Kast: Ecuador",
        "Jose Antonio Kast: Italy",
    ]
    to_ecuador = api.ask("/v1/calendars/to/EC.ics", "read")
    assert len(Calendar.from_ical(to_ecuador.content).walk("VEVENT")) == 2
    of_ecuador = api.ask("/v1/calendars/of/EC.ics", "read")
    stati = [str(each["status"]) for each in Calendar.from_ical(of_ecuador.content).walk("VEVENT")]
    assert stati == ["CONFIRMED", "CANCELLED"]
    feed = feedparser.parse(api.ask("/v1/alerts.atom", params={"leader": KAST}).content)
    assert not feed.bozo
    assert len(feed.entries) >= 2
    assert api.ask("/v1/calendars/leaders/nobody.ics").status_code == 404
    assert api.ask("/v1/calendars/to/ZZ.ics").status_code == 404


def test_a_key_does_what_its_scopes_allow_and_nothing_is_done_without_one(
    api: ApiProcess,
) -> None:
    without = api.ask("/v1/trips", None)
    assert (without.status_code, without.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="dragoman"',
    )
    unknown = api.ask("/v1/trips", None, headers={"X-Dragoman-Key": "drg_nobody"})
    assert unknown.json()["detail"].startswith("nobody has this key")
    by_header = api.ask("/v1/trips", None, headers={"X-Dragoman-Key": api.keys["read"]})
    assert by_header.status_code == 200
    refused = {
        ("/v1/trips", "calendar", "GET"),
        ("/v1/trips", "subscriptions", "GET"),
        ("/v1/subscriptions", "read", "GET"),
        ("/v1/subscriptions/x", "read", "DELETE"),
        ("/v1/calendars/to/EC.ics", "subscriptions", "GET"),
    }
    for path, scope, method in refused:
        answer = api.ask(path, scope, method)
        assert answer.status_code == 403, (path, scope)
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    in_the_address = api.ask("/v1/calendars/to/EC.ics", None, params={"key": api.keys["admin"]})
    assert in_the_address.status_code == 403
    assert api.ask("/v1/trips", None, params={"key": api.keys["calendar"]}).status_code == 401


def test_it_says_how_it_stands(api: ApiProcess) -> None:
    assert api.get("/readyz", None) == {"ready": True, "behind": [], "troubled": []}
    assert api.get("/healthz", None)["streams"] >= 0
    api.get("/v1/trips")
    shown = api.ask("/metrics", None).text
    assert "dragoman_api_ready 1.0" in shown
    assert 'dragoman_api_requests_total{operation="list_trips",outcome="2xx"}' in shown
    missing = api.ask("/v1/nothing")
    assert (missing.status_code, missing.json()["title"]) == (404, "Not Found")
    misspelt = api.ask("/v1/trips", params={"contry": "EC"})
    assert (misspelt.status_code, misspelt.json()["faults"][0]["where"]) == (422, "query.contry")


ST_CONFIG = """
[checks]
# What no schema can say is refused with 422: unknown leaders, cursors, targets, times of day.
positive_data_acceptance.expected-statuses = [
  "2xx", "304", "401", "403", "404", "409", "410", "413", "422",
]
[parameters]
"path.leader" = "jose-antonio-kast"
"path.story" = "urn:plain:1"
"""


def test_it_keeps_to_its_own_description_whatever_is_asked(api: ApiProcess, tmp_path: Path) -> None:
    """All checks of schemathesis; the stream, which never ends, has tests of its own."""
    config = tmp_path / "schemathesis.toml"
    config.write_text(ST_CONFIG)
    done = subprocess.run(
        [
            str(Path(DRAGOMAN).with_name("schemathesis")),
            *("--config-file", str(config), "run", f"{api.address}/v1/openapi.json"),
            *("--checks", "all", "--exclude-path", "/v1/alerts/stream", "--max-time", "15"),
            *("--seed", "20261126", "--no-color", "--warnings", "off"),
            *("-H", f"Authorization: Bearer {api.keys['admin']}"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "Traceback" not in api.log.read_text()
