"""Chat services through Apprise, against a server of our own."""

import asyncio
import io
import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from alert_events import event
from http_receiver import Handler, Receiver, answering
from parcels import parcel, subscription

from schemas.alerts import AlertEvent
from streams.channels import Channel, ChannelError, Delivered, NotDelivered, Outcome
from streams.channels.chat import ChatChannel, open_chat, service_fault, service_of
from streams.channels.opening import open_channel
from streams.channels.ways import Ways
from tests.channels.channel_contract import ChannelContract, End

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TEAMS = "643e69f83c8944438d68119179a10a64/KODuebWbDGYFr0z0eu"
TOKEN = "3ccdd113474722377935511fc85d3dd4"
WAYS = Ways(private_hosts=frozenset({"127.0.0.1"}))


class Mattermost(Receiver):
    """A chat server that a newsroom runs itself."""

    def open(self) -> Channel:
        return open_chat(f"mmost://127.0.0.1:{self.port}/{TOKEN}", WAYS)

    def texts(self) -> list[str]:
        return [json.loads(body)["text"] for _, body in self.asked]

    def sentences(self) -> list[str]:
        # A long message comes in pieces, parted at white space.
        return re.findall("“(.*?) ?”(?: |$)", " ".join(" ".join(self.texts()).split()))


class TestChat(ChannelContract):
    is_verbatim = False

    @pytest.fixture
    def end(self) -> End:
        return Mattermost(answering(200))

    def test_text_in_any_script_comes_out_unchanged(self, end: End) -> None:
        """But for signs that could be markup, which get ones that look like them."""
        text = "Ọ̀jọ́ ní Ábújá – „Reise“ 東京 🕊 <b>& سفر"

        async def scenario() -> None:
            async with end.running():
                assert await end.open().deliver(parcel(event(1, text=text))) == Delivered()

        asyncio.run(scenario())
        assert end.sentences() == [text.replace("<b>", "‹b›")]


def test_what_is_too_long_for_one_message_comes_in_several() -> None:
    server = Mattermost(answering(200))

    async def scenario() -> Outcome:
        async with server.running():
            return await server.open().deliver(parcel(*range(60)))

    assert asyncio.run(scenario()) == Delivered()
    assert len(server.texts()) > 1
    assert max(map(len, server.texts())) <= 4000


def bring(handler: Handler, total_s: float = 5.0) -> Outcome:
    server = Mattermost(handler)

    async def scenario() -> Outcome:
        async with server.running():
            service = service_of(f"mmost://127.0.0.1:{server.port}/{TOKEN}?optional=yes&retry=3")
            assert service is not None
            return await ChatChannel(service, WAYS, total_s=total_s).deliver(parcel(1))

    outcome = asyncio.run(scenario())
    assert len(server.asked) == 1
    return outcome


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged at all, as the service would write it."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        pytest.param(answering(404), NotDelivered("Mattermost answers 404"), id="unknown"),
        pytest.param(answering(500), NotDelivered("Mattermost answers 500"), id="broken"),
        pytest.param(
            answering(302, Location="http://127.0.0.1:1/"),
            NotDelivered("Mattermost answers 302"),
            id="redirect",
        ),
    ],
)
def test_what_a_service_does_not_take_is_told_once_and_without_its_address(
    handler: Handler, expected: Outcome, log: io.StringIO
) -> None:
    assert bring(handler) == expected
    assert TOKEN not in log.getvalue()


def test_where_nobody_listens_nothing_is_delivered() -> None:
    async def scenario() -> Outcome:
        return await Mattermost().open().deliver(parcel(1))

    assert asyncio.run(scenario()) == NotDelivered("no connection to Mattermost")


def test_a_service_that_hangs_is_left_behind_and_gets_nothing_more_till_it_is_back() -> None:
    let_go = asyncio.Event

    async def scenario() -> list[Outcome]:
        release = let_go()

        async def hang(_: web.Request) -> web.Response:
            await release.wait()
            return web.Response()

        server = Mattermost(hang)
        async with server.running():
            service = service_of(f"mmost://127.0.0.1:{server.port}/{TOKEN}")
            assert service is not None
            channel = ChatChannel(service, WAYS, total_s=0.3)
            outcomes = [await channel.deliver(parcel(1)), await channel.deliver(parcel(2))]
            release.set()
            await asyncio.to_thread(_all_back)
            outcomes.append(await channel.deliver(parcel(3)))
            return outcomes

    assert asyncio.run(scenario()) == [
        NotDelivered("no answer from Mattermost within 0.3 s"),
        NotDelivered("Mattermost is still busy with the message before"),
        Delivered(),
    ]


def _all_back() -> None:
    for thread in threading.enumerate():
        if thread.name == "chat":
            thread.join(10)


@pytest.mark.parametrize(
    "target",
    [
        SLACK,
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "tgram://123456789:abcdefg_hijklmnop/12315544",
        "discord://1234567890/abcdefghijkl",
        f"workflows://prod-1.westeurope.logic.azure.com:443/{TEAMS}",
        "gchat://workspace/key/token",
    ],
    ids=["slack", "slack_as_slack_gives_it", "telegram", "discord", "teams", "google_chat"],
)
def test_the_services_newsrooms_use_can_be_opened(target: str) -> None:
    wanted = subscription(channel="apprise", target="env:CHAT")

    asyncio.run(open_channel(wanted, target, (), Ways()).close())


