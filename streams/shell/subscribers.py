"""The subscriptions file: who wants to hear of what, checked against what is known.

All that is wrong is told at once, each with file, line and remedy, and never with a secret. What a
subscription means is decided in `streams.core.subscribing`.
"""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schemas.subscriptions import ALERT_LOG, Subscription
from streams.channels.opening import target_fault
from streams.channels.webhook import secret_fault
from streams.core.knowledge import Knowledge
from streams.core.provisional import is_provisional
from streams.core.subscribing import never_matches
from streams.knowledge.faults import Fault, Faults
from streams.shell.secret import REMEDY, Secret, SecretError, is_reference
from streams.shell.toml_lines import Table, read_tables

_NOT_OF_A_FILE = frozenset({"type", "origin", "state"})
"""What the service itself says of a subscription."""

_TAKEN = "choose another"


class SubscriptionsError(Exception):
    """The subscriptions file cannot be used; `faults` has all that is wrong, by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


def load_subscriptions(
    path: Path, knowledge: Knowledge, environ: Mapping[str, str]
) -> tuple[Subscription, ...]:
    """The subscriptions of a file, in its order. `environ`: where `env:` looks.

    Raises `SubscriptionsError` with all faults at once.
    """
    faults, shown = Faults(), str(path)
    found: list[tuple[Table, Subscription]] = []
    for table in read_tables(path, "subscription", faults):
        each = _subscription(shown, table, faults)
        if each is not None:
            found.append((table, each))
    _check_all(shown, found, knowledge, environ, faults)
    if faults.found:
        raise SubscriptionsError(faults.found)
    return tuple(each for _, each in found)


def _subscription(file: str, table: Table, faults: Faults) -> Subscription | None:
    content = _tuples(table.content)
    for key in sorted(_NOT_OF_A_FILE & content.keys()):
        faults.add(file, table.line_of(key), *_unknown(key))
        del content[key]
    try:
        return Subscription.model_validate(content | {"origin": "file"})
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            key = str(each["loc"][0]) if each["loc"] else "id"
            faults.add(file, table.line_of(key), *_told(key, each["type"], each["msg"]))
        return None


def _tuples(value: Any) -> Any:
    """Lists as tuples: records are frozen, and take nothing else in strict hands."""
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    return {key: _tuples(each) for key, each in value.items()} if isinstance(value, dict) else value


def _told(key: str, kind: str, message: str) -> tuple[str, str]:
    if kind == "extra_forbidden":
        return _unknown(key)
    if kind == "missing":
        return f"{key} is missing", f'write {key} = "…"'
    plain = message.removeprefix("Value error, ").removeprefix("Input should be ")
    return f"{key} is wrong", f"it is to be: {plain}"


def _unknown(key: str) -> tuple[str, str]:
    keys = tuple(name for name in Subscription.model_fields if name not in _NOT_OF_A_FILE)
    close = difflib.get_close_matches(key, keys, n=1)
    remedy = f"did you mean {close[0]}?" if close else f"the keys are {', '.join(keys)}"
    return f"there is no key {key!r}", remedy


def _check_all(
    file: str,
    found: Iterable[tuple[Table, Subscription]],
    knowledge: Knowledge,
    environ: Mapping[str, str],
    faults: Faults,
) -> None:
    known = Known(knowledge)
    first: dict[str, int] = {}
    for table, each in found:
        line = first.setdefault(each.id, table.line_of("id"))
        if line != table.line_of("id"):
            faults.add(
                file,
                table.line_of("id"),
                f"the id {each.id!r} is taken (line {line})",
                _TAKEN,
            )
        if each.id == ALERT_LOG:
            faults.add(
                file, line, f"the id {ALERT_LOG!r} is that of the worker's alert log", _TAKEN
            )
        for key, problem, remedy in known.faults(each):
            faults.add(file, table.line_of(key), problem, remedy)
        why = never_matches(each)
        if why is not None:
            faults.add(file, table.line_of("id"), f"nothing could ever match: {why}", "widen it")
        for key, problem, remedy in _way_faults(each, environ):
            faults.add(file, table.line_of(key), problem, remedy)


def _way_faults(each: Subscription, environ: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Key, problem and remedy of what is wrong with where it is to be brought."""
    for reference in each.secret:
        if not is_reference(reference):
            yield "secret", "a secret stands in the open", REMEDY
            continue
        try:
            fault = secret_fault(Secret(reference, environ).reveal())
        except SecretError as error:
            yield "secret", f"secret resolves to nothing: {error}", "put the secret there"
        else:
            if fault is not None:
                yield "secret", f"{reference} will not do", fault
    target = each.target
    if is_reference(target):
        try:
            target = Secret(target, environ).reveal()
        except SecretError as error:
            yield "target", f"target resolves to nothing: {error}", "put the address there"
            return
    fault = target_fault(each, target)
    if fault is not None:
        key = "secret" if each.secret and each.channel != "webhook" else "target"
        problem, _, remedy = fault.partition(": ")
        yield key, problem, remedy


class Known:
    """What the data files know, to look names up in."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._leaders = {each.id: each for each in knowledge.leaders}
        self._countries = {each.code for each in knowledge.countries}
        self._topics = {each.id for each in knowledge.topics}
        self._languages = set(knowledge.lexicons)

    def faults(self, each: Subscription) -> Iterable[tuple[str, str, str]]:
        """Key, problem and remedy of whatever names nothing."""
        for leader in each.leaders:
            if leader not in self._leaders and not is_provisional(leader):
                yield "leaders", f"nobody has the id {leader!r}", self._near(leader)
        for key, codes in (
            ("of_countries", each.of_countries),
            ("to_countries", each.to_countries),
        ):
            for code in codes:
                if code not in self._countries:
                    yield key, f"{code!r} is no country", "write it as in ISO 3166-1, such as EC"
        for topic in each.topics:
            if topic not in self._topics:
                yield "topics", f"there is no topic {topic!r}", _one_of(topic, self._topics)
        for language in each.languages:
            if language not in self._languages:
                remedy = _one_of(language, self._languages)
                yield "languages", f"the language {language!r} is not read", remedy
        yield from self._homeless(each)

    def _near(self, leader: str) -> str:
        close = difflib.get_close_matches(leader, self._leaders, n=1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        return f"{meant}`dragoman leaders list --former` has all"

    def _homeless(self, each: Subscription) -> Iterable[tuple[str, str, str]]:
        """Leaders who are at home in none of the countries, where they are to travel themselves."""
        homes = {self._leaders[key].country for key in each.leaders if key in self._leaders}
        strangers = homes and not homes & {*each.of_countries, None}
        if each.of_countries and strangers and not any(k.startswith("inv") for k in each.kinds):
            shown = ", ".join(sorted(home for home in homes if home))
            yield (
                "of_countries",
                f"its leaders are at home in {shown}",
                "take one of the two filters out: each must pass",
            )


def _one_of(value: str, choices: Iterable[str]) -> str:
    close = difflib.get_close_matches(value, sorted(choices), n=1)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return f"{meant}they are {', '.join(sorted(choices))}"
