"""The trail of a story from hop to hop: headers that go with what comes of it, and words for a log.

A trace is W3C's (`traceparent`); where a message brings none, one begins. Its ids come from the
place and key of the messages, so that a message that comes again leaves the same trail. What is
done with the trail is for `streams.shell.logs` and `streams.shell.spans`; nothing is decided on it.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from hashlib import sha256

from schemas.codec import STORY_HEADER, TRACE_HEADER

_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")
_LONGEST_STORY = 500


@dataclass(frozen=True, slots=True)
class Trace:
    """One hop's work on one message, and what it is part of. Ids are hexadecimal."""

    trace_id: str
    span_id: str
    parent_id: str | None
    """The span whose work sent the message; `None` where the trace begins."""
    story: str | None

    def headers(self) -> dict[str, bytes]:
        """For what the work sends."""
        said = {TRACE_HEADER: f"00-{self.trace_id}-{self.span_id}-01".encode()}
        if self.story is not None:
            said[STORY_HEADER] = self.story[:_LONGEST_STORY].encode("utf-8", "replace")
        return said


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin(hop: str, place: str, key: bytes | None, headers: Mapping[str, bytes]) -> Trace:
    """The trace of a hop's work on a message, which holds from now on in the task that asks.

    `place`: where the message lies: topic, partition and offset.
    """
    parent = _parent(headers)
    if parent is None:
        trace_id, parent_id = _digest(place, key or b"")[:32], None
    else:
        trace_id, parent_id = parent
    story = headers.get(STORY_HEADER)
    trace = Trace(
        trace_id=trace_id,
        span_id=_digest(f"{trace_id} {hop} {place}")[:16],
        parent_id=parent_id,
        story=None if story is None else story.decode("utf-8", "replace"),
    )
    _current.set(trace)
    return trace


def about(story: str) -> None:
    """From now on the work is known to be on this story. Says nothing where there is no work."""
    trace = _current.get()
    if trace is not None:
        _current.set(replace(trace, story=story))


def current() -> Trace | None:
    """The trace of the work that the task is at, where it is at any."""
    return _current.get()


def carried() -> Mapping[str, bytes]:
    """Headers for what is sent now."""
    trace = _current.get()
    return {} if trace is None else trace.headers()


def _parent(headers: Mapping[str, bytes]) -> tuple[str, str] | None:
    said = _PARENT.fullmatch(headers.get(TRACE_HEADER, b"").decode("ascii", "replace"))
    return None if said is None else (said[1], said[2])


def _digest(place: str, key: bytes = b"") -> str:
    return sha256(place.encode() + b"\0" + key).hexdigest()
