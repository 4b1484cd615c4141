"""Where people are at home: by the leader file, or by the id that the reader made for them."""

from schemas.base import CountryCode, LeaderId
from streams.core.knowledge import Knowledge
from streams.core.provisional import country_in, is_provisional


class HomeCountries:
    """Home countries by leader id. Immutable after it is made."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._by_id = {each.id: each.country for each in knowledge.leaders}

    def of(self, leader: LeaderId) -> CountryCode | None:
        """`None` for heads of international organisations, and where it is not known."""
        return country_in(leader) if is_provisional(leader) else self._by_id.get(leader)
