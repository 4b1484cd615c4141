"""The view that is made from messages: the newest counts, and what is broken hides nothing."""

import asyncio
import zlib
from datetime import UTC, datetime

import pytest

from schemas.base import LeaderId
from schemas.codec import encode
from schemas.dossiers import Dossier
from schemas.leaders import LeaderEdit
from schemas.subscriptions import Silence, Subscription
from streams.shell.api.view import View
from streams.shell.record import Message
from streams.shell.tables import pack

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def message(key: str, value: bytes, offset: int = 0) -> Message:
    return Message("any", 0, offset, 1_000, key.encode(), value, ())


def dossier(leader: str, name: str | None = None, **told: object) -> Message:
    """Of somebody called so, in the state of the table."""
    edit = LeaderEdit(
        leader=LeaderId(leader), action="rename", name=name, edited_at=NOON, editor="desk"
    )
    fields = {"leader": leader, "renamed": edit if name else None} | told
    return message(leader, pack(Dossier.model_validate(fields)))


def refused(leader: str) -> Message:
    fate = LeaderEdit(leader=LeaderId(leader), action="refuse", edited_at=NOON, editor="desk")
    return dossier(leader, fate=fate)


def settled(*before: Message, after: tuple[Message, ...] = ()) -> View:
    view = View(home_of=lambda _: None)
    for each in before:
        view.take_dossier(each)
    assert list(view.dossiers.all()) == []
    asyncio.run(view.dossiers.settle())
    for each in after:
        view.take_dossier(each)
    return view


def names(view: View) -> dict[str, str]:
    return {each.view.id: each.view.name for each in view.dossiers.all()}


def test_the_newest_dossier_of_a_leader_counts_before_and_after_all_have_come() -> None:
    view = settled(
        dossier("ada", "Ada"),
        dossier("bob", "Bob"),
        dossier("ada", "Ada II"),
        after=(dossier("bob", "Bob II"), dossier("eve", "Eve")),
    )
    assert names(view) == {"ada": "Ada II", "bob": "Bob II", "eve": "Eve"}


def test_what_left_the_table_leaves_the_view() -> None:
    gone = message("ada", b"")
    assert names(settled(dossier("ada", "Ada"), gone)) == {}
    assert names(settled(dossier("ada", "Ada"), after=(gone,))) == {}


def test_whom_an_editor_refused_is_found_by_id_alone() -> None:
    view = settled(refused("ada"), dossier("bob", "Bob"))
    found = view.dossiers.get("ada")
    assert names(view) == {"bob": "Bob"}
    assert found is not None
    assert found.is_refused


@pytest.mark.parametrize("value", [b"{}", b"\x00", zlib.compress(b"nothing"), b'{"leader": 1}'])
def test_a_dossier_that_cannot_be_read_is_told_and_hides_no_other(
    value: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    view = settled(message("ada", value), dossier("bob", "Bob"), after=(message("eve", value),))
    assert names(view) == {"bob": "Bob"}
    assert "the dossier of ada cannot be read" in caplog.text
    assert "the dossier of eve cannot be read" in caplog.text


def test_subscriptions_and_silences_are_as_they_were_last_put() -> None:
    view = View(home_of=lambda _: None)
    first = Subscription(id="x", owner="a", channel="log", target="-")
    second = first.model_copy(update={"owner": "b"})
    silence = Silence(id="x", countries=("BR",), begins_at=NOON, ends_at=NOON, author="a")
    records: tuple[Subscription | Silence, ...] = (first, silence, second)
    for offset, each in enumerate(records):
        view.take_wish(message(each.key(), encode(each), offset))
    assert (view.subscriptions, view.silences) == ({"x": second}, {"x": silence})

    view.take_wish(message(silence.key(), b"", 3))
    view.take_wish(message(first.key(), b"nonsense", 4))
    assert (view.subscriptions, view.silences) == ({"x": second}, {})
    view.take_wish(message(first.key(), b"", 5))
    assert view.subscriptions == {}
