"""Alerts to chat and push services such as Slack, Teams, Telegram and Matrix, through Apprise.

Only services that are listed here: those whose servers are their vendor's own, and those that a
newsroom runs itself at a host that the operator has allowed. An address cannot have us read files,
fetch attachments or templates, ask hosts of its choice, follow redirects, leave TLS unchecked or
count a failure as none: what Apprise lets an address say of that is overruled.

Apprise waits in threads. One that does not come back in time is left behind, and nothing else goes
the same way until it is back. It tells no receipts: delivered is what the service has taken.
Proxies that the environment names are used, since Apprise knows no other way.

<https://github.com/caronc/apprise>
"""

import asyncio
import logging
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from streams.channels import ChannelError, Delivered, NotDelivered, Outcome, Parcel
from streams.channels.messages import as_markdown, markdown_title
from streams.channels.ways import Ways

if TYPE_CHECKING:
    from apprise import AppriseResult, NotifyBase

TOTAL_S = 25.0

VENDORS = frozenset(
    (
        *("dingtalk", "discord", "feishu", "flock", "gchat", "guilded", "lark", "line"),
        *("opsgenie", "pagerduty", "pbul", "pover", "revolt", "signl4", "slack", "tgram"),
        *("threema", "twist", "viber", "webex", "wecombot", "zoom"),
    )
)
"""Services whose addresses name no host: Apprise asks their vendor's, whatever an address says."""
OWN_SERVERS = frozenset(
    (
        *("gotify", "gotifys", "mastodon", "mastodons", "matrix", "matrixs", "mmost", "mmosts"),
        *("nctalk", "nctalks", "ntfy", "ntfys", "rocket", "rockets"),
    )
)
"""Services at the host that the address names, which is to be allowed."""
_HOSTED = {"workflows": (".logic.azure.com", ".api.powerplatform.com")}
"""Services at a host of their vendor's that the address names: Teams, by Power Automate."""

_CONNECT_S, _READ_S = 5.0, 10.0
_PAUSE_S = 1.0
"""Between the pieces of a long message, at most."""
_MOST_FOR_TEAMS = 18_000
"""Characters of a message; Teams takes 28 kB with what is around it, Apprise's own limit is lower
and would make a list of alerts many messages."""
_ANSWERED = re.compile(r"\berror=(\d{3})\b")


class ChatChannel:
    """Messages to one address of a service."""

    def __init__(self, service: "NotifyBase", ways: Ways, *, total_s: float = TOTAL_S) -> None:
        self._service, self._ways, self._total_s = service, ways, total_s
        self._name = str(service.service_name)
        self._is_busy = False

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Delivered when the service has taken it, all pieces of it where it is long."""
        if self._is_busy:
            return NotDelivered(f"{self._name} is still busy with the message before")
        heading = markdown_title(parcel, self._ways)
        body = as_markdown(parcel, self._ways)
        try:
            async with asyncio.timeout(self._total_s):
                result = await self._in_a_thread(lambda: _send(self._service, heading, body))
        except TimeoutError:
            return NotDelivered(f"no answer from {self._name} within {self._total_s:g} s")
        if result:
            return Delivered()
        return NotDelivered(_why(self._name, result))

    async def close(self) -> None:
        """Does nothing: a thread that is left behind ends by itself, or with the process."""

    async def _in_a_thread(self, work: "Callable[[], AppriseResult]") -> "AppriseResult | None":
        """Not in the loop's own threads: it would wait for one that hangs before it ends."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[AppriseResult | None] = loop.create_future()

        def tell(result: "AppriseResult | None") -> None:
            self._is_busy = False
            if not done.done():
                done.set_result(result)

        def run() -> None:
            result = None
            try:
                result = work()
            finally:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(tell, result)

        self._is_busy = True
        threading.Thread(target=run, name="chat", daemon=True).start()
        return await done


