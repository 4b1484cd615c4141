"""The tail of a topic in memory against a list that forgets nothing."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from streams.shell.api.tail import Order, Tail


@dataclass(frozen=True)
class Sent:
    partition: int
    offset: int
    at_ms: int
    id: str


@st.composite
def logs(draw: st.DrawFn) -> list[Sent]:
    """Messages of two partitions as a consumer may get them; some ids come again."""
    count = draw(st.integers(0, 30))
    ends = [draw(st.integers(0, 5)), draw(st.integers(0, 5))]
    sent = []
    for _ in range(count):
        partition = draw(st.integers(0, 1))
        # The same key is always in the same partition.
        id_ = f"{partition}:{draw(st.integers(0, 15))}"
        sent.append(Sent(partition, ends[partition], draw(st.integers(0, 50)), id_))
        ends[partition] += 1
    return sent


def tail_of(log: list[Sent], most: int) -> Tail[Sent]:
    tail: Tail[Sent] = Tail(most, id_of=lambda each: each.id)
    for each in log:
        tail.take(each.partition, each.offset, each.at_ms, each)
    return tail


def once(log: list[Sent]) -> list[Sent]:
    first: dict[str, Sent] = {}
    for each in log:
        first.setdefault(each.id, each)
    return list(first.values())


@given(logs(), st.integers(1, 8))
def test_a_list_from_memory_is_the_newest_end_of_the_whole_list(log: list[Sent], most: int) -> None:
    order = Order()
    places = {each: order.place(each.partition, each.offset, each.at_ms) for each in log}
    whole = sorted(once(log), key=lambda each: places[each], reverse=True)
    tail = tail_of(log, most)
    found = list(tail.newest_first())

    assert [each.record for each in found] == whole[: len(found)]
    assert [each.place for each in found] == [places[each.record] for each in found]
    assert tail.let_go or len(found) == len(whole)
    for each in found:
        before = [later.record for later in tail.newest_first(each.place)]
        assert before == [later for later in whole[: len(found)] if places[later] < each.place]


@given(logs(), st.integers(1, 8), st.data())
def test_whoever_was_here_gets_what_came_since_or_hears_that_it_is_gone(
    log: list[Sent], most: int, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(log)))
    tail = tail_of(log[:cut], most)
    count, positions = tail.count, dict(tail.positions)
    for each in log[cut:]:
        tail.take(each.partition, each.offset, each.at_ms, each)
    expected = [each for each in once(log) if log.index(each) >= cut]

    fresh = tail.since(count)
    assert fresh is None or [each.record for each in fresh] == expected
    assert (fresh is None) == (len(expected) > most)
    if tail.has_from(positions):
        assert [each.record for each in tail.after(positions)] == expected
    assert not tail.is_beyond(positions)


@given(logs())
def test_places_grow_within_a_partition_though_clocks_step_back(log: list[Sent]) -> None:
    order, latest = Order(), {0: (-1, 0, 0), 1: (-1, 0, 0)}
    for each in log:
        place = order.place(each.partition, each.offset, each.at_ms)
        assert place > latest[each.partition]
        latest[each.partition] = place


@given(logs(), st.integers(1, 8))
def test_to_read_the_log_again_changes_nothing(log: list[Sent], most: int) -> None:
    tail = tail_of(log, most)
    before = [each.record for each in tail.newest_first()]
    for each in log:
        assert not tail.take(each.partition, each.offset, each.at_ms, each)
    assert [each.record for each in tail.newest_first()] == before


def test_positions_behind_all_that_came_are_told_from_those_of_a_log_that_was_cut() -> None:
    tail: Tail[Sent] = Tail(5)
    tail.reaches({0: 100, 1: 0})

    assert not tail.is_beyond({0: 100})
    assert tail.is_beyond({0: 101})
    assert tail.has_from({0: 100, 1: 0})
    assert not tail.has_from({0: 99, 1: 0})
