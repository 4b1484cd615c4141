"""Where people are at home: by the leader file, or by the id that the reader made for them."""

from collections.abc import Iterable

from schemas.base import CountryCode, LeaderId
from streams.core.knowledge import Leader
from streams.core.provisional import country_in, is_provisional


class HomeCountries:
    """Home countries by leader id. Immutable after it is made."""

    def __init__(self, leaders: Iterable[Leader]) -> None:
        self._by_id = {each.id: each.country for each in leaders}

    def of(self, leader: LeaderId) -> CountryCode | None:
        """`None` for heads of international organisations, and where it is not known."""
        return country_in(leader) if is_provisional(leader) else self._by_id.get(leader)
