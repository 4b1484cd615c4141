"""Alerts come to all who want them, once and in order, on Apache Kafka, whatever their ends do."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_process import ApiProcess, Follower
from mailboxes import Letter, Mailboxes
from plain_wire import item
from standardwebhooks.webhooks import Webhook
from worker_process import (
    HOPS_READ,
    Place,
    WorkerProcess,
    dead_letters,
    delete_topics,
    dragoman,
    messages,
    records,
    send_many,
    send_raw,
    uncommitted,
    until,
)

from bench.subscriber_ends import SECRET, Ends
from schemas.codec import decode, encode, version_headers
from schemas.deliveries import Offered, Said
from schemas.subscriptions import Subscription
from schemas.topics import ALERTS, DELIVERIES, DESK, SUBSCRIPTIONS
from streams.shell.brokers.kafka import ApacheKafka
from streams.shell.cluster import partition_of

WAYS = ("healthy", "slow", "busy", "failing", "closing", "hanging", "gone", "dead")
PATIENT = ("healthy", "slow", "busy", "failing", "closing")
LETTERS = ("healthy", "busy", "closing", "taking")
"""Mailboxes that get everything in the end, and `refused`, which gets nothing."""
LATER = {"grouped": "healthy-3", "rested": "healthy-4"}
"""Subscriptions to which what is over before it was told never comes, and their ends."""
LEADERS = ("ada", "bob", "eve")


def entry(name: str, address: str, **more: str) -> str:
    asked = "".join(f"{key} = {value}\n" for key, value in more.items())
    return (
        f'[[subscription]]\nid = "{name}"\nowner = "{name}"\nchannel = "webhook"\n'
        f'target = "{address}"\nsecret = ["env:HOOK_KEY"]\n{asked}\n'
    )


def mailbox(way: str) -> str:
    return (
        f'[[subscription]]\nid = "mail-{way}"\nowner = "{way}"\nchannel = "email"\n'
        f'target = "{way}@news.example"\n\n'
    )


@pytest.fixture
def ends() -> Iterator[Ends]:
    with Ends() as ends:
        yield ends


@pytest.fixture
def boxes() -> Iterator[Mailboxes]:
    with Mailboxes() as boxes:
        yield boxes


@pytest.fixture
def place(kafka: ApacheKafka, tmp_path: Path, ends: Ends, boxes: Mailboxes) -> Place:
    """The shared broker without topics, and a file with a subscription for each way to answer."""
    delete_topics(kafka.bootstrap)
    file = tmp_path / "subscriptions.toml"
    file.write_text(
        "".join(entry(way, ends.url(way)) for way in WAYS)
        + entry("invitations", ends.url("healthy-2"), kinds='["invitation.new"]')
        + entry("grouped", ends.url("healthy-3"), group_s="2")
        + entry("rested", ends.url("healthy-4"), least_pause_s="2")
        + "".join(mailbox(way) for way in (*LETTERS, "refused"))
    )
    extra = {
        "DRAGOMAN_PARTITIONS": "4",
        "DRAGOMAN_SUBSCRIPTIONS_FILE": str(file),
        "DRAGOMAN_PRIVATE_HOSTS": "127.0.0.1",
        "DRAGOMAN_RETRY_PAUSES_S": "0.3,0.3,0.3",
        "HOOK_KEY": SECRET,
        **boxes.settings(),
    }
    return Place(kafka.bootstrap, "deliveries", tmp_path, extra)


def told(part: int) -> list[bytes]:
    """Trips that are planned, put off and killed, and invitations."""
    wire, (inviter, country) = [], (("zoe", "FR"), ("yan", "DE"))[part]
    for number, leader in enumerate(LEADERS):
        at = part * 100 + number * 10
        uri = f"urn:plain:{at}"
        wire += [
            item(at, f"TRIP {leader} IT 2026-0{part + 2}-01 planned", uri=uri),
            item(at + 1, f"TRIP {leader} IT 2026-0{part + 2}-03 planned"),
            item(at + 2, f"INVITE {inviter} {leader} {country} extended", uri=f"{uri}i"),
        ]
    return wire


def kills(part: int) -> list[bytes]:
    return [
        item(
            part * 100 + 50 + number,
            uri=f"urn:plain:{part * 100 + number * 10}i",
            pubstatus="canceled",
        )
        for number, _ in enumerate(LEADERS)
    ]


def raised(place: Place) -> dict[str, list[dict[str, Any]]]:
    """Alerts by leader, once each, in the order of the topic."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for each in records(place.bootstrap, ALERTS):
        found.setdefault(each.subject, {}).setdefault(each.id, json.loads(encode(each)))
    return {leader: list(alerts.values()) for leader, alerts in found.items()}


