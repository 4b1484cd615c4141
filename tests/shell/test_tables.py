"""How much of a leader is kept in a worker's table."""

from collections.abc import Iterable
from itertools import islice
from typing import cast

import faust
from pydantic import TypeAdapter

from schemas.codec import decode_as, encode
from schemas.dossiers import Dossier
from schemas.reports import Report, Withdrawal
from streams.core.alerts import weigh
from streams.core.fold import fold
from streams.core.keeping import LIMITS
from streams.shell.tables import (
    DOSSIERS_TABLE,
    MOST_RECENT,
    PLAIN_BYTES,
    StateTable,
    pack,
    unpack,
)
from tests.core.strategies import KAST
from tests.core.years import years_of_reports

MOST_BYTES = 64 * 1024


def folded(wire: Iterable[Report | Withdrawal], decided: int = 0) -> list[Dossier]:
    """The dossier after each message; the alerts of the last so many are decided as well."""
    messages = list(wire)
    dossiers = [Dossier(leader=KAST.id)]
    for number, message in enumerate(messages):
        before, after = dossiers[-1], fold(dossiers[-1], message)
        if number >= len(messages) - decided:
            after = weigh(before, after, message).dossier
        dossiers.append(after)
    return dossiers


def test_after_twenty_years_of_daily_reports_a_dossier_is_as_small_as_after_two() -> None:
    dossiers = folded(years_of_reports(20), decided=400)
    # The work of a fold goes by what is held.
    held = [len(each.reports) + len(each.editions) for each in dossiers]
    early = len(held) // 10

    assert len(dossiers[-1].ledger) > 20
    assert max(held[early:]) <= max(held[:early]) * 1.1
    assert len(pack(dossiers[-1])) <= MOST_BYTES


def test_a_dossier_that_is_as_full_as_can_be_is_still_small() -> None:
    dossier = folded(islice(years_of_reports(1, stories_a_day=12), 1500), decided=200)[-1]

    assert len(dossier.reports) > LIMITS.newest + LIMITS.lasting / 2
    assert len(dossier.ledger) > 20
    assert len(pack(dossier)) <= MOST_BYTES


def test_a_great_record_is_kept_compressed_and_read_back_whole() -> None:
    great = folded(islice(years_of_reports(1), 60))[-1]
    small = Dossier(leader=great.leader)

    assert len(encode(great)) > PLAIN_BYTES
    assert len(pack(great)) < len(encode(great)) / 3
    assert decode_as(TypeAdapter(Dossier), unpack(pack(great))) == great
    assert (pack(small), unpack(pack(small))) == (encode(small), encode(small))


def test_a_record_is_given_as_the_table_holds_it_also_if_it_was_packed_and_not_put() -> None:
    held: dict[bytes, bytes] = {}
    table = StateTable(DOSSIERS_TABLE, cast("faust.Table[bytes, bytes]", held))
    before, after = folded(islice(years_of_reports(1), 60))[-2:]

    table.put("kast", table.packed(before))
    table.packed(after)
    assert table.get("kast") is before

    table.put("kast", table.packed(after))
    assert table.get("kast") is after

    for number in range(MOST_RECENT):
        table.packed(after.model_copy(update={"leader": f"leader-{number}"}))
    again = table.get("kast")
    assert again == after
    assert again is not after
