"""Two lists of alerts compared: what a new reader or new data gain, lose and change.

Alerts are the same by their ids; ids come from content, so one that moved (another first window,
say) is lost and gained.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streams.cli.failures import UnusableError

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One alert as it is listed."""

    event: Event

    @property
    def line(self) -> str:
        """Id, kind, who, where and when."""
        data = self.event.get("data", {})
        dates = data.get("dates") or {}
        when = "..".join(str(dates.get(end) or "") for end in ("start", "end")).strip(".")
        parts = (
            self.event.get("id"),
            data.get("kind"),
            self.event.get("subject"),
            data.get("country"),
            when,
        )
        return " ".join(str(part) for part in parts if part)


@dataclass(frozen=True, slots=True)
class Changed:
    """An alert with the same id and other words. `fields` are those of its data that differ."""

    before: Told
    after: Told
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it. Gained and changed in the order of the new list, lost in that of the old."""

    gained: tuple[Told, ...]
    lost: tuple[Told, ...]
    changed: tuple[Changed, ...]
    same: int

    @property
    def is_same(self) -> bool:
        """Whether there is no difference at all."""
        return not (self.gained or self.lost or self.changed)


def compare(before: list[Event], after: list[Event]) -> Comparison:
    """What differs from the alerts before to those after. An id twice counts once."""
    old = {str(event.get("id")): event for event in before}
    new = {str(event.get("id")): event for event in after}
    changed = tuple(
        Changed(Told(old[key]), Told(event), _different(old[key], event))
        for key, event in new.items()
        if key in old and old[key] != event
    )
    return Comparison(
        gained=tuple(Told(event) for key, event in new.items() if key not in old),
        lost=tuple(Told(event) for key, event in old.items() if key not in new),
        changed=changed,
        same=sum(1 for key in new if key in old) - len(changed),
    )


def read_alerts(file: Path) -> list[Event]:
    """The alerts in a file, one JSON object a line.

    Raises `UnusableError` with every line that is none.
    """
    alerts: list[Event] = []
    faults: list[str] = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError as error:
            faults.append(f"{file}, line {number}: {error}")
            continue
        if isinstance(event, dict) and "id" in event:
            alerts.append(event)
        else:
            faults.append(f"{file}, line {number}: no alert")
    if faults:
        raise UnusableError("these are no alerts:", faults)
    return alerts


def _different(before: Event, after: Event) -> tuple[str, ...]:
    one, other = before.get("data"), after.get("data")
    if not (isinstance(one, dict) and isinstance(other, dict)) or one == other:
        one, other = before, after
    return tuple(sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key)))
