"""The sources file: which wires come in, by which way, and how far they are trusted.

What a source is stands here; how its entry is checked, in `streams.shell.intake.entries`. All that
is wrong with the file is told at once, each with file, line and remedy, and never with a secret.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args
from urllib.parse import urlsplit

from schemas.stories import Trust
from streams.core.wire import AUTO
from streams.knowledge.faults import Fault
from streams.shell.secret import Secret
from streams.shell.settings import Settings

Way = Literal["watch", "feed", "push", "topic", "files"]
After = Literal["keep", "move", "delete"]
WAY_NAMES: tuple[Way, ...] = get_args(Way)
AFTERS: tuple[After, ...] = get_args(After)
DONE = "done"
"""Directory, in a watched one, that files are moved to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One way in, as set up. Times are in seconds. No secret is in its representation."""

    name: str
    """A slug; becomes the feed of its items, and a label of metrics."""
    way: Way
    format: str = AUTO
    """A name in `FORMATS`, or `auto`."""
    outlet: str | None = None
    """Outlet or agency behind it, for items that name none."""
    language: str | None = None
    """ISO 639-1; for items that declare none."""
    trust: Trust = "full"
    silence_s: float | None = None
    """After so long without an item it counts as silent."""

    directory: Path | None = None
    """watch: the directory, with all below it."""
    settle_s: float = 2.0
    """watch: a file is taken when it has stayed the same for so long."""
    after: After = "keep"
    """watch: what is done with a file when the brokers have its items."""

    url: str | None = field(default=None, repr=False)
    """feed: the address, which may hold a key: show `address` instead."""
    every_s: float = 60.0
    """feed: least time between two requests."""
    allowed_hosts: tuple[str, ...] = ()
    """feed: hosts beside the URL's own that may be asked, on redirects and for full texts."""
    private: bool = False
    """feed: addresses of the own network may be asked too."""
    credentials: Secret | None = None
    """feed: for the header Authorization: `user:password`, or a whole value such as `Bearer …`."""

    keys: tuple[Secret, ...] = ()
    """push: any of them lets a client in; several while they are changed over."""

    topic: str | None = None
    """topic: its name, on `brokers`."""
    brokers: Settings | None = field(default=None, repr=False)
    """topic: settings to reach the brokers; `None` for our own."""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """topic: what we ask (`HEADERS`), and the name of their header that says it."""
    envelope: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """topic: where their values are JSON around the item: the keys are those of `ENVELOPE`."""

    @property
    def address(self) -> str | None:
        """The URL as it may be shown: without user, query and fragment."""
        if self.url is None:
            return None
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


HEADERS = ("format", "received_at", "source", "language")
"""What may be taken from the headers of a topic of others."""
ITEM = "item"
ENCODING = "encoding"
ENCODINGS = ("plain", "base64")
ENVELOPE = (ITEM, ENCODING, *HEADERS)
"""What is said of an envelope: fields by name, or by names with dots where one lies in another;
and how the item is written in its field, one of `ENCODINGS`, by default `plain`."""


class SourcesError(Exception):
    """The sources file cannot be used; `faults` has all that is wrong, by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))
