"""Where an answer goes on, and where a stream resumes, as text that clients give back unread.

A cursor is the place of the last matter of a page in the order of its list, so that it holds
whatever comes and goes meanwhile. The id of an event of the stream is the offset of the next
message in each partition of the topic: whoever has it misses nothing and gets nothing twice.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence

_EVENT_ID = re.compile(r"^v1:(\d{1,18}(?:,\d{1,18}){0,999})$")
_LONGEST = 2_000

Part = int | str


class CursorError(ValueError):
    """This is no cursor of this list, or no id of this stream; the text says what to do."""


def to_cursor(listed: str, place: Sequence[Part]) -> str:
    """A place in a list, by the list's name."""
    told = json.dumps([listed, *place], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def from_cursor(listed: str, kinds: Sequence[type], cursor: str) -> tuple[Part, ...]:
    """The place in it, of parts of these kinds. Raises `CursorError`."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        told = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        told = None
    is_ours = isinstance(told, list) and len(cursor) <= _LONGEST and told[:1] == [listed]
    if not is_ours or [type(part) for part in told[1:]] != list(kinds):
        raise CursorError("no cursor of this list: take `next` of its last page as it is")
    return tuple(told[1:])


def to_event_id(positions: Mapping[int, int], partitions: int) -> str:
    """The id of an event after which each partition goes on at these offsets."""
    return "v1:" + ",".join(str(positions.get(number, 0)) for number in range(partitions))


def from_event_id(text: str, partitions: int) -> dict[int, int]:
    """The offset in each partition. Raises `CursorError` where it is none of this log's."""
    found = _EVENT_ID.match(text.strip())
    if found is None:
        raise CursorError("no id of an event of this stream: leave Last-Event-ID out to begin now")
    offsets = [int(each) for each in found[1].split(",")]
    if len(offsets) != partitions:
        raise CursorError(
            f"it is of a log of {len(offsets)} partitions, and this one has {partitions}"
        )
    return dict(enumerate(offsets))