@pytest.mark.parametrize(
    ("target", "why"),
    [
        pytest.param("json://10.0.0.1/top-secret", "`webhook`", id="any_host_by_json"),
        pytest.param("xmls://10.0.0.1/top-secret", "`webhook`", id="any_host_by_xml"),
        pytest.param("form://10.0.0.1/top-secret", "`webhook`", id="any_host_by_form"),
        pytest.param("mailto://u:top-secret@news.example", "`email`", id="mail"),
        pytest.param("apprise://10.0.0.1/top-secret", "not among", id="apprise_itself"),
        pytest.param("syslog://", "not among", id="this_machine"),
        pytest.param(f"zulip://b@evil.example/{'a' * 32}", "not among", id="host_in_disguise"),
        pytest.param(f"workflows://evil.example/{TEAMS}", "logic.azure.com", id="teams_elsewhere"),
        pytest.param(
            f"workflows://evil.example/{TEAMS}?a=.logic.azure.com", "asked at", id="teams_as_if"
        ),
        pytest.param(f"{SLACK}?template=/etc/passwd", "template", id="a_file_of_ours"),
        pytest.param(
            "tgram://123456789:abcdefg_hijklmnop/1?template=http://10.0.0.1/",
            "template",
            id="a_page_of_ours",
        ),
        pytest.param("mmost://10.0.0.1/" + TOKEN, "DRAGOMAN_PRIVATE_HOSTS", id="own_network"),
        pytest.param("mmosts://chat.example/" + TOKEN, "DRAGOMAN_PRIVATE_HOSTS", id="own_server"),
        pytest.param("nonsense", "Apprise knows", id="nonsense"),
        pytest.param("slack://top-secret", "Apprise knows", id="not_whole"),
        pytest.param("", "Apprise knows", id="nothing"),
    ],
)
def test_what_alerts_do_not_go_to_is_told_without_the_address(target: str, why: str) -> None:
    wanted = subscription(channel="apprise", target="env:CHAT")
    with pytest.raises(ChannelError, match=re.escape(why)) as told:
        open_channel(wanted, target, (), Ways())
    for secret in ("top-secret", TOKEN, "TIiajkdnlazk", "passwd"):
        assert secret not in str(told.value)


def test_an_address_cannot_loosen_what_holds_for_all() -> None:
    service = service_of(f"{SLACK}?optional=yes&verify=no&redirect=yes&rto=900&cto=900&retry=9")

    assert service is not None
    assert service_fault(SLACK) is None
    assert (service.optional, service.retry) == (False, 0)
    assert (service.verify_certificate, service.redirects) == (True, False)
    assert service.request_timeout == (5.0, 10.0)


def told(name: str, text: str, owner: str = "the desk") -> AlertEvent:
    alert = event(1, text=text)
    leader = alert.data.leader.model_copy(update={"name": name})
    return alert.model_copy(update={"data": alert.data.model_copy(update={"leader": leader})})


def by_slack(service: Any, server: Receiver) -> None:
    service.webhook_url = server.root


def by_its_address(service: Any, server: Receiver) -> None:
    service.notify_url = f"{server.root}/bot"


@pytest.mark.parametrize(
    "attack",
    [
        "<!channel>",
        "&lt;!channel&gt;",
        "<!here|here>",
        "<@U6TTX1F9R>",
        "<https://evil.example|your bank>",
        "[your bank](https://evil.example)",
        "https://evil.example",
        "@everyone",
        "@here",
        "<@&123>",
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "![x](https://evil.example/x.png)",
        "*bold* _low_ `code` ~~struck~~",
        "\n# heading",
        "\\<!channel\\>",
        "\\[bank\\](https://evil.example)",
        "سفر <!channel> 東京",
        "＜!channel＞ @channel",
    ],
)
@pytest.mark.parametrize(
    ("target", "led_to", "markup"),
    [
        pytest.param(SLACK, by_slack, r"<[^|>]*[|>]|(?<![\\w])\*\w|@\w", id="slack"),
        pytest.param(
            "tgram://123456789:abcdefg_hijklmnop/12315544?detect=no",
            by_its_address,
            r"<(?!/?(p|b|strong|i|em|a|br)\b)|href=\W*https?://(?!dragoman)|@\w|<i>|<em>|<code>",
            id="telegram",
        ),
        pytest.param(
            "discord://1234567890/abcdefghijkl",
            by_its_address,
            r"(?<!\\)\]\((?!https://dragoman)|@\w|<|\w://evil|(?<![\\*])\*\w|(?<!\\)`",
            id="discord",
        ),
    ],
)
def test_no_text_of_a_story_is_markup_or_calls_anybody(
    attack: str, target: str, led_to: Callable[[Any, Receiver], None], markup: str
) -> None:
    server = Receiver(answering(200, text="ok"))
    ways = replace(WAYS, pages="https://dragoman.example")

    async def scenario() -> Outcome:
        async with server.running():
            service = service_of(target)
            led_to(service, server)
            assert service is not None
            sent = told(f"Ada {attack}", f"She goes. {attack}")
            return await ChatChannel(service, ways).deliver(parcel(sent))

    assert asyncio.run(scenario()) == Delivered()
    words = "\n".join(_words(json.loads(body)) for _, body in server.asked)
    assert "She goes." in words
    ours = words.replace("<https://dragoman.example/leaders/ada|", "")
    assert re.search(markup, ours) is None, ours


def _words(value: Any) -> str:
    """All that people are shown of a payload."""
    if isinstance(value, dict):
        shown = ("text", "content", "title", "description", "attachments", "embeds", "blocks")
        return "\n".join(_words(each) for key, each in value.items() if key in shown)
    if isinstance(value, list):
        return "\n".join(map(_words, value))
    return value if isinstance(value, str) else ""
