"""Trays by subscription and leader: the table, and what is decided of it and not kept yet."""

from collections.abc import Callable, Iterable

from schemas.base import AlertId, LeaderId
from schemas.deliveries import Tray
from streams.shell.tables import StateTable


class Trays:
    """For one event loop; only an agent that has a message in hand can keep."""

    def __init__(self, table: StateTable[Tray], assigned: Callable[[], object]) -> None:
        """`assigned` gives another object after each rebalance."""
        self._table = table
        self._assigned = assigned
        self._decided: dict[str, Tray] = {}
        self._as_of: object = None
        self._leader: dict[tuple[str, AlertId], LeaderId] = {}
        """In whose tray an alert lies. Empty before somebody asks: most workers never do."""

    def get(self, subscription: str, leader: LeaderId) -> Tray | None:
        """As it is, or will be when all that is decided is kept."""
        key = _key(subscription, leader)
        return self._decided.get(key) or self._table.get(key)

    def leader_of(self, subscription: str, alert: AlertId) -> LeaderId | None:
        """In whose tray an alert lies. Reads the whole table where partitions have moved since."""
        if self._as_of is not self._assigned():
            self._as_of, self._leader = self._assigned(), {}
            for _, tray in self._table.records():
                self._note(tray)
            for tray in self._decided.values():
                self._note(tray)
        return self._leader.get((subscription, alert))

    def packed(self, trays: Iterable[Tray]) -> dict[str, bytes]:
        """The bytes to be kept, by key. Raises `StateTooLargeError`."""
        return {_key_of(tray): self._table.packed(tray) for tray in trays}

    def decide(self, trays: Iterable[Tray]) -> None:
        """Shows them from now on, until they are kept or let go."""
        for tray in trays:
            self._decided[_key_of(tray)] = tray
            if self._as_of is self._assigned():
                self._note(tray)

    def keep(self, bytes_of: dict[str, bytes]) -> None:
        """Sets the table to what `packed` gave."""
        for key, value in bytes_of.items():
            self._table.put(key, value)

    def let_go(self, trays: Iterable[Tray]) -> None:
        """Forgets that they were decided, where nothing later was."""
        for tray in trays:
            if self._decided.get(_key_of(tray)) is tray:
                del self._decided[_key_of(tray)]

    def _note(self, tray: Tray) -> None:
        self._leader |= {(tray.subscription, each.alert): tray.leader for each in tray.entries}


def _key(subscription: str, leader: LeaderId) -> str:
    return f"{subscription} {leader}"


def _key_of(tray: Tray) -> str:
    return _key(tray.subscription, tray.leader)
