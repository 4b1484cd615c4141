"""What each source has sent before, and the small facts a way remembers: one SQLite file.

An item is noted when the brokers have confirmed it, never before. To lose the file costs repeated
items, which are harmless: an edition is known by its content. So it is written without waiting for
the disk (a killed process loses nothing, a lost machine the last moments), and a damaged file is
put aside. Several processes may have it open; one object is for one thread.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from streams.shell.settings import Settings

T = TypeVar("T")

_log = logging.getLogger(__name__)

KEPT = timedelta(days=60)
"""So long a digest is known after it was last seen."""
FILE = "intake.sqlite3"

_TRIM_EVERY = timedelta(hours=1)
_BUSY_S = 10.0
_MANY = 500
"""Values in one question; SQLite takes 999 everywhere."""
_TABLES = """
CREATE TABLE IF NOT EXISTS seen (
  source TEXT NOT NULL, digest BLOB NOT NULL, at REAL NOT NULL, PRIMARY KEY (source, digest)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_at ON seen (at);
CREATE TABLE IF NOT EXISTS facts (
  source TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (source, key)
) WITHOUT ROWID;
"""


class LedgerError(Exception):
    """The ledger cannot be used; the message says which file and why."""


class Ledger:
    """Opens the file, and makes it where there is none. Raises `LedgerError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._trimmed: datetime | None = None
        try:
            self._connection = _open(path)
        except sqlite3.OperationalError as error:  # no place, no right, busy: not its content
            raise LedgerError(f"{path}: {error}") from error
        except sqlite3.DatabaseError as error:
            _put_aside(path, error)
            self._connection = self._do(lambda: _open(path))

    def seen(self, source: str, digests: Iterable[bytes]) -> frozenset[bytes]:
        """Those that this source has sent before."""
        asked = list(digests)
        found: set[bytes] = set()
        for start in range(0, len(asked), _MANY):
            part = asked[start : start + _MANY]
            marks = ",".join("?" * len(part))
            question = f"SELECT digest FROM seen WHERE source = ? AND digest IN ({marks})"  # noqa: S608 - marks
            found.update(row[0] for row in self._rows(question, (source, *part)))
        return frozenset(found)

    def note(self, source: str, digests: Iterable[bytes], at: datetime) -> None:
        """These were sent, or seen again, at this time. Old ones go, now and then."""
        rows = [(source, digest, at.timestamp()) for digest in digests]
        written = (
            "INSERT INTO seen VALUES (?, ?, ?) "
            "ON CONFLICT (source, digest) DO UPDATE SET at = max(at, excluded.at)"
        )
        self._write((written, rows))
        if self._trimmed is None or at - self._trimmed >= _TRIM_EVERY:
            self._trimmed = at
            self.trim(at - KEPT)

    def trim(self, before: datetime) -> None:
        """Forgets digests that were last seen before."""
        self._write(("DELETE FROM seen WHERE at < ?", [(before.timestamp(),)]))

    def recall(self, source: str, key: str) -> str | None:
        """A fact, as last remembered."""
        rows = self._rows("SELECT value FROM facts WHERE source = ? AND key = ?", (source, key))
        return str(rows[0][0]) if rows else None

    def recall_all(self, source: str, prefix: str) -> dict[str, str]:
        """All facts whose keys begin so."""
        rows = self._rows(
            "SELECT key, value FROM facts WHERE source = ? AND substr(key, 1, ?) = ?",
            (source, len(prefix), prefix),
        )
        return {str(key): str(value) for key, value in rows}

    def remember(self, source: str, key: str, value: str | None) -> None:
        """Keeps a fact, in place of an older one; `None` forgets it."""
        self.remember_all(source, {key: value})

    def remember_all(self, source: str, facts: dict[str, str | None]) -> None:
        """Keeps or forgets several at once: all of them or none."""
        kept = [(source, key, value) for key, value in facts.items() if value is not None]
        gone = [(source, key) for key, value in facts.items() if value is None]
        self._write(
            ("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", kept),
            ("DELETE FROM facts WHERE source = ? AND key = ?", gone),
        )

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _rows(self, question: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        return self._do(lambda: self._connection.execute(question, values).fetchall())

    def _write(self, *statements: tuple[str, Sequence[tuple[object, ...]]]) -> None:
        def write() -> None:
            with self._connection:  # commits, or rolls back
                self._connection.execute("BEGIN IMMEDIATE")
                for statement, rows in statements:
                    self._connection.executemany(statement, rows)

        self._do(write)

    def _do(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except sqlite3.Error as error:
            raise LedgerError(f"{self.path}: {error}") from error


def ledger_path(settings: Settings) -> Path:
    """In the data directory; without one, beside the sources file, else in the working directory.

    The data directory is made where its parent exists.
    """
    if settings.data_dir is not None:
        settings.data_dir.mkdir(exist_ok=True)
        return settings.data_dir / FILE
    if settings.sources_file is not None:
        return settings.sources_file.absolute().parent / f".{settings.sources_file.stem}-{FILE}"
    return Path(f".dragoman-{FILE}").absolute()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_TABLES)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _put_aside(path: Path, error: sqlite3.Error) -> None:
    aside = path.with_name(path.name + ".damaged")
    _log.warning("%s is damaged (%s): put aside as %s, items may repeat", path, error, aside)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.replace(aside)