def open_chat(target: str, ways: Ways) -> ChatChannel:
    """The channel of an address. Raises `ChannelError` where its host is not allowed."""
    service = service_of(target)
    if service is None:
        raise ChannelError(service_fault(target) or "the target is no address of Apprise")
    host = (service.host or "").lower().rstrip(".")
    if OWN_SERVERS & _schemas(service) and host not in ways.private_hosts:
        raise ChannelError(
            f"{service.service_name} is asked at the host of its address: list it in "
            "DRAGOMAN_PRIVATE_HOSTS"
        )
    return ChatChannel(service, ways)


def service_fault(target: str) -> str | None:
    """Why alerts cannot go to an address, in words that don't hold it; `None` where they can."""
    service = service_of(target)
    if service is None:
        return (
            "the target is no address that Apprise knows: see "
            "https://appriseit.com/services/ for how it is written"
        )
    schemas, name = _schemas(service), service.service_name
    hosted = [ending for schema in schemas for ending in _HOSTED.get(schema, ())]
    if getattr(service, "template", None):
        return f"an address of {name} may name no template: leave it out"
    if schemas & {"mailto", "json", "xml", "form"}:
        return f"{name} is not for alerts: use the channel `email` or `webhook`"
    if hosted and not (service.host or "").lower().endswith(tuple(hosted)):
        return f"{name} is asked at {' or '.join(f'*{each}' for each in hosted)} only: give such"
    if not hosted and not schemas & (VENDORS | OWN_SERVERS):
        known = ", ".join(sorted(VENDORS | OWN_SERVERS | _HOSTED.keys()))
        return f"{name} is not among the services that alerts go to: they are {known}"
    return None


def service_of(target: str) -> "NotifyBase | None":
    """What Apprise makes of an address; `None` where it knows none such.

    Loads Apprise on first use, which takes a second and 25 MB, and quiets its log: it holds
    addresses, and with them keys.
    """
    _be_quiet()
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - only for those who use it
    from apprise.common import OverflowMode, PersistentStoreMode  # noqa: PLC0415

    asset = AppriseAsset(
        app_id="Dragoman",
        app_desc="Alerts of leaders' trips and invitations",
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,
        service_timeout=0,
        allow_templates=False,
        image_path_mask=False,
        image_url_mask="",
        pem_autogen=False,
        pgp_autogen=False,
    )
    service = Apprise.instantiate(target, asset=asset)
    if service is None:
        return None
    service.verify_certificate = True
    service.redirects = False
    service.optional = False
    service.retry = 0
    service.socket_connect_timeout, service.socket_read_timeout = _CONNECT_S, _READ_S
    service.request_rate_per_sec = min(service.request_rate_per_sec, _PAUSE_S)
    service.overflow_mode = OverflowMode.SPLIT
    service.interpret_emojis = False
    service.tags = set()
    if "workflows" in _schemas(service):
        service.body_maxlen = _MOST_FOR_TEAMS
    return service


def _send(service: "NotifyBase", title: str, body: str) -> "AppriseResult":
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415 - see above

    with_one = Apprise(asset=service.asset)
    with_one.add(service)
    return with_one.notify(body=body, title=title, body_format=NotifyFormat.MARKDOWN)


def _why(name: str, result: "AppriseResult | None") -> str:
    """From what Apprise logs, which holds addresses, only what is sure to hold none."""
    if result is None:
        return f"{name} cannot be spoken to: Apprise failed"
    said = [entry.message for service in result for attempt in service for entry in attempt]
    codes = [found[1] for found in map(_ANSWERED.search, said) if found]
    if codes:
        return f"{name} answers {codes[-1]}"
    if any("onnection error" in line for line in said):
        return f"no connection to {name}"
    return f"{name} did not take it"


def _schemas(service: "NotifyBase") -> set[str]:
    """All names that addresses of the service may begin with."""
    given = (service.protocol or (), service.secure_protocol or ())
    schemas: set[str] = set()
    for each in given:
        schemas |= {each} if isinstance(each, str) else set(each)
    return schemas


def _be_quiet() -> None:
    log = logging.getLogger("apprise")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    # It tells the path of every request.
    logging.getLogger("urllib3").setLevel(logging.INFO)
