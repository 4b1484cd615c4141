"""The feed of alerts: read by others' programs, with tombstones for what was taken back."""

import feedparser
import pytest
from alert_events import event
from lxml import etree

from schemas.alerts import AlertEvent, AlertKind
from schemas.base import AlertId
from streams.shell.api.atom import feed, urn

NAMES = {"IT": "Italy"}
HERE = "https://dragoman.example/v1/alerts.atom?leader=ada&of=IT"
AT = "{http://purl.org/atompub/tombstones/1.0}"


def told(number: int, kind: AlertKind, subject: str, replaces: int | None = None) -> AlertEvent:
    made = event(number)
    data = made.data.model_copy(
        update={
            "kind": kind,
            "subject": subject,
            "replaces": None if replaces is None else AlertId(f"alert:{replaces}"),
        }
    )
    return made.model_copy(update={"data": data})


def ids(events: list[AlertEvent]) -> tuple[list[str], list[str]]:
    """Of entries and of tombstones, in the order of the feed."""
    root = etree.fromstring(feed(events, HERE, NAMES))
    entries = [each.findtext("{*}id") or "" for each in root.iter("{*}entry")]
    return entries, [str(each.get("ref")) for each in root.iter(AT + "deleted-entry")]


def test_programs_read_it() -> None:
    read = feedparser.parse(feed([event(2, "She goes & sees <Rome>."), event(1)], HERE, NAMES))
    assert not read.bozo
    assert read.feed.updated == "2026-01-05T12:02:00Z"
    assert [each.id for each in read.entries] == [urn("alert:2"), urn("alert:1")]
    first = read.entries[0]
    assert first.title == "New trip: Ada to Italy, from 20 January 2026 — planned"
    assert first.summary == "“She goes & sees <Rome>.” (PLAIN)"
    assert [tag.term for tag in first.tags] == ["trip.new"]
    assert read.feed.links[0].href == HERE


NEW, CHANGED, BACK = (
    told(1, "trip.new", "trip:1"),
    told(2, "trip.changed", "trip:1", replaces=1),
    told(3, "retracted", "trip:1", replaces=2),
)
OTHER, AGAIN = told(4, "trip.new", "trip:2"), told(5, "trip.new", "trip:1")


@pytest.mark.parametrize(
    ("events", "entries", "tombstones"),
    [
        pytest.param([OTHER, CHANGED, NEW], [4, 2, 1], [], id="nothing_is_taken_back"),
        pytest.param([BACK, CHANGED, NEW], [], [2, 1], id="all_that_was_told_of_it_is"),
        pytest.param([OTHER, BACK], [4], [2], id="what_it_takes_back_is_in_the_feed_no_more"),
        pytest.param([AGAIN, BACK, NEW], [5], [1, 2], id="what_is_told_again_stands"),
        pytest.param([], [], [], id="empty"),
    ],
)
def test_what_was_taken_back_is_a_tombstone(
    events: list[AlertEvent], entries: list[int], tombstones: list[int]
) -> None:
    assert ids(events) == (
        [urn(f"alert:{number}") for number in entries],
        [urn(f"alert:{number}") for number in tombstones],
    )


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    read = feedparser.parse(feed([event(1, "A\x00da\x0b goes\ufffe to \U0001f1ee.")], HERE, NAMES))
    assert not read.bozo
    assert read.entries[0].summary == "“Ada goes to \U0001f1ee.” (PLAIN)"


def test_the_same_alerts_give_the_same_bytes_and_an_id_is_an_iri() -> None:
    assert feed([NEW], HERE, NAMES) == feed([NEW], HERE, NAMES)
    assert urn("alert: ü/1") == "urn:dragoman:alert:%20%C3%BC%2F1"
