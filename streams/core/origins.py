"""Where a name is usual: a hint at the country of somebody whom no file knows.

Given names and endings of family names are data; a name in few countries says more than one that
half the world bears. It proposes a country among those of a story and never decides alone.
"""

from collections.abc import Sequence
from typing import Final

from streams.core.knowledge import GivenNames
from streams.core.matching import fold
from streams.core.spellings import spelling_key

_FEW: Final = 3
_SOME: Final = 7
_SHORTEST = 2


class Origins:
    """Asks the lists of names. Immutable after it is made."""

    def __init__(self, given_names: Sequence[GivenNames]) -> None:
        self._words: dict[str, dict[str, int]] = {}
        self._endings: dict[str, dict[str, int]] = {}
        for entry in given_names:
            few = len(entry.countries)
            weight = 3 if few <= _FEW else 2 if few <= _SOME else 1
            for name in entry.names:
                if name.startswith("*"):
                    known = self._endings.setdefault(fold(name[1:]).lower(), {})
                else:
                    known = self._words.setdefault(spelling_key(name), {})
                for country in entry.countries:
                    known[country] = max(weight, known.get(country, 0))
        self._longest = max(map(len, self._endings), default=0)

    def of(self, words: Sequence[str]) -> dict[str, int]:
        """Countries in which a name of these words is usual, with how much each word says."""
        found: dict[str, int] = {}
        for word in words:
            for country, weight in self._words.get(spelling_key(word), {}).items():
                found[country] = found.get(country, 0) + weight
        for country, weight in self._ending(fold(words[-1]).lower()).items():
            found[country] = found.get(country, 0) + weight
        return found

    def _ending(self, word: str) -> dict[str, int]:
        """Of the longest ending that is listed."""
        for length in range(min(self._longest, len(word) - _SHORTEST), 0, -1):
            known = self._endings.get(word[-length:])
            if known is not None:
                return known
        return {}
