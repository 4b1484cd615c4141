"""The wire that the drills and the pipeline's bench run on: repeatable, and not too tame."""

import itertools

from packaged import packaged_knowledge

from bench.invented_wire import invented_wire
from schemas.alerts import ALERT_KINDS
from schemas.stories import Story
from streams.core.reader import RuleReader
from streams.core.replay import Replay
from streams.core.wire import Arrival, Refusal, parse


def test_the_same_seed_gives_the_same_wire_and_another_seed_another() -> None:
    knowledge = packaged_knowledge()
    one, same, other = (
        list(itertools.islice(invented_wire(knowledge, seed, garbage=0.01), 500))
        for seed in (1, 1, 2)
    )
    assert one == same
    assert {item.data for item in one}.isdisjoint(item.data for item in other)


def test_everything_an_alert_can_go_through_is_in_it_and_only_garbage_is_refused() -> None:
    knowledge = packaged_knowledge()
    replay, kinds = Replay(RuleReader(knowledge)), set()
    for item in itertools.islice(invented_wire(knowledge, 1, garbage=0.01), 1_000):
        parsed = parse(item.data, Arrival(feed="any", format="ninjs", received_at=item.at))
        assert isinstance(parsed, Refusal) is item.is_garbage
        if isinstance(parsed, Story):
            kinds |= {alert.data.kind for alert in replay.feed(parsed)}
    assert kinds == set(ALERT_KINDS)
