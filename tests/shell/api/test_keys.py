"""Keys let in whom they should, and the file that names them is checked as a whole."""

from pathlib import Path

import pytest

from streams.shell.api.keys import SCOPES, Caller, KeysError, Scope, entry, load_keys, new_key


def written(path: Path, *tables: str) -> Path:
    file = path / "keys.toml"
    file.write_text("\n".join(tables))
    return file


def test_a_key_is_known_by_its_entry_and_is_not_in_it(tmp_path: Path) -> None:
    key, other = new_key(), new_key()
    told = entry("desk", 'the "night" desk \\ Quito', ["read", "calendar"], key)
    keys = load_keys(written(tmp_path, told))

    assert key not in told
    assert keys.caller(key) == Caller("desk", frozenset(("read", "calendar")))
    assert keys.listed()[0].owner == 'the "night" desk \\ Quito'
    assert [keys.caller(wrong) for wrong in (other, "", key[:-1], key + "a", "ß\ud800")] == [
        None
    ] * 5
    assert len(key) > 43
    assert key != other


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        (["read"], {"read", "calendar"}),
        (["calendar"], {"calendar"}),
        (["subscriptions"], {"subscriptions"}),
        (["calendar", "subscriptions"], {"calendar", "subscriptions"}),
        (["admin"], {"read", "calendar", "subscriptions", "admin"}),
    ],
)
def test_a_scope_implies_what_is_less(scopes: list[Scope], may: set[str]) -> None:
    caller = Caller("x", frozenset(scopes))
    assert {scope for scope in SCOPES if caller.may(scope)} == may


GOOD = f'id = "a"\nowner = "x"\nscopes = ["read"]\nhash = "sha256:{"0" * 64}"\n'


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        (GOOD.replace('"a"', '"A desk"'), 2, "id is missing or wrong"),
        (GOOD.replace('"x"', '" "'), 3, "owner is missing"),
        (GOOD.replace('"read"', '"write"'), 4, "scopes are missing or wrong"),
        (GOOD.replace('["read"]', "[]"), 4, "scopes are missing or wrong"),
        (GOOD.replace("sha256", "md5"), 5, "hash is missing or wrong"),
        (GOOD + "expires = 2027-01-01\n", 6, "there is no key 'expires'"),
        (GOOD + "[[key]]\n" + GOOD.replace("0", "1"), 7, "another key has the same id"),
        (GOOD + "[[key]]\n" + GOOD.replace('"a"', '"b"'), 10, "another key has the same hash"),
        ("id = ", 2, "not TOML"),
    ],
)
def test_what_is_wrong_with_the_file_is_told_with_its_line(
    tmp_path: Path, table: str, line: int, said: str
) -> None:
    with pytest.raises(KeysError) as error:
        load_keys(written(tmp_path, "[[key]]\n" + table))
    assert [(fault.line, fault.problem[: len(said)]) for fault in error.value.faults] == [
        (line, said)
    ]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(KeysError) as error:
        load_keys(written(tmp_path, '[[key]]\nid = "a"\n[[key]]\nid = "b"\n'))
    assert len(error.value.faults) == 6
