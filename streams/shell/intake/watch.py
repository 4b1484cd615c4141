"""The way in for files: a directory that something drops files into, as by FTP.

Looked at again and again, as network drives send no word of changes. A file is taken when it has
stayed the same for a while and is not named like one that is still being written. What was taken is
remembered by size and time of change, so that it is read again only when it is written anew. What
cannot be read is told and tried again; nothing is moved or deleted before the brokers have it.
"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from streams.shell.cluster import ClusterError
from streams.shell.intake.door import Door
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.shift import Shift
from streams.shell.intake.sources import DONE

IN_HAND = 32
"""Files that are read and sent at once: so many can be sent again after a crash."""
MOST_BYTES = 256 * 1024 * 1024
"""Of one file, which may hold many items."""
_BYTES_IN_HAND = 64 * 1024 * 1024

_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
_HIDDEN = (".", "~")
_FACT = "file:"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How a file looked."""

    size: int
    changed_ns: int

    def __str__(self) -> str:
        return f"{self.size} {self.changed_ns}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file could not be read; without a reason it was renamed or taken away meanwhile.

    `is_for_good`: until it is written anew.
    """

    reason: str | None = None
    is_for_good: bool = False


@dataclass(slots=True)
class Scan:
    """What is in the directory, by path below it; and what could not be looked at."""

    files: dict[str, Look] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


async def run(shift: Shift, door: Door, ledger: Ledger) -> None:
    """Watches the directory of a source until it is time to stop."""
    watching = Watching(shift, door, ledger)
    every_s = min(2.0, max(0.1, shift.source.settle_s / 2))
    while not shift.is_over:
        await watching.look()
        await shift.pause(every_s)


class Watching:
    """One directory under watch, and what is known of its files."""

    def __init__(self, shift: Shift, door: Door, ledger: Ledger) -> None:
        assert shift.source.directory is not None, "checked with the sources file"
        self._shift, self._door, self._ledger = shift, door, ledger
        self._source, self._directory = shift.source, shift.source.directory
        self._settling: dict[str, tuple[Look, datetime]] = {}
        self._problems: dict[str, tuple[Look | None, str]] = {}
        """What was wrong with a file when it looked so."""
        known = ledger.recall_all(self._source.name, _FACT)
        self._taken = {key.removeprefix(_FACT): look for key, look in known.items()}

    async def look(self) -> None:
        """Looks once, and takes what has settled. Whatever happens is told to the shift."""
        move = self._source.after == "move"
        found = await asyncio.to_thread(_scan, self._directory, DONE if move else None)
        if not found.problems:  # else much may only seem to be gone
            self._forget_gone(found)
        self._problems = {
            path: (look, problem)
            for path, (look, problem) in self._problems.items()
            if look is not None and found.files.get(path) == look
        } | {path: (None, problem) for path, problem in found.problems.items()}
        trouble = await self._take_all(self._settled(found))
        self._tell(trouble)

    def _settled(self, found: Scan) -> list[tuple[str, Look]]:
        """Files to be taken, oldest first; and those that only wait to be cleared away."""
        now, least = self._shift.now(), timedelta(seconds=self._source.settle_s)
        settling: dict[str, tuple[Look, datetime]] = {}
        ready = []
        for path, look in found.files.items():
            if self._is_taken(path, look):
                if self._source.after != "keep":
                    ready.append((path, look))
                continue
            before = self._settling.get(path)
            since = before[1] if before is not None and before[0] == look else now
            settling[path] = (look, since)
            if now - since >= least and not self._is_hopeless(path, look):
                ready.append((path, look))
        self._settling = settling
        return sorted(ready, key=lambda each: (each[1].changed_ns, each[0]))

    def _is_hopeless(self, path: str, look: Look) -> bool:
        """It was read and cannot be taken as it is; one that could not be read is tried again."""
        return path in self._problems and self._problems[path][0] == look

    async def _take_all(self, ready: Sequence[tuple[str, Look]]) -> str | None:
        """Gives back what hinders all of them, such as brokers that are away."""
        for part in _batches(ready):
            if self._shift.is_over:
                return None
            new = [each for each in part if not self._is_taken(*each)]
            read = await asyncio.to_thread(_read_all, self._directory, new)
            data = dict(zip(new, read, strict=True))
            # Begun in this order, so that what was dropped first is, by and large, sent first.
            tasks = [self._take(path, look, data.get((path, look))) for path, look in part]
            for end in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(end, ClusterError):
                    return str(end)
                if isinstance(end, BaseException):
                    raise end
        return None

    async def _take(self, path: str, look: Look, data: bytes | Unreadable | None) -> None:
        """`data`: what was read of it; `None` where it is taken already, and to be cleared away."""
        if isinstance(data, Unreadable):
            if data.reason is not None:
                self._problems[path] = (look if data.is_for_good else None, data.reason)
            return
        if data is not None:
            taken = await self._door.take(self._source, data)
            if taken.refused:
                # It stays where it is, whatever is done with others: nothing else has it.
                self._problems[path] = (look, taken.refused[0].detail)
                return
            self._taken[shown(path)] = str(look)
            self._ledger.remember(self._source.name, _FACT + shown(path), str(look))
        if self._source.after != "keep":
            await self._clear_away(path, look)

    def _is_taken(self, path: str, look: Look) -> bool:
        return self._taken.get(shown(path)) == str(look)

    async def _clear_away(self, path: str, look: Look) -> None:
        to = self._directory / DONE / path if self._source.after == "move" else None
        try:
            await asyncio.to_thread(_clear_away, self._directory / path, look, to)
        except FileNotFoundError:
            return
        except OSError as error:
            self._problems[path] = (None, f"cannot be cleared away: {error.strerror or error}")

    def _forget_gone(self, found: Scan) -> None:
        there = {shown(path) for path in found.files}
        gone = [path for path in self._taken if path not in there]
        if gone:
            for path in gone:
                del self._taken[path]
            self._ledger.remember_all(self._source.name, {_FACT + path: None for path in gone})

    def _tell(self, trouble: str | None) -> None:
        if trouble is None and self._problems:
            many = len(self._problems)
            first = [
                f"{shown(path)}: {problem}"
                for path, (_, problem) in sorted(self._problems.items())[:_SHOWN]
            ]
            more = f"; and {many - _SHOWN} more" if many > _SHOWN else ""
            trouble = "; ".join(first) + more
        if trouble is None:
            self._shift.well()
        else:
            self._shift.failing(trouble)


def shown(path: str) -> str:
    """A path as text that can be stored and shown: what is no printable sign as its code."""
    text = path.encode("utf-8", "backslashreplace").decode()
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


def is_unfinished(name: str) -> bool:
    """Whether a file or directory of this name is hidden, or still being written."""
    return name.startswith(_HIDDEN) or name.lower().endswith(_UNFINISHED)


def _scan(directory: Path, passed_over: str | None) -> Scan:
    found = Scan()
    for path, entry in _walk(directory, "", passed_over, found.problems):
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as error:
            found.problems[path] = error.strerror or str(error)
        else:
            found.files[path] = Look(status.st_size, status.st_mtime_ns)
    return found


def _walk(
    directory: Path, below: str, passed_over: str | None, problems: dict[str, str]
) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Plain files. Links are not followed: who may drop files might link to any file of ours."""
    try:
        with os.scandir(directory / below) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        if not below:
            problems["."] = "the directory is gone"
        return
    except OSError as error:
        problems[below or "."] = error.strerror or str(error)
        return
    for entry in listed:
        if is_unfinished(entry.name) or (not below and entry.name == passed_over):
            continue
        path = os.path.join(below, entry.name)  # noqa: PTH118 - ten times as fast, on each look
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(directory, path, None, problems)
        elif entry.is_file(follow_symlinks=False):
            yield path, entry


