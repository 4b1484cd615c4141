"""The tables: what the agents remember between messages, one record a key, as bytes.

Faust keeps a table on a changelog topic and, of the partitions a worker has, in its store. Keys and
values are raw bytes to Faust; what they mean, and that great ones are compressed, is said here,
once. What is done with a record is decided elsewhere.
"""

import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import faust
from pydantic import TypeAdapter

from schemas.base import Record
from schemas.codec import decode_as, encode
from schemas.deliveries import Tray
from schemas.dossiers import Dossier
from schemas.stories import Story, StoryState
from streams.shell.agents import Hop

MAX_STATE_BYTES = 4 * 1024 * 1024
"""Largest record of a table. Above the producer's limit a record would kill the worker at each
start (faust-streaming puts it into the changelog unseen), so a message that would make a greater
one is refused before anything of it is sent."""

PLAIN_BYTES = 4096
"""Greater records are kept compressed: of a dossier a fifth goes to the changelog and the disk."""

MOST_RECENT = 32
"""Great records that are kept read as well, those last packed: reading a full dossier takes longer
than folding into it. By their bytes, so that whatever the table holds is what is given."""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class TableDeclaration(Generic[R]):
    """One table. It has the partitions of the topic that feeds it."""

    name: str
    record: TypeAdapter[R]
    key: str
    """What the key is, in words."""


STORIES_TABLE = TableDeclaration("stories", TypeAdapter(StoryState), "story id")
HELD_TABLE = TableDeclaration("held", TypeAdapter(Story), "story id and edition")
DOSSIERS_TABLE = TableDeclaration("dossiers", TypeAdapter(Dossier), "leader id")
TRAYS_TABLE = TableDeclaration("trays", TypeAdapter(Tray), "subscription id and leader id")

TABLES: tuple[TableDeclaration[Any], ...] = (
    STORIES_TABLE,
    HELD_TABLE,
    DOSSIERS_TABLE,
    TRAYS_TABLE,
)


KEPT_BY: Mapping[Hop, tuple[TableDeclaration[Any], ...]] = {
    "parse": (),
    "read": (STORIES_TABLE, HELD_TABLE),
    "fold": (DOSSIERS_TABLE,),
    "deliver": (TRAYS_TABLE,),
}
"""The tables of each hop."""


class StateTooLargeError(ValueError):
    """A record would be greater than a table takes; the text has both sizes."""


def tables_of(hops: Iterable[Hop]) -> tuple[TableDeclaration[Any], ...]:
    """The tables that these hops keep."""
    return tuple(table for hop in hops for table in KEPT_BY[hop])


def changelog_name(app_id: str, table: str) -> str:
    """Name of the topic a table's changes go to, as Faust makes it."""
    return f"{app_id}-{table}-changelog"


def pack(record: Record) -> bytes:
    """The bytes of a record as they are kept."""
    value = encode(record)
    return value if len(value) <= PLAIN_BYTES else zlib.compress(value, level=1)


def unpack(value: bytes) -> bytes:
    """The JSON of a record that is kept; a compressed one cannot begin as an object does."""
    return value if value.startswith(b"{") else zlib.decompress(value)


class StateTable(Generic[R]):
    """A Faust table of records. Only an agent that has a message in hand can set."""

    def __init__(
        self, declaration: TableDeclaration[R], table: "faust.Table[bytes, bytes]"
    ) -> None:
        self.name = declaration.name
        self._record = declaration.record
        self._table = table
        self._recent: OrderedDict[bytes, R] = OrderedDict()

    def get(self, key: str) -> R | None:
        """The record of a key, or `None`."""
        value = self._table.get(key.encode())
        if value is None:
            return None
        record = self._recent.get(value)
        return self._read(value) if record is None else record

    def packed(self, record: R) -> bytes:
        """The bytes of a record, for `put`. Raises `StateTooLargeError`."""
        value = pack(record)
        if len(value) > MAX_STATE_BYTES:
            raise StateTooLargeError(
                f"{self.name}: {len(value)} bytes, at most {MAX_STATE_BYTES} can be kept"
            )
        if len(value) > PLAIN_BYTES:
            self._recent[value] = record
            self._recent.move_to_end(value)
            if len(self._recent) > MOST_RECENT:
                self._recent.popitem(last=False)
        return value

    def put(self, key: str, value: bytes) -> None:
        """Sets what `packed` gave. The change is on its way to the changelog when this returns."""
        # Assigned as a whole: Faust sends no change for what is altered in place.
        self._table[key.encode()] = value

    def drop(self, key: str) -> None:
        """Forgets a key, if it is there."""
        self._table.pop(key.encode(), None)

    def records(self) -> Iterator[tuple[str, R]]:
        """All keys and records; reads the whole table.

        A partition that went to another worker stays in the memory store for a while: what it
        shows is old, so ask whether the worker still has it.
        """
        for key, value in list(self._table.items()):
            yield key.decode(), self._read(value)

    def _read(self, value: bytes) -> R:
        # In an upgrade, or on the way back from one, a newer worker may have written it.
        return decode_as(self._record, unpack(value), may_be_newer=True)

    def __len__(self) -> int:
        return len(self._table)