def all_offered(place: Place) -> bool:
    """Looked at in the order in which messages run, so that none is between two looks."""
    return all(uncommitted(place.bootstrap, place.app_id, topic) == 0 for topic in HOPS_READ)


def test_every_alert_comes_to_each_who_wants_it_whatever_the_others_do_and_over_kills(
    place: Place, ends: Ends, boxes: Mailboxes
) -> None:
    with ApiProcess(place) as api:
        stream = Follower(api, "v1:0,0,0,0")
        for part in range(2):
            send_raw(place.bootstrap, told(part)) if part else None
            with WorkerProcess(place) as worker:
                worker.wait_ready()
                send_raw(place.bootstrap, [*told(part), *(kills(part - 1) if part else [])])
                fresh = len(ends.alerts("healthy"))
                until("some have come", lambda fresh=fresh: len(ends.alerts("healthy")) > fresh + 2)
                stream.take(2)
                worker.kill()
        with WorkerProcess(place) as worker:
            worker.wait_ready()
            wanted = {
                leader: [each["id"] for each in alerts]
                for leader, alerts in until("all is raised", lambda: _settled(place)).items()
            }
            everything = {alert for alerts in wanted.values() for alert in alerts}
            _all_has_come(place, ends, boxes, everything)
            stream.take(len(everything) - len(stream.told))
            _followed_up(place, ends)
            worker.stop()

    came = {way: ends.alerts(way) for way in PATIENT}
    came |= {f"mail-{way}": boxes.alerts(way) for way in LETTERS} | {"the stream": stream.told}
    _in_order(came, wanted)
    for name, end in LATER.items():
        over = _over_before_told(place, name)
        left = {leader: [e for e in alerts if e not in over] for leader, alerts in wanted.items()}
        _in_order({name: ends.alerts(end)}, left)
    _each_try_alike(ends)
    _each_letter_alike(boxes)
    _told_together(place)
    _accounted_for(place, everything)


def _over_before_told(place: Place, name: str) -> set[str]:
    """What waited to come with others while its story was killed, and the word of its end."""
    steps = {e.alert: e for e in records(place.bootstrap, DELIVERIES) if e.subscription == name}
    over = {id_: each for id_, each in steps.items() if each.step in ("taken_out", "passed_over")}
    assert {e.reason for e in over.values()} <= {"taken_back_before_told", "never_told"}, over
    return set(over)


def _all_has_come(place: Place, ends: Ends, boxes: Mailboxes, everything: set[str]) -> None:
    for way in PATIENT:
        until(f"all have come to {way}", lambda way=way: set(ends.alerts(way)) == everything)
    for name, end in LATER.items():
        until(
            f"what is left has come to who is {name}",
            lambda name=name, end=end: (
                set(ends.alerts(end)) == everything - _over_before_told(place, name)
            ),
        )
    for way in LETTERS:
        until(f"{way} has all letters", lambda way=way: set(boxes.alerts(way)) == everything)
    until(
        "the dead are given up",
        lambda: (
            {each.detail.partition(":")[0] for each in dead_letters(place.bootstrap)}
            >= {"gone", "dead", "mail-refused"}
        ),
    )


def _settled(place: Place) -> dict[str, list[dict[str, Any]]] | None:
    return raised(place) if all_offered(place) else None


def _in_order(came: dict[str, list[str]], wanted: dict[str, list[str]]) -> None:
    """Each alert once, those of one leader in the order in which they were raised."""
    for way, alerts in came.items():
        assert len(alerts) == sum(map(len, wanted.values())), way
        for leader, raised in wanted.items():
            assert [each for each in alerts if each in raised] == raised, (way, leader)


def _each_try_alike(ends: Ends) -> None:
    """A request that comes again has the same id and the same bytes, and all are signed."""
    for way, received in ends.received.items():
        bodies: dict[str, bytes] = {}
        for each in received:
            assert bodies.setdefault(each.id, each.body) == each.body, way
            Webhook(SECRET).verify(each.body, each.headers)
        alerts = [alert["id"] for each in received for alert in each.alerts]
        parcels = {alert["id"]: each.id for each in received for alert in each.alerts}
        assert len({(alert, parcels[alert]) for alert in alerts}) == len(set(alerts)), way


def _each_letter_alike(boxes: Mailboxes) -> None:
    """A letter that comes again has the same id and words, and comes again for a reason only."""
    for way in LETTERS:
        letters: dict[str, list[Letter]] = {}
        for each in boxes.received[way]:
            letters.setdefault(each.id, []).append(each)
        for same in letters.values():
            first, *others = (each.but_for_the_date() for each in same)
            assert all(each == first for each in others), way
        again = sum(len(same) > 1 for same in letters.values())
        # A kill may come between a letter and the word of it; of each leader one is on its way.
        assert again == len(letters) if way != "healthy" else again <= 2 * len(LEADERS), way
        assert len(letters) == len(boxes.alerts(way))
    assert boxes.refused["refused"] > 0


