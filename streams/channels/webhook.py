"""Alerts to programs over HTTP, signed as Standard Webhooks has it.

One request for a parcel: a CloudEvent in structured JSON for one alert, a batch of them for
several. So a parcel arrives whole or not at all, and no memory is needed of what of it got through;
`webhook-id` is its id, the same on every try, and each event has its own. Who takes part in a
receiver's answer by status alone: its body is not read.

Redirects are not followed: a signed message goes to the address that was agreed on, and nowhere
else. Proxies of the environment are not used, and a connection goes to the address that was
checked, whatever the name stands for a moment later.

<https://www.standardwebhooks.com>, CloudEvents 1.0 HTTP protocol binding and JSON format.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import aiohttp
from standardwebhooks import Webhook
from yarl import URL

from schemas.codec import encode
from streams.channels import ChannelError, Delivered, Gone, NotDelivered, Outcome, Parcel
from streams.channels.http_answers import retry_after, what_failed
from streams.channels.reach import MakeResolver, Reach, checked, plain_host

TOTAL_S = 15.0
"""Of one request, from looking up the name to the head of the answer."""
EVENT = "application/cloudevents+json; charset=utf-8"
BATCH = "application/cloudevents-batch+json; charset=utf-8"
PREFIX = "whsec_"

_LEAST_SECRET, _MOST_SECRET = 24, 64
"""Bytes of a secret, as the standard has them."""
_PLEASE_WAIT = (429, 503)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a test has its own of."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    look_up: MakeResolver | None = None
    total_s: float = TOTAL_S


class WebhookChannel:
    """Signed requests to one address. The first delivery opens what it needs.

    Raises `ChannelError` for an address or a secret that cannot be used. `secrets`: all that are in
    force, while one takes the other's place.
    """

    def __init__(
        self,
        target: str,
        secrets: Sequence[str],
        private_hosts: frozenset[str] = frozenset(),
        circumstances: Circumstances | None = None,
    ) -> None:
        fault = address_fault(target)
        if fault is not None:
            raise ChannelError(fault)
        self._url = URL(target)
        self._reach = _reach(self._url, private_hosts)
        if not secrets:
            raise ChannelError("a webhook is signed: name at least one secret, such as env:NAME")
        for fault in filter(None, map(secret_fault, secrets)):
            raise ChannelError(fault)
        self._signers = [Webhook(secret) for secret in secrets]
        self._around = circumstances or Circumstances()
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Brought when the receiver answers 2xx; gone when it answers 410."""
        media_type, body = content(parcel)
        headers = {"Content-Type": media_type, **self._signed(parcel.id, body)}
        try:
            async with self._opened().post(
                self._url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return self._answer(response.status, response.headers.get("Retry-After"))
        except TimeoutError:
            return NotDelivered(f"no answer within {self._around.total_s:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return NotDelivered(what_failed(error))

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _signed(self, message: str, body: str) -> dict[str, str]:
        now = self._around.now()
        return {
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(each.sign(message, now, body) for each in self._signers),
        }

    def _answer(self, status: int, wait: str | None) -> Outcome:
        if 200 <= status < 300:
            return Delivered()
        if status == 410:
            return Gone("answers 410: it will take nothing any more")
        if 300 <= status < 400:
            return NotDelivered(f"answers {status}: redirects are not followed")
        wait_s = retry_after(wait, self._around.now()) if status in _PLEASE_WAIT else 0.0
        return NotDelivered(f"answers {status}", wait_s or None)

    def _opened(self) -> aiohttp.ClientSession:
        """Made in the running loop. Each request has a connection of its own: what stands behind
        the name is looked up and checked anew."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=checked(self._reach, self._around.look_up),
                    use_dns_cache=False,
                    force_close=True,
                ),
                timeout=aiohttp.ClientTimeout(total=self._around.total_s),
                headers={"User-Agent": f"Dragoman/{version('dragoman')}"},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


def content(parcel: Parcel) -> tuple[str, str]:
    """Media type and body of a parcel."""
    events = [encode(item.event).decode() for item in parcel.items]
    return (EVENT, events[0]) if len(events) == 1 else (BATCH, f"[{','.join(events)}]")


def secret_fault(secret: str) -> str | None:
    """Why a secret will not do, in words that don't hold it; `None` where it will.

    It is base64 of 24 to 64 bytes, with or without `whsec_` before it. The library takes anything
    for base64 and skips what is none, so that a mistyped secret would sign with something else.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if _LEAST_SECRET <= len(key) <= _MOST_SECRET:
        return None
    return (
        f"a secret of a webhook is {PREFIX} and base64 of {_LEAST_SECRET} to {_MOST_SECRET} "
        "random bytes: `echo whsec_$(openssl rand -base64 32)` makes one"
    )


def address_fault(target: str) -> str | None:
    """Why a webhook cannot have this address, in words that don't hold it; `None` where it can."""
    try:
        url = URL(target)
        port = url.port
    except ValueError:
        return "the target is no address of the web: write it as https://host/path"
    if url.scheme not in ("http", "https") or not url.raw_host or not port:
        return "the target is no address of the web: write it as https://host/path"
    if url.raw_user is not None or url.raw_password is not None:
        return "the target holds a user or a password: the signature proves who we are"
    if url.raw_fragment:
        return "the target has a fragment, which no server is sent: leave out # and what follows"
    return None


def _reach(url: URL, private_hosts: frozenset[str]) -> Reach:
    """Raises `ChannelError` for what may not be asked, as far as the address tells."""
    host = plain_host(url)
    listed = host in private_hosts
    remedy = f"list {host[:100]} in DRAGOMAN_PRIVATE_HOSTS"
    reach = Reach(host, private=listed, if_meant=remedy)
    if url.scheme == "http" and not listed:
        raise ChannelError(f"alerts would go in the clear: use https, or {remedy}")
    fault = reach.fault_of_host(url)
    if fault is not None:
        raise ChannelError(fault)
    return reach
