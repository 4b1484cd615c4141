"""One item put to a format: what must hold of any bytes, and how a fault is reported.

A story or a refusal, never an exception; the same again for the same bytes; items from a split that
hold to it too; all within two seconds of processor time for each megabyte.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import FrameType

import pytest

from schemas.codec import decode, encode
from schemas.dead_letters import REASONS
from schemas.stories import Story
from schemas.topics import STORIES
from streams.core.wire import Arrival, Refusal

LIMIT_S = 2.0
"""Of processor time, for an item of up to a megabyte; a busy machine makes nothing slow."""
_PATIENCE = 10
_MOST_ITEMS = 30
FOUND = Path("build/fuzz")
NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


class _HangError(BaseException):
    """Past everybody's `except`: it is the trial that is over."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried, and where faulty inputs are put."""

    parse: Callable[[bytes, Arrival], Story | Refusal]
    split: Callable[[bytes, str], tuple[bytes, ...]]
    found: Path = FOUND
    limit_s: float = LIMIT_S

    def of(self, item: bytes, format_name: str) -> None:
        """Fails the test, with a file and the command that repeats it, where something does not
        hold."""
        try:
            with _hangs_no_longer_than(self.limit_s * _PATIENCE):
                self._hold(item, format_name)
        except AssertionError as fault:
            self._report(item, format_name, str(fault))
        except _HangError:
            self._report(item, format_name, "hangs")
        except Exception as error:  # noqa: BLE001 - whatever it is, it should not have been
            self._report(item, format_name, f"raises {error!r}"[:500])

    def _hold(self, item: bytes, format_name: str) -> None:
        arrival = Arrival(feed="fuzz", format=format_name, received_at=NOON)
        limit = self.limit_s * max(1.0, len(item) / 1_000_000)
        begun = time.process_time()
        first = self.parse(item, arrival)
        spent = time.process_time() - begun
        assert spent <= limit, f"takes {spent:.1f} s for {len(item)} bytes"
        _sound(first)
        again = self.parse(item, arrival)
        assert first == again, "says something else the second time"
        begun = time.process_time()
        items = self.split(item, format_name)
        spent = time.process_time() - begun
        assert spent <= limit, f"takes {spent:.1f} s to split {len(item)} bytes"
        assert isinstance(items, tuple), "is not split into a tuple"
        # A feed in which there is nothing new has no items, and is no story either.
        assert items or isinstance(first, Refusal), "is a story and is split into nothing"
        if items != (item,):
            for part in items[:_MOST_ITEMS]:
                _sound(self.parse(part, arrival))

    def _report(self, item: bytes, format_name: str, fault: str) -> None:
        self.found.mkdir(parents=True, exist_ok=True)
        file = self.found / f"{format_name}-{sha256(item).hexdigest()[:12]}.bin"
        file.write_bytes(item)
        pytest.fail(
            f"{format_name}: {fault}\nrepeat it with: make fuzz ARGS='--fuzz-file={file}'",
            pytrace=False,
        )


def _sound(answer: object) -> None:
    if isinstance(answer, Refusal):
        assert answer.reason in REASONS, f"refused for no known reason: {answer.reason}"
        assert answer.detail, "refused without a word"
        return
    assert isinstance(answer, Story), f"neither story nor refusal: {answer!r}"[:200]
    assert decode(STORIES, encode(answer)) == answer, "a story that its topic changes"


@contextmanager
def _hangs_no_longer_than(seconds: float) -> Iterator[None]:
    """Of processor time. What hangs in a library's machine code is left to pytest's own limit."""

    def over(_: int, __: FrameType | None) -> None:
        raise _HangError

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
