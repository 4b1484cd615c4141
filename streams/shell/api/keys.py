"""The keys of those who may ask, what each may do, and the file that names them.

A key is 256 random bits, made by `dragoman api-keys new` and shown once; the file has its SHA-256
alone. A slow hash such as scrypt protects what people choose and others can guess; of so many
random bits nobody tries a noticeable part, so a fast one is as safe and costs no time a request.
All that is wrong with the file is told at once. How a request carries its key is not known here.
"""

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from schemas.subscriptions import SLUG
from streams.knowledge.faults import Fault, Faults
from streams.shell.toml_lines import Table, read_tables

Scope = Literal["read", "calendar", "subscriptions", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""`read`: all but subscriptions; `calendar`: calendars alone; `subscriptions`: to see and change
subscriptions and silences; `admin`: all of it, with references to secrets and silences for all."""

_IMPLIED: dict[Scope, frozenset[Scope]] = {
    "read": frozenset(("read", "calendar")),
    "calendar": frozenset(("calendar",)),
    "subscriptions": frozenset(("subscriptions",)),
    "admin": frozenset(SCOPES),
}
OPEN: frozenset[Scope] = _IMPLIED["read"]
"""What anyone may where the operator leaves the API open."""

PREFIX = "drg_"
"""Begins each key, so that one that was published by mistake can be found."""
_HASH = re.compile(r"^sha256:[0-9a-f]{64}$")
_NAMES = ("id", "owner", "scopes", "hash")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may do."""

    id: str
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        """Whether this is within the scopes, or implied by one of them."""
        return any(scope in _IMPLIED[each] for each in self.scopes)


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the file. Holds the digest of a key, never the key."""

    id: str
    owner: str
    scopes: frozenset[Scope]
    digest: bytes


class KeysError(Exception):
    """The keys file cannot be used; `faults` has all that is wrong, by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


class Keys:
    """All keys of a file. Immutable after it is made."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._keys = tuple(keys)

    def caller(self, given: str) -> Caller | None:
        """Whose key this is. Every digest is compared, so that time tells nothing."""
        digest = sha256(given.encode("utf-8", "surrogatepass")).digest()
        found: Key | None = None
        for key in self._keys:
            if hmac.compare_digest(digest, key.digest):
                found = key
        return None if found is None else Caller(found.id, found.scopes)

    def listed(self) -> tuple[Key, ...]:
        """All of them, in the order of the file."""
        return self._keys


def new_key() -> str:
    """A key that nobody has. To be shown once and kept nowhere."""
    return PREFIX + secrets.token_urlsafe(32)


def entry(id_: str, owner: str, scopes: Iterable[Scope], key: str) -> str:
    """The table of the file that lets this key in."""
    shown = ", ".join(f'"{scope}"' for scope in scopes)
    said = owner.replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'[[key]]\nid = "{id_}"\nowner = "{said}"\nscopes = [{shown}]\n'
        f'hash = "sha256:{sha256(key.encode()).hexdigest()}"\n'
    )


def load_keys(path: Path) -> Keys:
    """The keys of a file. Raises `KeysError` with all faults at once."""
    faults, shown = Faults(), str(path)
    tables = read_tables(path, "key", faults)
    found = [(table, key) for table in tables if (key := _key(shown, table, faults)) is not None]
    for what in ("id", "digest"):
        seen: set[object] = set()
        for table, key in found:
            if getattr(key, what) in seen:
                word = "hash" if what == "digest" else what
                problem = f"another key has the same {word}"
                faults.add(shown, table.line_of(word), problem, "make a new one")
            seen.add(getattr(key, what))
    if faults.found:
        raise KeysError(faults.found)
    return Keys(key for _, key in found)


def _key(file: str, table: Table, faults: Faults) -> Key | None:
    wrong = list(_wrong(table.content))
    for name, problem, remedy in wrong:
        faults.add(file, table.line_of(name), problem, remedy)
    if wrong:
        return None
    said = table.content
    digest = bytes.fromhex(said["hash"].removeprefix("sha256:"))
    return Key(said["id"], said["owner"], frozenset(said["scopes"]), digest)


def _wrong(said: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    """Name, problem and remedy of whatever is wrong with an entry."""
    for name in said.keys() - set(_NAMES):
        yield name, f"there is no key {name!r}", f"the keys are {', '.join(_NAMES)}"
    id_, owner, scopes = said.get("id"), said.get("owner"), said.get("scopes")
    if not isinstance(id_, str) or not re.match(SLUG, id_):
        yield "id", "id is missing or wrong", "lower-case letters, digits and hyphens"
    if not isinstance(owner, str) or not owner.strip():
        yield "owner", "owner is missing", "say in words whose key it is"
    if not isinstance(scopes, list) or not scopes or not set(map(str, scopes)) <= set(SCOPES):
        yield "scopes", "scopes are missing or wrong", f"a list of {', '.join(SCOPES)}"
    if not isinstance(said.get("hash"), str) or not _HASH.match(said["hash"]):
        yield "hash", "hash is missing or wrong", "take the entry `dragoman api-keys new` prints"