def _followed_up(place: Place, ends: Ends) -> None:
    """Who asked for invitations hears of those, and of the end of those alone."""
    everything = [each for alerts in raised(place).values() for each in alerts]
    first = {e["data"]["subject"] for e in everything if e["data"]["kind"] == "invitation.new"}
    wanted = {
        each["id"]
        for each in everything
        if each["data"]["subject"] in first
        and each["data"]["kind"] in ("invitation.new", "retracted")
    }
    assert len(wanted) > len(first) > 0
    until("all have come to who asked", lambda: set(ends.alerts("healthy-2")) == wanted)


def _told_together(place: Place) -> None:
    """An alert is offered to all desks of a partition at once, and some words went together."""
    heard = [
        (message.partition, decode(DESK, message.value or b"", dict(message.headers)))
        for message in messages(place.bootstrap, DESK.name)
    ]
    offers = [(partition, each) for partition, each in heard if isinstance(each, Offered)]
    for partition, offer in offers:
        assert {partition_of(each.id, 4) for each in offer.subscriptions} == {partition}
    assert len({len(offer.subscriptions) for _, offer in offers}) > 1
    assert max(len(each.words) for _, each in heard if isinstance(each, Said)) > 1


def _accounted_for(place: Place, everything: set[str]) -> None:
    last: dict[tuple[str, str], str] = {}
    for each in records(place.bootstrap, DELIVERIES):
        last[each.subscription, each.alert] = each.step
    for way in (*PATIENT, *(f"mail-{each}" for each in LETTERS)):
        assert {
            alert for (name, alert), step in last.items() if (name, step) == (way, "brought")
        } == (everything)
    assert {step for (name, _), step in last.items() if name == "gone"} <= {
        "given_up",
        "passed_over",
        "taken_out",
    }
    refused = {step for (name, _), step in last.items() if name in ("dead", "mail-refused")}
    assert "brought" not in refused
    states = {each.id: each.state for each in records(place.bootstrap, SUBSCRIPTIONS)}
    assert {name for name, state in states.items() if state == "paused"} == {"gone"}


def test_subscriptions_change_while_the_worker_runs(place: Place, ends: Ends) -> None:
    def put(**said: Any) -> None:
        made = Subscription(
            id="later",
            owner="a program",
            channel="webhook",
            target=ends.url("healthy-9"),
            secret=("env:HOOK_KEY",),
            **said,
        )
        headers = list(version_headers(SUBSCRIPTIONS).items())
        send_many(place.bootstrap, SUBSCRIPTIONS, [(made.key(), encode(made))], headers)

    months = iter(range(1, 1000))

    def next_trip(of: str = "later", step: str = "planned") -> bool:
        """Whether an alert that is raised now is planned for the subscription."""
        month = next(months)
        day = f"{2026 + month // 12}-{month % 12 + 1:02}-01"
        send_raw(place.bootstrap, [item(month, f"TRIP ada IT {day} planned")])
        until("it is raised", lambda: len(ends.alerts("healthy")) == month)
        until("all desks have heard it", lambda: all_offered(place))
        alert = ends.alerts("healthy")[-1]
        return (of, alert, step) in {
            (each.subscription, each.alert, each.reason if step == "silenced" else each.step)
            for each in records(place.bootstrap, DELIVERIES)
        }

    place = replace(place, extra=place.extra | {"DRAGOMAN_RETRY_PAUSES_S": "600"})
    with WorkerProcess(place) as worker:
        worker.wait_ready()
        assert not next_trip()
        hanging = until("one hangs", lambda: ends.received.get("hanging"))[0]
        # It would hold its caller for fifteen seconds, and it must hold up nobody else.
        assert ends.received["healthy"][0].at_s - hanging.at_s < 10
        put(leaders=("ada",))
        until("it hears of what comes", next_trip)
        until("it is brought", lambda: ends.alerts("healthy-9"))
        put(leaders=("ada",), state="removed")
        until("it is left alone", lambda: not next_trip())
        silence = dragoman(
            place, "subscriptions", "silence", "--for", "1h", "--subscription", "slow"
        ).split(",")[0]
        until("one is silenced", lambda: next_trip("slow", "silenced"))
        dragoman(place, "subscriptions", "unsilence", silence)
        until("it is over", lambda: next_trip("slow"))
        # Its next try would be in ten minutes.
        assert len(ends.received["busy"]) == 1
        assert not ends.alerts("busy")
        dragoman(place, "subscriptions", "retry", "busy")
        until("it is tried at once", lambda: ends.alerts("busy"))
        assert "later" not in dragoman(place, "subscriptions", "list")
        assert "slow" in dragoman(place, "subscriptions", "list")
        assert worker.stop() == 0
