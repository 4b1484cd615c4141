"""A watched directory, as an FTP server fills it: every file once, and none half."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from intake_desk import Desk

from schemas.topics import MAX_RAW_BYTES
from streams.shell.intake.ledger import Ledger
from streams.shell.intake.sources import After, Source
from streams.shell.intake.watch import Watching, run

SETTLE_S = 2.0


class Drop:
    """A directory under watch, and the hand that drops files into it."""

    def __init__(self, directory: Path, after: After = "keep") -> None:
        self.directory = directory / "drop"
        self.directory.mkdir(exist_ok=True)
        self.desk = Desk(directory)
        self.source = Source(
            name="ftp",
            way="watch",
            format="text",
            directory=self.directory,
            settle_s=SETTLE_S,
            after=after,
        )
        self.start()

    def start(self) -> None:
        """Watches anew, as after a restart, with the ledger as it lies on the disk."""
        self.desk.ledger = Ledger(self.desk.ledger.path)
        self.shift = self.desk.shift(self.source)
        self.watching = Watching(self.shift, self.desk.door, self.desk.ledger)

    def put(self, name: str, text: str) -> Path:
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def look(self, *, later_s: float = SETTLE_S) -> list[bytes]:
        """What was sent so far, after a look now and one later."""

        async def looks() -> None:
            await self.watching.look()
            self.desk.clock.turn(later_s)
            await self.watching.look()

        asyncio.run(looks())
        return self.desk.brokers.data

    @property
    def names(self) -> list[str]:
        found = (file for file in self.directory.rglob("*") if file.is_file())
        return sorted(file.relative_to(self.directory).as_posix() for file in found)

    @property
    def problem(self) -> str:
        return self.shift.standing.problem or ""


def change_unseen(file: Path) -> None:
    """Other content, as long and said to be as old: only who reads it again finds it new."""
    status = file.stat()
    file.write_bytes(file.read_bytes()[::-1])
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(tmp_path)


def test_a_file_is_taken_once_it_has_settled(drop: Drop) -> None:
    drop.put("a.txt", "one")

    assert drop.look(later_s=SETTLE_S - 0.1) == []
    assert drop.look() == [b"one"]
    assert drop.look() == [b"one"]


def test_a_file_that_still_grows_is_left_alone(drop: Drop) -> None:
    file = drop.put("a.txt", "half")
    drop.look(later_s=SETTLE_S - 0.1)
    file.write_text("half and half")

    assert drop.look(later_s=SETTLE_S - 0.1) == []
    assert drop.look() == [b"half and half"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(".a.txt", id="hidden"),
        pytest.param("a.txt.part", id="as_browsers_write"),
        pytest.param("a.TMP", id="capitals"),
        pytest.param("a.txt.filepart", id="as_WinSCP_writes"),
        pytest.param("~a.txt", id="as_office_programs_lock"),
        pytest.param(".incoming/a.txt", id="in_a_hidden_directory"),
    ],
)
def test_a_file_named_as_unfinished_is_taken_when_it_is_renamed(drop: Drop, name: str) -> None:
    file = drop.put(name, "one")
    assert drop.look() == []
    file.rename(drop.directory / "a.txt")

    assert drop.look() == [b"one"]


def test_files_in_directories_below_are_taken(drop: Drop) -> None:
    drop.put("2026/03/a.txt", "one")

    assert drop.look() == [b"one"]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(lambda file: file.rename(file.with_name("b.txt")), id="renamed"),
        pytest.param(lambda file: file.with_name("b.txt").write_text("one"), id="copied"),
        pytest.param(lambda file: os.utime(file, (1, 1)), id="touched"),
    ],
)
def test_the_same_content_is_not_sent_again(drop: Drop, again: Callable[[Path], object]) -> None:
    file = drop.put("a.txt", "one")
    drop.look()
    again(file)

    assert drop.look() == [b"one"]
    assert drop.shift.standing.problem is None


def test_a_file_that_is_written_anew_is_sent_again(drop: Drop) -> None:
    file = drop.put("a.txt", "one")
    drop.look()
    file.write_text("two")

    assert drop.look() == [b"one", b"two"]


def test_after_a_restart_nothing_is_read_again(drop: Drop) -> None:
    file = drop.put("a.txt", "one")
    drop.look()
    change_unseen(file)
    drop.start()

    assert drop.look() == [b"one"]


def test_without_the_ledger_all_is_sent_again(drop: Drop, tmp_path: Path) -> None:
    drop.put("a.txt", "one")
    drop.look()
    for file in tmp_path.glob("ledger.sqlite3*"):
        file.unlink()
    again = Drop(tmp_path)

    assert again.look() == [b"one"]


def test_a_file_that_comes_back_after_it_was_gone_is_known(drop: Drop) -> None:
    drop.put("a.txt", "one").rename(drop.directory.parent / "kept.txt")
    drop.look()
    drop.put("a.txt", "one")
    drop.look()
    (drop.directory / "a.txt").unlink()
    drop.look()
    drop.put("a.txt", "one")

    assert drop.look() == [b"one"]


def test_what_cannot_be_read_is_told_and_tried_again(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.put("a.txt", "one")
    drop.put("b.txt", "two")
    # Who runs the tests may be allowed to read everything: so the way to the bytes is barred.
    opened = Path.open

    def barred(path: Path, *how: object, **options: object) -> object:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", barred)
    assert drop.look() == [b"two"]
    assert drop.problem == "a.txt: Permission denied"
    monkeypatch.undo()

    assert drop.look() == [b"two", b"one"]
    assert drop.shift.standing.problem is None


def test_a_directory_that_is_gone_is_told_and_no_file_is_forgotten(drop: Drop) -> None:
    file = drop.put("a.txt", "one")
    drop.look()
    change_unseen(file)
    away = drop.directory.rename(drop.directory.with_name("away"))
    drop.look()
    assert "gone" in drop.problem
    away.rename(drop.directory)

    assert drop.look() == [b"one"]
    assert drop.shift.standing.problem is None


@pytest.mark.parametrize("after", ["keep", "move", "delete"])
def test_a_file_with_too_large_an_item_is_told_and_stays(tmp_path: Path, after: After) -> None:
    drop = Drop(tmp_path, after)
    drop.put("a.txt", "x" * (MAX_RAW_BYTES + 1))

    assert drop.look() == []
    assert "a.txt: 8,388,609 bytes" in drop.problem
    assert drop.names == ["a.txt"]


def test_a_file_beyond_all_measure_is_not_even_read(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.shell.intake.watch.MOST_BYTES", 2)
    drop.put("a.txt", "one")

    assert drop.look() == []
    assert drop.problem == "a.txt: too large: 3 bytes; a file has 2 at most"


def test_a_link_is_not_followed(drop: Drop, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not for the wire")
    (drop.directory / "a.txt").symlink_to(tmp_path / "secret")
    (drop.directory / "all").symlink_to(tmp_path)

    assert drop.look() == []
    assert drop.shift.standing.problem is None


def test_the_oldest_file_goes_first(drop: Drop) -> None:
    for name, age in (("a", 30), ("b", 10), ("c", 20)):
        file = drop.put(name, name)
        os.utime(file, (age, age))

    assert drop.look() == [b"b", b"c", b"a"]


def test_taken_files_are_moved_away_and_none_is_written_over(tmp_path: Path) -> None:
    drop = Drop(tmp_path, "move")
    for text in ("one", "two"):
        drop.put("sub/a.txt", text)
        drop.look()

    assert drop.names == ["done/sub/a.2.txt", "done/sub/a.txt"]
    assert drop.look() == [b"one", b"two"]


def test_taken_files_are_deleted_where_that_is_wanted(tmp_path: Path) -> None:
    drop = Drop(tmp_path, "delete")
    drop.put("a.txt", "one")

    assert drop.look() == [b"one"]
    assert drop.names == []


@pytest.mark.parametrize("after", ["keep", "move", "delete"])
def test_nothing_is_cleared_away_or_known_before_the_brokers_have_it(
    tmp_path: Path, after: After
) -> None:
    drop = Drop(tmp_path, after)
    drop.put("a.txt", "one")
    drop.desk.brokers.away = True
    drop.look()
    assert (drop.names, drop.problem) == (["a.txt"], "the brokers are away")
    drop.desk.brokers.away = False
    drop.start()

    assert drop.look() == [b"one"]
    assert drop.shift.standing.problem is None


def test_a_file_taken_before_a_crash_is_still_cleared_away(tmp_path: Path) -> None:
    kept = Drop(tmp_path, "keep")
    kept.put("a.txt", "one")
    kept.look()
    moving = Drop(tmp_path, "move")

    assert moving.look() == []
    assert moving.names == ["done/a.txt"]


def test_a_name_in_no_encoding_is_taken_and_told_in_plain_signs(drop: Drop) -> None:
    name = os.fsdecode(b"caf\xe9\x1b[2J.txt")
    drop.put(name, "x" * (MAX_RAW_BYTES + 1))
    drop.put("b" + name, "one")

    assert drop.look() == [b"one"]
    assert drop.problem.startswith("caf\\udce9\\x1b[2J.txt: ")


def test_it_goes_on_until_it_is_told_to_stop(tmp_path: Path) -> None:
    async def watch_two_files() -> list[bytes]:
        drop = Drop(tmp_path)
        drop.put("a.txt", "one")
        watching = asyncio.create_task(run(drop.shift, drop.desk.door, drop.desk.ledger))
        await drop.desk.brokers.until(1)
        drop.put("b.txt", "two")
        await drop.desk.brokers.until(2)
        drop.desk.stop.set()
        await watching
        return drop.desk.brokers.data

    assert asyncio.run(watch_two_files()) == [b"one", b"two"]
