"""The canary is a story to every hop, and nobody's news."""

from datetime import UTC, datetime, timedelta

import pytest
from plain_wire import PlainReader

from schemas.alerts import AlertEvent
from schemas.base import LeaderId
from schemas.reports import Report
from schemas.stories import Story
from streams.core.addressing import take
from streams.core.canary import (
    EVENT_TYPE,
    FEED,
    FORMAT,
    CanaryReader,
    is_canary,
    is_story,
    item,
    leader_id,
    marked,
    story_id,
)
from streams.core.editions import report
from streams.core.provisional import provisional_id
from streams.core.reader import RuleReader
from streams.core.wire import Arrival, parse
from streams.knowledge import load

SENT = datetime(2026, 11, 26, 23, 59, 59, 123456, tzinfo=UTC)


def parsed(feed: str = FEED, sent: datetime = SENT) -> Story:
    story = parse(item(3, 5, sent), Arrival(feed=feed, format=FORMAT, received_at=sent))
    assert isinstance(story, Story)
    return story


def sent_through(story: Story) -> tuple[Report, AlertEvent]:
    """What the hops make of it, each from nothing, as they do for a canary."""
    _, messages = report(None, CanaryReader(PlainReader()).read(story))
    (message,) = messages
    assert isinstance(message, Report)
    (alert,) = take(None, message).alerts
    return message, marked(alert)


def test_it_is_parsed_as_the_story_it_says_it_is_to_the_microsecond() -> None:
    story = parsed()
    assert (story.id, story.published_at, story.feed) == (story_id(3), SENT, FEED)


def test_each_time_it_ends_as_one_event_that_says_what_it_is() -> None:
    for days in range(3):
        sent = SENT + timedelta(days=days)
        message, alert = sent_through(parsed(sent=sent))
        assert message.leader == leader_id(5)
        assert (alert.type, alert.subject, alert.time) == (EVENT_TYPE, leader_id(5), sent)
        assert alert.data.country == "ZZ"


def test_what_comes_of_it_is_known_for_it_at_every_hop() -> None:
    story = parsed()
    message, alert = sent_through(story)
    reading = CanaryReader(PlainReader()).read(story)
    assert [is_canary(each) for each in (story, reading, message, alert)] == [True] * 4


def test_the_same_bytes_from_another_feed_are_a_story_like_any_other() -> None:
    story = parsed(feed="reuters")
    assert not is_story(story)
    assert CanaryReader(PlainReader()).read(story) == PlainReader().read(story)


def test_an_event_about_a_leader_stays_as_it_is() -> None:
    _, alert = sent_through(parsed())
    real = alert.model_copy(update={"subject": "ada", "type": "org.dragoman.trip.new"})
    assert marked(real) is real
    assert not is_canary(real)


@pytest.mark.parametrize("name", ["Dragoman Canary 5", "dragoman-canary-5"])
def test_no_name_in_a_story_makes_the_id_of_its_leader(name: str) -> None:
    assert not provisional_id(name, "EC").startswith(leader_id(5)[:-1])
    assert LeaderId("dragoman-canary") != leader_id(5)


def test_no_leader_of_the_data_files_has_such_an_id() -> None:
    knowledge = load()
    assert not [each.id for each in knowledge.leaders if each.id.startswith(leader_id(1)[:-1])]
    assert "ZZ" not in {country.code for country in knowledge.countries}
    # The rules read it as well, and find nobody in it.
    assert not RuleReader(knowledge).read(parsed(feed="reuters")).findings
