"""Which channel a subscription gets, and which targets are refused before anything starts."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from parcels import parcel, subscription

from schemas.subscriptions import CHANNEL_KINDS, ChannelKind
from streams.channels import ChannelError, Delivered
from streams.channels.chat import ChatChannel
from streams.channels.log import LogChannel, StreamLogChannel
from streams.channels.mail import MailChannel
from streams.channels.opening import open_channel, target_fault
from streams.channels.ways import MailServer, Ways
from streams.channels.webhook import WebhookChannel

WAYS = Ways(mail=MailServer("127.0.0.1", "alerts@news.example", security="none"))
KEY = "whsec_" + "A" * 32
CASES: dict[ChannelKind, tuple[str, type[Any]]] = {
    "log": ("-", StreamLogChannel),
    "webhook": ("https://hook.example/", WebhookChannel),
    "email": ("desk@news.example", MailChannel),
    "apprise": ("discord://1234567890/abcdefghijkl", ChatChannel),
}


def wanted(channel: str, **given: Any) -> Any:
    secret = ("env:KEY",) if channel == "webhook" else ()
    return subscription(**{"channel": channel, "target": "env:WHERE", "secret": secret, **given})


@pytest.mark.parametrize("kind", CHANNEL_KINDS)
def test_every_kind_of_channel_is_opened_before_anything_is_connected(kind: ChannelKind) -> None:
    target, expected = CASES[kind]
    secrets = (KEY,) if kind == "webhook" else ()

    channel = open_channel(wanted(kind), target, secrets, WAYS)

    assert isinstance(channel, expected)
    asyncio.run(channel.close())


def test_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    channel = open_channel(wanted("log"), "-", (), Ways())

    assert asyncio.run(channel.deliver(parcel(1))) == Delivered()
    assert '"id":"alert:1"' in capsys.readouterr().out
    assert not sys.stdout.closed


def test_a_file_is_written_for_a_subscription_of_the_file_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "alerts.jsonl")

    channel = open_channel(wanted("log", origin="file"), path, (), Ways())
    assert isinstance(channel, LogChannel)
    asyncio.run(channel.close())
    with pytest.raises(ChannelError, match="file that workers start with"):
        open_channel(wanted("log", origin="run_time"), path, (), Ways())


@pytest.mark.parametrize(
    ("given", "target", "why"),
    [
        pytest.param(wanted("log", origin="file"), "", "no path", id="nothing"),
        pytest.param(wanted("log", origin="file"), "https://x/", "no path", id="an_address"),
        pytest.param(
            wanted("log", origin="file"), "/no/such/place/log", "make it first", id="no_directory"
        ),
        pytest.param(wanted("webhook", secret=()), "https://x/", "env:NAME", id="unsigned"),
        pytest.param(
            wanted("email", secret=("env:KEY",)), "a@b.example", "take it out", id="signed_mail"
        ),
        pytest.param(wanted("webhook"), "hook.example", "https://host/path", id="no_scheme"),
        pytest.param(wanted("email"), "the desk", "e-mail address", id="no_address"),
        pytest.param(wanted("apprise"), "the desk", "Apprise knows", id="no_service"),
        pytest.param(wanted("email", target="desk"), None, "e-mail address", id="as_it_stands"),
        pytest.param(wanted("email"), None, None, id="a_reference_that_is_not_looked_into"),
        pytest.param(wanted("email"), "desk@news.example", None, id="sound"),
    ],
)
def test_what_is_wrong_with_a_target_is_told_with_a_remedy(
    given: Any, target: str | None, why: str | None
) -> None:
    fault = target_fault(given, target)

    assert (fault is None) is (why is None)
    assert why is None or why in (fault or "")
