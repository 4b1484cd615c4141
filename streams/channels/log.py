"""Alerts as JSON lines, to a file or to a stream such as standard output.

A file is its own delivery log: the ids in it are read when it is opened, and what it has is not
written again. A line that was torn by a crash is cut off before the first write, and its alert
comes again. A stream forgets: after a crash it may say an alert twice.
One process writes to a file at a time; a second one is refused. Not for files that are rotated
under us.
"""

import json
import os
import sys
from pathlib import Path
from typing import IO

from schemas.alerts import AlertEvent
from schemas.codec import encode
from streams.channels import (
    AlreadyDelivered,
    ChannelError,
    Delivered,
    NotDelivered,
    Outcome,
    Parcel,
)

if sys.platform != "win32":
    import fcntl


_HEAD = b'{"specversion":"1.0","id":"'
"""How each line begins. A torn line that begins otherwise is somebody else's, and is not cut."""


class LogChannel:
    """JSON lines to a file. Opens it; raises `ChannelError` where that cannot be done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _open(path)
        try:
            self._seen = _recover(self._file, path)
        except (OSError, ChannelError):
            self._file.close()
            raise
        self._end = self._file.tell()

    async def deliver(self, parcel: Parcel) -> Outcome:
        """On disk when it says so. Blocks the loop for the time of one fsync."""
        new = _unseen(parcel, self._seen)
        if not new:
            return AlreadyDelivered()
        try:
            self._write(b"".join(encode(event) + b"\n" for event in new))
        except OSError as error:
            return NotDelivered(f"{self._path}: {error.strerror or error}")
        self._seen.update(event.id for event in new)
        return Delivered()

    async def close(self) -> None:
        """Gives the file free for another process."""
        self._file.close()

    def _write(self, lines: bytes) -> None:
        # From where the last whole line ended, so that what a full disk tore is written over.
        self._file.seek(self._end)
        self._file.truncate()
        self._file.write(lines)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._end += len(lines)


class StreamLogChannel:
    """JSON lines to an open stream, which stays open; remembers what it said in this run."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._seen: set[str] = set()

    async def deliver(self, parcel: Parcel) -> Outcome:
        new = _unseen(parcel, self._seen)
        if not new:
            return AlreadyDelivered()
        try:
            self._stream.write("".join(encode(event).decode() + "\n" for event in new))
            self._stream.flush()
        except OSError as error:
            return NotDelivered(f"the alert stream: {error.strerror or error}")
        self._seen.update(event.id for event in new)
        return Delivered()

    async def close(self) -> None:
        """Does nothing: whoever opened the stream closes it."""


def _unseen(parcel: Parcel, seen: set[str]) -> list[AlertEvent]:
    """What is not there yet, in the order of the parcel: a crash may have left half of it."""
    return [item.event for item in parcel.items if item.event.id not in seen]


def _open(path: Path) -> IO[bytes]:
    try:
        # Not "a": a torn line must be cut, and appending writes always go to the end.
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
    except OSError as error:
        raise ChannelError(
            f"the alert log {path} cannot be opened: {error.strerror}. "
            "Set DRAGOMAN_ALERT_LOG, or the subscription's target, to a file that can be written, "
            "or to '-'."
        ) from error
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise ChannelError(
                f"the alert log {path} is written by another process or subscription. "
                "Give each worker and each subscription a file of its own."
            ) from error
    return file


def _recover(file: IO[bytes], path: Path) -> set[str]:
    """Ids in the file; leaves it cut behind its last whole line and positioned there."""
    seen: set[str] = set()
    end = 0
    for number, line in enumerate(file, start=1):
        if not line.endswith(b"\n") and _HEAD.startswith(line[: len(_HEAD)]):
            break
        try:
            seen.add(str(json.loads(line)["id"]))
        except (ValueError, KeyError, TypeError):
            raise ChannelError(
                f"{path}, line {number}: no alert, so this is no alert log of ours. "
                "Set DRAGOMAN_ALERT_LOG, or the subscription's target, to another file, "
                "or take the line out."
            ) from None
        end += len(line)
    file.seek(end)
    file.truncate()
    return seen
