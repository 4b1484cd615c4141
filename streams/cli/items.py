"""Wire items from files, directories and standard input, one after the other.

A file may hold many. What cannot be read is a `Problem` among the items, so that the others go on.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.stories import Story
from schemas.topics import MAX_RAW_BYTES
from streams.core.wire import Arrival, Refusal, parse, split

STANDARD_INPUT = "-"
FEED = "files"
"""Name of the way in for items that a command reads itself."""

_FILE_LIMIT = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """The bytes of one item, and where they were."""

    where: str
    data: bytes
    modified_at: datetime
    """Of its file; of standard input, when it was read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was given and is no item, or no story. `reason` is for people."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A story, and where it was."""

    where: str
    story: Story


def files_in(paths: Iterable[str]) -> list[str]:
    """The files that are meant, directories walked through in order of names.

    Hidden files in directories are left out. A path that does not exist stays, and is a problem
    when it is read.
    """
    found: list[str] = []
    for path in paths:
        if path != STANDARD_INPUT and Path(path).is_dir():
            inside = sorted(Path(path).rglob("*"), key=lambda file: file.parts)
            found += [
                str(file)
                for file in inside
                if file.is_file() and not _is_hidden(file.relative_to(path))
            ]
        else:
            found.append(path)
    return found


def read_items(file: str, format_name: str) -> Iterator[Item | Problem]:
    """The items of one file, each of a size that the raw topic takes."""
    loaded = _load(file)
    if isinstance(loaded, Problem):
        yield loaded
        return
    data, modified_at = loaded
    items = split(data, format_name)
    for number, item in enumerate(items, start=1):
        where = loaded_name(file) + (f", item {number}" if len(items) > 1 else "")
        if len(item) > MAX_RAW_BYTES:
            yield Problem(
                where, f"too large: {len(item):,} bytes; an item has {MAX_RAW_BYTES:,} at most"
            )
        else:
            yield Item(where, item, modified_at)


def read_stories(
    paths: Iterable[str],
    format_name: str,
    *,
    source: str | None = None,
    received_at: datetime | None = None,
) -> Iterator[Found | Problem]:
    """The stories of files, as if each had arrived when it was published.

    A story without a time of its own arrives at `received_at`, by default when its file was last
    changed: the same files give the same stories.
    """
    for file in files_in(paths):
        for item in read_items(file, format_name):
            if isinstance(item, Problem):
                yield item
                continue
            arrival = Arrival(
                feed=FEED,
                format=format_name,
                received_at=received_at or item.modified_at,
                source=source,
            )
            parsed = parse(item.data, arrival)
            if isinstance(parsed, Refusal):
                yield Problem(item.where, f"{parsed.reason}: {parsed.detail}")
            else:
                yield Found(item.where, _arrived_when_published(parsed))


def loaded_name(file: str) -> str:
    """A file as people are told of it."""
    return "standard input" if file == STANDARD_INPUT else file


def _arrived_when_published(story: Story) -> Story:
    if story.published_at is None:
        return story
    return story.model_copy(update={"received_at": story.published_at})


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _load(file: str) -> tuple[bytes, datetime] | Problem:
    if file == STANDARD_INPUT:
        return sys.stdin.buffer.read(), datetime.now(UTC)
    try:
        status = Path(file).stat()
        if status.st_size > _FILE_LIMIT:
            return Problem(file, f"too large: {status.st_size:,} bytes; {_FILE_LIMIT:,} at most")
        return Path(file).read_bytes(), datetime.fromtimestamp(status.st_mtime, UTC)
    except OSError as error:
        return Problem(file, error.strerror or str(error))
