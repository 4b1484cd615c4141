"""Three desks get what their owners would expect of whole stories, on Apache Kafka, with the real
reader and over a kill of the worker; what is killed is taken back from those who got it alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from desk_wire import (
    INVITED,
    KILL_OF_ONE,
    KILL_OF_THE_OTHER,
    PETRO_COMES,
    TAKEN_BACK,
    TOLD,
    WANTED,
    Line,
    story,
)
from seed_stories import IF_AT_HAND, SEEDS, gold, seeds
from worker_process import (
    Place,
    WorkerProcess,
    alerts_in,
    all_is_through,
    delete_topics,
    send_raw,
    until,
)

from bench.subscriber_ends import SECRET, Ends
from streams.shell.brokers.kafka import ApacheKafka

DESKS = {
    "kast": 'leaders = ["jose-antonio-kast"]',
    "invitations": 'kinds = ["invitation.new", "invitation.answered"]',
    "ecuador": 'to_countries = ["EC"]\nstatus = "confirmed"',
    "sure": "least_sources = 2",
}
SEED, OURS = "urn:seed:", "urn:desk:"


@dataclass(frozen=True)
class Got:
    """What came to the desks, each alert once, in the order in which it came."""

    told: dict[str, list[dict[str, Any]]]
    """While one of the two stories that carry each invitation still stands."""
    ended: dict[str, list[dict[str, Any]]]
    """When both are killed."""
    logged: list[str]
    """Ids in the alert log."""


@pytest.fixture(scope="module")
def got(kafka: ApacheKafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Got]:
    """One run for all stories. What is raised depends on no order within each sending."""
    directory = tmp_path_factory.mktemp("desks")
    delete_topics(kafka.bootstrap)
    with Ends() as ends:
        file = directory / "subscriptions.toml"
        file.write_text("".join(_entry(desk, ends.url(f"healthy-{desk}")) for desk in DESKS))
        place = _place(kafka, directory, file)
        with WorkerProcess(place, "--rules") as worker:
            worker.wait_ready()
            send_raw(place.bootstrap, [*_seeds(), *TOLD])
            until("some have come", lambda: len(ends.alerts("healthy-kast")) > 1)
            worker.kill()
        with WorkerProcess(place, "--rules") as worker:
            worker.wait_ready()
            _until_through(place)
            send_raw(place.bootstrap, [PETRO_COMES, KILL_OF_ONE, *_kills_of_seeds("000")])
            _until_through(place)
            told = _came(ends)
            send_raw(place.bootstrap, [KILL_OF_THE_OTHER, *_kills_of_seeds("001")])
            _until_through(place)
            assert worker.stop() == 0
        yield Got(told, _came(ends), alerts_in(place.alert_log))


def _until_through(place: Place) -> None:
    until("all is brought", lambda: all_is_through(place.bootstrap, place.app_id))


def _entry(desk: str, address: str) -> str:
    return (
        f'[[subscription]]\nid = "{desk}"\nowner = "{desk}"\nchannel = "webhook"\n'
        f'target = "{address}"\nsecret = ["env:HOOK_KEY"]\n{DESKS[desk]}\n\n'
    )


def _place(kafka: ApacheKafka, directory: Path, file: Path) -> Place:
    extra = {
        "DRAGOMAN_PARTITIONS": "4",
        "DRAGOMAN_SUBSCRIPTIONS_FILE": str(file),
        "DRAGOMAN_PRIVATE_HOSTS": "127.0.0.1",
        "HOOK_KEY": SECRET,
    }
    return Place(kafka.bootstrap, "desks", directory, extra)


def _seeds() -> list[bytes]:
    return [
        story(f"{SEED}{each.id}", str(each.published_at), "SEEDS", "", each.body)
        for each in (seeds() if SEEDS.is_dir() else ())
    ]


def _kills_of_seeds(id_: str) -> list[bytes]:
    """Of one of the two that carry the invitation; their trips are told by others too."""
    kill = story(f"{SEED}{id_}", "2026-01-01T08:00:00Z", "SEEDS", "", version=2)
    return [kill] if SEEDS.is_dir() else []


def _came(ends: Ends) -> dict[str, list[dict[str, Any]]]:
    return {
        desk: list(
            {
                alert["id"]: alert
                for each in ends.accepted(f"healthy-{desk}")
                for alert in each.alerts
            }.values()
        )
        for desk in DESKS
    }


def _lines(events: list[dict[str, Any]], stories: str) -> list[Line]:
    """What the alerts of some stories say."""
    return [
        (each["data"]["kind"], each["data"]["leader"]["name"], each["data"]["country"])
        for each in events
        if each["data"]["evidence"][0]["story"].startswith(stories)
    ]


def test_each_desk_gets_what_it_asked_for_and_hears_nothing_of_the_first_of_two_kills(
    got: Got,
) -> None:
    for desk, wanted in WANTED.items():
        assert sorted(_lines(got.told[desk], OURS)) == sorted(wanted), desk


def test_what_nobody_says_any_more_is_taken_back_from_those_who_were_told(got: Got) -> None:
    for desk, wanted in WANTED.items():
        came = _lines(got.ended[desk], OURS)
        followed = [INVITED, TAKEN_BACK] if INVITED in wanted else []
        assert [each for each in came if each[1] == INVITED[1]] == followed, desk
        assert sorted(came) == sorted([*wanted, *followed[1:]]), desk


def test_what_a_desk_got_is_in_the_log_of_all_alerts_that_has_each_once(got: Got) -> None:
    assert len(set(got.logged)) == len(got.logged)
    assert {each["id"] for came in got.ended.values() for each in came} < set(got.logged)


@IF_AT_HAND
def test_the_seeds_come_to_those_whom_an_editor_would_tell(got: Got) -> None:
    alerts = gold()["alerts"]["new"]
    trips = [
        ("trip.new", each["leader"], each["destination"]) for each in alerts if "leader" in each
    ]
    asked = [("invitation.new", each["invitee"], "CL") for each in alerts if "invitee" in each]
    wanted: dict[str, list[Line]] = {
        "kast": [*trips, *asked],
        "invitations": asked,
        "ecuador": [each for each in trips if each[2] == "EC"],
    }
    for desk, lines in wanted.items():
        assert sorted(_lines(got.told[desk], SEED)) == sorted(lines), desk
        taken_back = [("retracted", *each[1:]) for each in asked if each in lines]
        assert sorted(_lines(got.ended[desk], SEED)) == sorted([*lines, *taken_back]), desk
