"""From the text of a sources file to sources, or to all its faults at once.

A table says which keys each way has and how each is checked. Secrets are looked for where they are
referred to, and never told.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from streams.core.canary import FEED as CANARY
from streams.core.wire import AUTO, FORMATS
from streams.knowledge.faults import Faults
from streams.shell.intake.sources import (
    AFTERS,
    ENCODING,
    ENCODINGS,
    ENVELOPE,
    HEADERS,
    ITEM,
    WAY_NAMES,
    Source,
    SourcesError,
)
from streams.shell.secret import REMEDY, Secret, SecretError, is_reference
from streams.shell.settings import PREFIX, Settings, SettingsError, environment, load_settings
from streams.shell.toml_lines import Table, read_tables

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:]+")
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_LONGEST_NAME = 60


def load_sources(path: Path, environ: Mapping[str, str] | None = None) -> tuple[Source, ...]:
    """The sources of a file, in its order. `environ`: where `env:` looks, by default the process.

    Relative directories and `file:` references are taken from where the file is. Raises
    `SourcesError` with all faults at once.
    """
    faults = Faults()
    variables = environment() if environ is None else environ
    tables = read_tables(path, "source", faults)
    sources = _sources(str(path), path.absolute().parent, tables, variables, faults)
    if faults.found:
        raise SourcesError(faults.found)
    return sources


def one_source(where: str, entry: Mapping[str, Any]) -> Source:
    """A source without a file, checked alike. `where` stands for the file in what is told.

    Relative paths are taken from the working directory. Raises `SourcesError`.
    """
    faults = Faults()
    table = Table("source", 0, dict(entry), ())
    source = _source(_Place(where, Path.cwd(), table, "name", environment(), faults))
    if source is None:
        raise SourcesError(faults.found)
    return source


def adhoc_name(way: str, place: str) -> str:
    """A name for a source that has none: of its place, and another for each place."""
    words = re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-").split("-")
    digest = sha256(f"{way} {place}".encode()).hexdigest()[:6]
    named = "-".join(word for word in words[-2:] if word)
    kept = named[: _LONGEST_NAME - len(way) - len(digest) - 2].strip("-")
    return "-".join(part for part in (way, kept, digest) if part)


@dataclass(frozen=True, slots=True)
class _Place:
    """One key of one source, for whoever checks it."""

    file: str
    folder: Path
    table: Table
    key: str
    variables: Mapping[str, str]
    faults: Faults

    def fault(self, problem: str, remedy: str, key: str | None = None) -> None:
        self.faults.add(self.file, self.table.line_of(key or self.key), problem, remedy)


Check = Callable[[_Place, Any], Any]
"""Gives back what a value means; notes a fault where it means nothing."""


def _text(place: _Place, value: Any) -> str | None:
    if isinstance(value, str) and value.strip():
        return value.strip()
    place.fault(f"{place.key} is no text", "write it in double quotes")
    return None


def _one_of(choices: Sequence[str]) -> Check:
    def check(place: _Place, value: Any) -> str | None:
        if isinstance(value, str) and value in choices:
            return value
        close = difflib.get_close_matches(str(value), choices, n=1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        place.fault(f"{place.key} is {value!r}", f"{meant}it is one of {', '.join(choices)}")
        return None

    return check


def _shape(pattern: re.Pattern[str], remedy: str) -> Check:
    def check(place: _Place, value: Any) -> str | None:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        place.fault(f"{place.key} is {value!r}", remedy)
        return None

    return check


def _seconds(least: float, most: float) -> Check:
    def check(place: _Place, value: Any) -> float | None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and least <= value <= most:
            return float(value)
        place.fault(
            f"{place.key} is {value!r}", f"write seconds as a number, from {least:g} to {most:g}"
        )
        return None

    return check


def _flag(place: _Place, value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    place.fault(f"{place.key} is {value!r}", "write true or false, without quotes")
    return None


def _name(place: _Place, value: Any) -> str | None:
    if value == CANARY:
        place.fault(f"name is {value!r}, which is the canary's", "give another name")
        return None
    if isinstance(value, str) and _SLUG.fullmatch(value) and len(value) <= _LONGEST_NAME:
        return value
    place.fault(
        f"name is {value!r}",
        f"write lower-case letters, digits and single hyphens, {_LONGEST_NAME} at most",
    )
    return None


def _directory(place: _Place, value: Any) -> Path | None:
    text = _text(place, value)
    if text is None:
        return None
    path = place.folder / Path(text).expanduser()
    if not path.is_dir():
        place.fault(f"there is no directory {path}", "make it, or correct the path")
        return None
    return path


def _url(place: _Place, value: Any) -> str | None:
    text = _text(place, value)
    if text is None:
        return None
    if is_reference(text):
        secret = _secret(place, text)
        if secret is None:
            return None
        text = secret.reveal().strip()
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        whole = not re.search(r"\s", text)
    except ValueError:
        usable = whole = False
    if not usable or not whole:
        # It is not shown: it may hold a key.
        place.fault("url is no address of the web", "write https://host/path")
        return None
    if "@" in parts.netloc:
        place.fault("url holds a user or password", f"take it out; under credentials {REMEDY}")
        return None
    return text


def _hosts(place: _Place, value: Any) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(
        isinstance(host, str) and _HOST.fullmatch(host.lower()) for host in value
    ):
        return tuple(host.lower() for host in value)
    place.fault(f"{place.key} is no list of hosts", 'write ["host.example", "other.example"]')
    return None


def _secret(place: _Place, value: Any) -> Secret | None:
    if not isinstance(value, str) or not is_reference(value):
        place.fault(f"{place.key} is no reference to a secret", REMEDY)
        return None
    kind, _, name = value.partition(":")
    reference = value if kind == "env" else f"file:{place.folder / Path(name).expanduser()}"
    secret = Secret(reference, place.variables)
    try:
        secret.reveal()
    except SecretError as error:
        place.fault(f"{place.key} resolves to nothing: {error}", "put the secret there")
        return None
    return secret


def _secrets(place: _Place, value: Any) -> tuple[Secret, ...] | None:
    found = [_secret(place, each) for each in (value if isinstance(value, list) else [value])]
    if not found:
        place.fault(f"{place.key} has no reference", REMEDY)
    return None if None in found else tuple(each for each in found if each)


def _brokers(place: _Place, value: Any) -> Settings | None:
    """`env:PREFIX_` for variables PREFIX_BROKER and so on, `file:PATH` for lines NAME=value."""
    if not isinstance(value, str) or not is_reference(value):
        place.fault(
            f"{place.key} is no reference to settings",
            "write env:PREFIX_ for variables PREFIX_BROKER and so on, or file:PATH with such lines",
        )
        return None
    kind, _, where = value.partition(":")
    if kind == "env":
        given = _unprefixed(place.variables, where)
    else:
        secret = _secret(place, value)
        if secret is None:
            return None
        lines = (line.partition("=") for line in secret.reveal().splitlines())
        given = _unprefixed(
            {name.strip(): said.strip() for name, sign, said in lines if sign}, PREFIX
        )
    if PREFIX + "BROKER" not in given:
        place.fault(f"{place.key}: {value} has no BROKER", "set it to host:port there")
        return None
    try:
        return load_settings(given)
    except SettingsError as error:
        for fault in error.faults:
            place.fault(f"{place.key}: {fault.variable}: {fault.problem}", fault.remedy)
        return None


def _unprefixed(variables: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        PREFIX + name.removeprefix(prefix): value
        for name, value in variables.items()
        if name.startswith(prefix)
    }


def _headers(place: _Place, value: Any) -> Mapping[str, str] | None:
    if not isinstance(value, dict):
        place.fault("headers is no table", "write it under [source.headers]")
        return None
    for ours, theirs in value.items():
        if ours not in HEADERS:
            place.fault(f"unknown header {ours!r}", f"they are {', '.join(HEADERS)}", ours)
        elif not isinstance(theirs, str) or not theirs:
            place.fault(f"{ours} names no header", "write the name of their header", ours)
    return MappingProxyType(dict(value))


def _envelope(place: _Place, value: Any) -> Mapping[str, str] | None:
    if not isinstance(value, dict):
        place.fault("envelope is no table", "write it under [source.envelope]")
        return None
    if ITEM not in value:
        place.fault("envelope has no item", f'write {ITEM} = "…", the field that holds the item')
    for ours, theirs in value.items():
        if ours not in ENVELOPE:
            place.fault(f"unknown key {ours!r}", f"they are {', '.join(ENVELOPE)}", ours)
        elif not isinstance(theirs, str) or not all(theirs.split(".")):
            place.fault(f"{ours} names no field", "write its name, or names with dots", ours)
        elif ours == ENCODING and theirs not in ENCODINGS:
            place.fault(f"{ours} is {theirs!r}", f"it is one of {', '.join(ENCODINGS)}", ours)
    return MappingProxyType(dict(value))


_EVERY_WAY: dict[str, Check] = {
    "name": _name,
    "way": _one_of(WAY_NAMES),
    "format": _one_of((AUTO, *FORMATS)),
    "outlet": _text,
    "language": _shape(_LANGUAGE, "write two letters as in ISO 639-1, such as pt"),
    "trust": _one_of(("full", "low")),
    "silence_s": _seconds(1, 366 * 86_400),
}
_OF_WAY: dict[str, dict[str, Check]] = {
    "watch": {
        "directory": _directory,
        "settle_s": _seconds(0, 3_600),
        "after": _one_of(AFTERS),
    },
    "feed": {
        "url": _url,
        "every_s": _seconds(1, 86_400),
        "allowed_hosts": _hosts,
        "private": _flag,
        "credentials": _secret,
    },
    "push": {"key": _secrets},
    "topic": {
        "topic": _shape(_TOPIC, "write the name of a topic: letters, digits, '.', '_' and '-'"),
        "broker": _brokers,
        "headers": _headers,
        "envelope": _envelope,
    },
    "files": {},
}
_NEEDED = {"watch": ("directory",), "feed": ("url",), "push": ("key",), "topic": ("topic",)}
_FIELDS = {"key": "keys", "broker": "brokers"}
"""Keys that are called otherwise in `Source`."""


def _sources(
    file: str,
    folder: Path,
    tables: Sequence[Table],
    environ: Mapping[str, str],
    faults: Faults,
) -> tuple[Source, ...]:
    named: dict[str, int] = {}
    sources = []
    for table in tables:
        place = _Place(file, folder, table, "name", environ, faults)
        source = _source(place)
        name = table.content.get("name")
        if isinstance(name, str):
            first = named.setdefault(name, table.line_of("name"))
            if first != table.line_of("name"):
                place.fault(f"the name {name!r} is taken (line {first})", "give another name")
        if source is not None:
            sources.append(source)
    return tuple(sources)


def _source(place: _Place) -> Source | None:
    content, known_faults = place.table.content, len(place.faults.found)
    way = content.get("way")
    checks = _EVERY_WAY | _OF_WAY.get(str(way), {})
    for needed in ("name", "way", *_NEEDED.get(str(way), ())):
        if needed not in content:
            place.fault(f"{needed} is missing", f'write {needed} = "…"', needed)
    values: dict[str, Any] = {}
    for key, value in content.items():
        here = _Place(place.file, place.folder, place.table, key, place.variables, place.faults)
        if key in checks:
            values[_FIELDS.get(key, key)] = checks[key](here, value)
        elif way in WAY_NAMES or not any(key in keys for keys in _OF_WAY.values()):
            _unknown(here, checks, str(way))
    return Source(**values) if len(place.faults.found) == known_faults else None


def _unknown(place: _Place, checks: Mapping[str, Check], way: str) -> None:
    owners = [other for other, keys in _OF_WAY.items() if place.key in keys]
    if owners:
        place.fault(f"{place.key} is for the way {owners[0]!r}", f"take it out, as this is {way!r}")
        return
    close = difflib.get_close_matches(place.key, checks, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"the keys are {', '.join(checks)}"
    place.fault(f"there is no key {place.key!r}", remedy)
