"""The ledger: what was sent is known, and to lose the file is no disaster."""

from datetime import timedelta
from pathlib import Path

import pytest
from intake_desk import START

from streams.shell.intake.ledger import KEPT, Ledger, LedgerError, ledger_path
from streams.shell.settings import Settings

ONE, TWO = b"1" * 32, b"2" * 32


def opened(path: Path) -> Ledger:
    return Ledger(path / "ledger.sqlite3")


def test_what_a_source_has_sent_is_known_after_a_restart(tmp_path: Path) -> None:
    opened(tmp_path).note("wire", [ONE], START)  # not closed, as when it is killed

    assert opened(tmp_path).seen("wire", [ONE, TWO]) == {ONE}


def test_sources_do_not_know_of_each_other(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.note("wire", [ONE], START)
    ledger.remember("wire", "etag", "abc")

    assert ledger.seen("other", [ONE]) == frozenset()
    assert ledger.recall("other", "etag") is None


def test_a_question_about_more_than_sqlite_takes_at_once_is_answered(tmp_path: Path) -> None:
    digests = [number.to_bytes(32) for number in range(2_345)]
    ledger = opened(tmp_path)
    ledger.note("wire", digests, START)

    assert ledger.seen("wire", [*digests, ONE]) == set(digests)


@pytest.mark.parametrize(
    ("age", "known"),
    [
        pytest.param(KEPT - timedelta(seconds=1), True, id="not_yet_old"),
        pytest.param(KEPT + timedelta(seconds=1), False, id="old"),
    ],
)
def test_digests_go_when_they_are_old(tmp_path: Path, age: timedelta, known: bool) -> None:
    ledger = opened(tmp_path)
    ledger.note("wire", [ONE], START)
    ledger.note("wire", [TWO], START + age)

    assert ledger.seen("wire", [ONE]) == ({ONE} if known else set())


def test_a_digest_that_is_seen_again_stays(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    for days in (0, 50, 100):
        ledger.note("wire", [ONE], START + timedelta(days=days))

    assert ledger.seen("wire", [ONE]) == {ONE}


def test_a_fact_is_remembered_replaced_and_forgotten(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.remember_all("wire", {"a:1": "x", "a:2": "y", "b:1": "z"})
    ledger.remember("wire", "a:1", "new")
    ledger.remember("wire", "a:2", None)

    assert opened(tmp_path).recall("wire", "a:1") == "new"
    assert ledger.recall_all("wire", "a:") == {"a:1": "new"}


def test_a_damaged_file_is_put_aside_and_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"no database " * 1_000)
    ledger = opened(tmp_path)
    ledger.note("wire", [ONE], START)

    assert ledger.seen("wire", [ONE]) == {ONE}
    assert (tmp_path / "ledger.sqlite3.damaged").exists()


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="nowhere"):
        Ledger(tmp_path / "nowhere" / "ledger.sqlite3")


def test_it_lies_in_the_data_directory_or_beside_the_sources(tmp_path: Path) -> None:
    sources = tmp_path / "wires.toml"
    data = tmp_path / "data"

    assert ledger_path(Settings(data_dir=data, sources_file=sources)).parent == data
    assert data.is_dir()
    assert ledger_path(Settings(sources_file=sources)).parent == tmp_path