def _batches(ready: Sequence[tuple[str, Look]]) -> Iterator[list[tuple[str, Look]]]:
    batch: list[tuple[str, Look]] = []
    size = 0
    for path, look in ready:
        if batch and (len(batch) == IN_HAND or size + look.size > _BYTES_IN_HAND):
            yield batch
            batch, size = [], 0
        batch.append((path, look))
        size += min(look.size, MOST_BYTES)
    if batch:
        yield batch


def _read_all(directory: Path, files: Sequence[tuple[str, Look]]) -> list[bytes | Unreadable]:
    return [_read(directory / path, look) for path, look in files]


def _read(path: Path, look: Look) -> bytes | Unreadable:
    if look.size > MOST_BYTES:
        reason = f"too large: {look.size:,} bytes; a file has {MOST_BYTES:,} at most"
        return Unreadable(reason, is_for_good=True)
    try:
        with path.open("rb") as file:
            data = file.read(look.size + 1)
            status = os.fstat(file.fileno())
    except FileNotFoundError:
        return Unreadable()
    except OSError as error:
        return Unreadable(error.strerror or str(error))
    same = Look(status.st_size, status.st_mtime_ns) == look and len(data) == look.size
    return data if same else Unreadable("it changed while it was read")


def _clear_away(path: Path, look: Look, to: Path | None) -> None:
    """Moves or deletes it, unless it has been written anew. Raises `OSError`."""
    status = path.stat()
    if Look(status.st_size, status.st_mtime_ns) != look:
        return
    if to is None:
        path.unlink()
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    path.rename(_free(to))


def _free(path: Path) -> Path:
    """The path, or the first with a number where there is a file already."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}.{number}{path.suffix}")
    return free
