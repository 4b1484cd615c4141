"""The ids of people whom no file knows: how they are made, and what they say of their home.

The same name and country give the same id, across languages and spellings. Who gets one is decided
by the reader, and who it really is by an editor.
"""

from typing import Final

from schemas.base import CountryCode, LeaderId
from streams.core.spellings import spelling_key

PREFIX: Final = "provisional:"
_UNKNOWN: Final = "xx"
"""In place of a country that no story has told."""


def provisional_id(name: str, country: CountryCode | None) -> LeaderId:
    """The id of somebody of this name and country."""
    return LeaderId(f"{PREFIX}{(country or _UNKNOWN).lower()}:{spelling_key(name)}")


def is_provisional(leader: str) -> bool:
    """Whether an id was made so."""
    return leader.startswith(PREFIX)


def country_in(provisional: str) -> CountryCode | None:
    """The country that an id made so has; `None` where none was known."""
    code = provisional.removeprefix(PREFIX).partition(":")[0]
    return None if code == _UNKNOWN else code.upper()
