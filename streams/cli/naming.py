"""From what people type to the one leader they mean, or to the candidates."""

import difflib
from collections.abc import Sequence

from streams.cli.failures import UnusableError
from streams.core.knowledge import Leader
from streams.core.searching import plain

_MOST = 10


def resolve(said: str, known: Sequence[Leader], otherwise: Sequence[str] = ()) -> Leader:
    """The leader with this id, name, spelling or surname; accents and capitals do not matter.

    Raises `UnusableError` with the candidates where it may be several or none; `otherwise` is told
    where there are no candidates.
    """
    wanted = plain(said)
    by_id = [leader for leader in known if leader.id == said.strip()]
    found = by_id or _named(wanted, known) or _surnamed(wanted, known)
    if len(found) == 1:
        return found[0]
    if found:
        raise UnusableError(f"{said!r} may be:", _lines(found))
    close = _close(wanted, known)
    title = f"nobody is known as {said!r}"
    if close:
        raise UnusableError(f"{title}; did you mean:", _lines(close))
    raise UnusableError(f"{title}{':' if otherwise else '.'}", otherwise)


def _named(wanted: str, known: Sequence[Leader]) -> list[Leader]:
    return [
        leader
        for leader in known
        if wanted in {plain(name) for name in (leader.name, *leader.aliases)}
    ]


def _surnamed(wanted: str, known: Sequence[Leader]) -> list[Leader]:
    return [
        leader
        for leader in known
        if wanted in {plain(name) for name in leader.surnames}
        or wanted in plain(leader.name).split()
    ]


def _close(wanted: str, known: Sequence[Leader]) -> list[Leader]:
    by_name = {plain(leader.name): leader for leader in known}
    by_name |= {leader.id.replace("-", " "): leader for leader in known}
    close = difflib.get_close_matches(wanted, by_name, n=_MOST, cutoff=0.6)
    return list({by_name[name].id: by_name[name] for name in close}.values())


def _lines(leaders: list[Leader]) -> list[str]:
    shown = [f"{leader.id}  {leader.name} ({leader.country or '-'})" for leader in leaders[:_MOST]]
    more = len(leaders) - len(shown)
    return [*shown, *([f"and {more} more"] if more else [])]
