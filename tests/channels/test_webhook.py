"""The webhook channel against a server that answers well, badly, late and not at all."""

import asyncio
import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web
from alert_events import event
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cloudevents.core.formats.json import JSONFormat
from http_receiver import Handler, Receiver, answering
from invented_names import Names
from parcels import parcel, subscription
from standardwebhooks import Webhook, WebhookVerificationError

from schemas.codec import encode
from streams.channels import Channel, ChannelError, Delivered, Gone, NotDelivered, Outcome
from streams.channels.opening import open_channel
from streams.channels.ways import Ways
from streams.channels.webhook import Circumstances, WebhookChannel
from tests.channels.channel_contract import ChannelContract, End

OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 64).decode()
LOOPBACK = frozenset({"127.0.0.1"})
NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class Hook(Receiver):
    """A program that takes webhooks."""

    @property
    def url(self) -> str:
        return f"{self.root}/hook?key=secret-key"

    def open(self) -> Channel:
        return WebhookChannel(self.url, [NEW], LOOPBACK)

    def sentences(self) -> list[str]:
        found = []
        for headers, body in self.asked:
            Webhook(NEW).verify(body, headers)
            said = json.loads(body)
            for each in said if isinstance(said, list) else [said]:
                found.append(each["data"]["evidence"][0]["text"])
        return found


class TestWebhook(ChannelContract):
    @pytest.fixture
    def end(self) -> End:
        return Hook()


def bring(receiver: Hook, *numbers: int, secrets: Sequence[str] = (NEW,), **around: Any) -> Outcome:
    async def scenario() -> Outcome:
        async with receiver.running():
            given = Circumstances(**{"total_s": 5.0, **around})
            channel = WebhookChannel(receiver.url, secrets, LOOPBACK, given)
            outcome = await channel.deliver(parcel(*(numbers or (1,))))
            await channel.close()
            return outcome

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        pytest.param(answering(200), Delivered(), id="200"),
        pytest.param(answering(204), Delivered(), id="204"),
        pytest.param(
            answering(301, Location="http://127.0.0.1/"),
            NotDelivered("answers 301: redirects are not followed"),
            id="redirect",
        ),
        pytest.param(answering(400), NotDelivered("answers 400"), id="400"),
        pytest.param(answering(410), Gone("answers 410: it will take nothing any more"), id="gone"),
        pytest.param(
            answering(429, **{"Retry-After": "7"}), NotDelivered("answers 429", 7.0), id="seconds"
        ),
        pytest.param(
            answering(503, **{"Retry-After": format_datetime(NOW + timedelta(minutes=2))}),
            NotDelivered("answers 503", 120.0),
            id="date",
        ),
        pytest.param(
            answering(503, **{"Retry-After": format_datetime(NOW - timedelta(minutes=2))}),
            NotDelivered("answers 503"),
            id="date_gone_by",
        ),
        pytest.param(
            answering(429, **{"Retry-After": "soon"}), NotDelivered("answers 429"), id="no_time"
        ),
        pytest.param(answering(500, **{"Retry-After": "7"}), NotDelivered("answers 500"), id="500"),
    ],
)
def test_the_status_decides(handler: Handler, expected: Outcome) -> None:
    receiver = Hook(handler)

    assert bring(receiver, now=lambda: NOW) == expected
    assert len(receiver.asked) == 1


async def trickle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(status=200)
    await response.prepare(request)
    for _ in range(1000):
        await response.write(b"." * 65536)
        await asyncio.sleep(0.05)
    return response


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def close(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def no_http(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"220 mail.example ESMTP\r\n\r\n")  # type: ignore[attr-defined]
    request.transport.close()
    return web.Response()


def test_an_answer_is_its_head_and_a_body_without_end_is_not_read() -> None:
    assert bring(Hook(trickle)) == Delivered()


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        pytest.param(hang, "no answer within 0.2 s", id="hangs"),
        pytest.param(close, "the connection broke off before the answer", id="closes"),
        pytest.param(no_http, "an answer that is no HTTP", id="no_http"),
    ],
)
def test_no_answer_is_no_delivery(handler: Handler, reason: str) -> None:
    assert bring(Hook(handler), total_s=0.2) == NotDelivered(reason)


def test_where_nobody_listens_nothing_is_delivered_and_no_key_is_told() -> None:
    async def scenario() -> Outcome:
        channel = Hook().open()
        outcome = await channel.deliver(parcel(1))
        await channel.close()
        return outcome

    outcome = asyncio.run(scenario())
    assert isinstance(outcome, NotDelivered)
    assert "127.0.0.1" in outcome.reason
    assert "secret-key" not in outcome.reason


def test_one_alert_is_a_cloudevent_that_other_programs_read() -> None:
    receiver = Hook()
    bring(receiver, 1)

    ((headers, body),) = receiver.asked
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert body == encode(event(1))
    read = from_http_event(HTTPMessage(headers=headers, body=body), JSONFormat())
    assert (read.get_id(), read.get_type()) == ("alert:1", "org.dragoman.trip.new")
    assert read.get_data()["leader"]["name"] == "Ada"


