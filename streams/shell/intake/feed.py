"""The way in for feeds: an address that is asked again and again.

When to ask, and what to do with the answer. A version is remembered as known only when the door has
come back with its items, so that a crash between the two asks for it again. A server that fails is
asked less and less often, one that asks for peace gets it, also over a restart. Pauses grow without
chance in them: the same answers give the same pauses.
"""

import hashlib
import json
from datetime import datetime, timedelta

from yarl import URL

from streams.channels.reach import MakeResolver, Reach, plain_host
from streams.core.wire import AUTO, recognise, rss
from streams.shell.intake.door import Door
from streams.shell.intake.fetch import (
    Answer,
    CutShort,
    Failed,
    Fetcher,
    Fresh,
    Gone,
    Limits,
    Unchanged,
    Validators,
    fetcher,
)
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import Source
from streams.shell.secret import SecretError

LONGEST_PAUSE_S = 3_600.0
"""Between two requests while a feed fails, unless its own interval is longer."""
GONE_PAUSE_S = 6 * 3_600.0
LONGEST_WAIT_S = 24 * 3_600.0
"""So long a server is left alone at most when it asks for it."""

_RSS = "rss"
_KNOWN = "feed.known"
_NOT_BEFORE = "feed.not_before"
_PAGE = (b"<!doctype html", b"<html")


def reach_of(source: Source) -> Reach:
    """What a feed's source may ask. An address it lists as a host is meant, public or not."""
    return Reach(plain_host(URL(source.url or "")), frozenset(source.allowed_hosts), source.private)


async def run(
    shift: Shift,
    door: Door,
    ledger: Ledger,
    *,
    limits: Limits | None = None,
    look_up: MakeResolver | None = None,
) -> None:
    """Asks for the feed of a source until it is time to stop.

    Raises what `Door.take` raises; nothing is noted then, and the feed is asked for again.
    """
    reach = reach_of(shift.source)
    async with fetcher(reach, limits or Limits(), shift.now, look_up) as fetching:
        polling = Polling(shift, door, ledger, fetching)
        pause_s = polling.left_to_wait_s()
        while await shift.pause(pause_s):
            pause_s = await polling.poll()


class Polling:
    """What is known of one feed between two requests."""

    def __init__(self, shift: Shift, door: Door, ledger: Ledger, fetching: Fetcher) -> None:
        self._shift = shift
        self._source = shift.source
        self._door = door
        self._ledger = ledger
        self._fetching = fetching
        self._failures = 0

    def left_to_wait_s(self) -> float:
        """Seconds until the feed may be asked again, as its server said before this start."""
        said = self._recall(_NOT_BEFORE).get("until")
        try:
            left_s = (datetime.fromisoformat(said or "") - self._shift.now()).total_seconds()
        except (ValueError, TypeError):
            return 0.0
        if left_s <= 0:
            return 0.0
        self._shift.failing(f"left alone until {said}, as its server asked")
        return min(left_s, LONGEST_WAIT_S)

    async def poll(self) -> float:
        """Asks once, and brings to the door what there is. Gives back seconds to the next time."""
        try:
            secret = self._source.credentials
            credentials = secret.reveal().strip() if secret else None
        except SecretError as error:
            return self._failed(Failed(f"credentials: {error}"))
        url = self._source.url or ""
        return await self._handle(await self._fetching.fetch(url, self._known(), credentials))

    async def _handle(self, answer: Answer) -> float:
        if isinstance(answer, Fresh):
            return await self._fresh(answer)
        if isinstance(answer, Unchanged):
            return self._well()
        if isinstance(answer, Gone):
            self._shift.failing("gone for good (410): ask the agency, or take the source out")
            return self._wait(max(GONE_PAUSE_S, self._source.every_s))
        if isinstance(answer, CutShort):
            await self._save_whole(answer.body)
            return self._failed(Failed(answer.problem))
        return self._failed(answer)

    async def _fresh(self, answer: Fresh) -> float:
        if _is_page_instead(answer.body, self._source.format):
            return self._failed(Failed("answers with a page in HTML, which is no feed"))
        taken = await self._door.take(self._source, answer.body)
        # Only now: what was not confirmed has to come again.
        known = answer.validators
        self._remember(_KNOWN, {"etag": known.etag, "last_modified": known.last_modified})
        if not taken.refused:
            return self._well()
        self._failures = 0
        self._shift.failing(f"{len(taken.refused)} not taken: {taken.refused[0].detail}")
        return self._source.every_s

    async def _save_whole(self, body: bytes) -> None:
        """What stands whole in a feed that was cut short may be gone from it the next time."""
        form = self._source.format
        if form == _RSS or (form == AUTO and recognise(body) == _RSS):
            for document in rss.complete(body):
                await self._door.take(self._source, document, format=_RSS)

    def _well(self) -> float:
        self._failures = 0
        self._shift.well()
        if self._recall(_NOT_BEFORE):
            self._ledger.remember(self._source.name, _NOT_BEFORE, None)
        return self._source.every_s

    def _failed(self, answer: Failed) -> float:
        self._shift.failing(answer.problem)
        every_s, self._failures = self._source.every_s, self._failures + 1
        # Beyond so many doublings even a second is longer than the longest pause.
        grown_s = every_s * 2.0 ** min(self._failures - 1, 12)
        pause_s = min(grown_s, max(LONGEST_PAUSE_S, every_s))
        if not answer.wait_s:
            return pause_s
        return self._wait(max(pause_s, min(answer.wait_s, LONGEST_WAIT_S)))

    def _wait(self, seconds: float) -> float:
        """Remembers to leave the server alone."""
        until = self._shift.now() + timedelta(seconds=seconds)
        self._remember(_NOT_BEFORE, {"until": until.isoformat(timespec="seconds")})
        return seconds

    def _known(self) -> Validators:
        facts = self._recall(_KNOWN)
        return Validators(facts.get("etag"), facts.get("last_modified"))

    def _recall(self, key: str) -> dict[str, str | None]:
        """What was remembered of the feed as it is set up now."""
        try:
            facts = json.loads(self._ledger.recall(self._source.name, key) or "{}")
        except ValueError:
            return {}
        return facts if facts.get("of") == self._of() else {}

    def _remember(self, key: str, facts: dict[str, str | None]) -> None:
        value = json.dumps({"of": self._of(), **facts}) if any(facts.values()) else None
        self._ledger.remember(self._source.name, key, value)

    def _of(self) -> str:
        """What it is all true of: another address or format has to be asked anew."""
        said = f"{self._source.url}\n{self._source.format}"
        return hashlib.sha256(said.encode()).hexdigest()


def _is_page_instead(body: bytes, format_name: str) -> bool:
    """Whether it is the page of a fault or of a login, which says so with a status of success.

    An address that gives pages with a story each has `html` for its format.
    """
    begins = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return format_name in (_RSS, AUTO) and begins.startswith(_PAGE)
