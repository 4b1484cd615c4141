"""Text as people type it into a search: without accents, capitals and punctuation.

Whether two names are one person's is not decided here (`streams.core.spellings`).
"""

import unicodedata
from collections.abc import Iterable


def plain(text: str) -> str:
    """Without accents, capitals and punctuation, the words apart by one space each."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(
        sign if sign.isalnum() else " " for sign in folded if not unicodedata.combining(sign)
    )
    return " ".join(letters.split())


def words(text: str) -> tuple[str, ...]:
    """The words of a text as they are looked for."""
    return tuple(plain(text).split())


def finds(said: str, names: Iterable[tuple[str, ...]]) -> bool:
    """Whether all words of what is said begin words of one of these names, given as `words`."""
    wanted = words(said)
    return any(
        all(any(word.startswith(each) for word in name) for each in wanted) for name in names
    )