def test_several_alerts_are_a_batch_each_with_its_id() -> None:
    receiver = Hook()
    bring(receiver, 3, 1, 2)

    ((headers, body),) = receiver.asked
    assert headers["content-type"].startswith("application/cloudevents-batch+json")
    assert [each["id"] for each in json.loads(body)] == ["alert:3", "alert:1", "alert:2"]
    assert headers["webhook-id"] == parcel(3, 1, 2).id


def test_while_secrets_change_a_receiver_with_either_is_content() -> None:
    receiver = Hook()
    bring(receiver, 1, secrets=(OLD, NEW))

    ((headers, body),) = receiver.asked
    for secret in (OLD, NEW):
        Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(base64.b64encode(b"x" * 32).decode()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body.replace(b"Ada", b"Eve"), headers)


def test_each_try_has_the_same_id_and_body() -> None:
    receiver = Hook(answering(500))
    bring(receiver, 1, 2)
    bring(receiver, 1, 2)

    (first, body), (second, again) = receiver.asked
    assert (first["webhook-id"], body) == (second["webhook-id"], again)


def to_a_name(
    receiver: Hook, private: frozenset[str], names: Names, deliveries: int = 1
) -> Outcome:
    """What comes of the last delivery."""

    async def scenario() -> Outcome:
        async with receiver.running():
            channel = WebhookChannel(
                f"https://hook.example:{receiver.port}/",
                [NEW],
                private,
                Circumstances(look_up=lambda: names, total_s=0.5),
            )
            for _ in range(deliveries):
                outcome = await channel.deliver(parcel(1))
            await channel.close()
            return outcome

    return asyncio.run(scenario())


REFUSED = NotDelivered(
    "hook.example is no public address: list hook.example in DRAGOMAN_PRIVATE_HOSTS if it is meant"
)


def test_a_name_that_leads_into_our_network_is_not_asked() -> None:
    receiver = Hook()

    assert to_a_name(receiver, frozenset(), Names(["127.0.0.1"])) == REFUSED
    assert receiver.asked == []


def test_each_delivery_looks_the_name_up_anew() -> None:
    names = Names(["10.0.0.1"])

    assert to_a_name(Hook(), frozenset(), names, deliveries=2) == REFUSED
    assert names.asked == ["hook.example", "hook.example"]


def test_a_listed_name_may_lead_anywhere() -> None:
    outcome = to_a_name(Hook(), frozenset({"hook.example"}), Names(["127.0.0.1"]))

    # It got as far as to speak TLS to a server that has none.
    assert outcome == NotDelivered("its certificate is not valid")


@pytest.mark.parametrize(
    ("target", "remedy"),
    [
        pytest.param("http://hook.example/", "use https", id="in_the_clear"),
        pytest.param("https://10.1.2.3/", "10.1.2.3 in DRAGOMAN_PRIVATE_HOSTS", id="private"),
        pytest.param("https://[::1]/", "DRAGOMAN_PRIVATE_HOSTS", id="loopback_6"),
        pytest.param("https://127.1/", "DRAGOMAN_PRIVATE_HOSTS", id="loopback_in_short"),
        pytest.param("https://2130706433/", "DRAGOMAN_PRIVATE_HOSTS", id="loopback_as_a_number"),
        pytest.param("https://u:top-secret@hook.example/", "signature", id="password"),
        pytest.param("https://hook.example/#top-secret", "fragment", id="fragment"),
        pytest.param("ftp://hook.example/top-secret", "https://host/path", id="ftp"),
        pytest.param("https:///top-secret", "https://host/path", id="no_host"),
        pytest.param("https://h:99999/top-secret", "https://host/path", id="no_port"),
        pytest.param("hook.example/top-secret", "https://host/path", id="no_scheme"),
    ],
)
def test_an_address_that_will_not_do_is_told_without_its_secret(target: str, remedy: str) -> None:
    with pytest.raises(ChannelError, match=remedy) as told:
        open_channel(
            subscription(channel="webhook", target="env:HOOK", secret=("env:KEY",)),
            target,
            [NEW],
            Ways(),
        )
    assert "top-secret" not in str(told.value)
    assert "subscription desk" in str(told.value)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_c2hvcnQ=",
        "whsec_" + "n" * 16 + "!?" + "n" * 16,
        "whsec_" + "A" * 100,
        "schlüssel",
    ],
    ids=["empty", "prefix_alone", "short", "no_base64_that_a_library_may_take", "long", "no_ascii"],
)
def test_a_secret_that_will_not_do_is_told_and_not_shown(secret: str) -> None:
    with pytest.raises(ChannelError, match="openssl rand") as told:
        WebhookChannel("https://hook.example/", [secret])
    assert len(secret) < 7 or secret not in str(told.value)


def test_a_webhook_without_any_secret_is_refused() -> None:
    with pytest.raises(ChannelError, match="env:NAME"):
        WebhookChannel("https://hook.example/", [])
