"""The five real stories the service was conceived from, where they are at hand.

They stand outside the project; what they cover is covered by stories of our own in
`tests/core/reader` and by the sample wire as well.
"""

from datetime import timedelta
from typing import Any

import pytest
from packaged import packaged_knowledge, packaged_reader
from seed_stories import IF_AT_HAND, SEEDS, gold, seeds

from schemas.alerts import AlertEvent
from schemas.base import EditionId, LeaderId
from schemas.readings import Finding, Reading
from schemas.reports import SURE_ENOUGH
from schemas.stories import Story
from schemas.subscriptions import Subscription
from streams.core.deskbook import Deskbook
from streams.core.home_countries import HomeCountries
from streams.core.reader import RuleReader
from streams.core.replay import Replay

pytestmark = IF_AT_HAND


def expected(story: str) -> dict[str, Any]:
    stories = gold()["stories"]
    entry: dict[str, Any] = stories[story]
    return stories[entry["same_as"]] if "same_as" in entry else entry


@pytest.fixture(scope="module")
def reader() -> RuleReader:
    return packaged_reader()


KAST = LeaderId("jose-antonio-kast")
NAMES = ["004", "002", "003", "000", "001"] if SEEDS.is_dir() else []


def sure(reading: Reading) -> list[Finding]:
    """What is sure enough to tell people of; the rest is kept for the dossier and for doubt."""
    return [finding for finding in reading.findings if finding.confidence >= SURE_ENOUGH]


@pytest.mark.parametrize("name", NAMES)
def test_trips_are_read_as_an_editor_reads_them(name: str, reader: RuleReader) -> None:
    story = next(story for story in seeds() if story.id == name)
    trips = [f for f in sure(reader.read(story)) if f.claim.kind == "trip"]
    wanted = expected(name)["trips"]
    told = {
        (f.claim.leader.name, f.claim.destination.country, f.claim.dates.start, f.claim.dates.end)
        for f in trips
        if f.claim.kind == "trip"
    }
    assert told == {(t["traveller"], t["destination"], t["start"], t["end"]) for t in wanted}
    for finding in trips:
        assert finding.claim.kind == "trip"
        [want] = [
            t
            for t in wanted
            if t["destination"] == finding.claim.destination.country
            and t["end"] == finding.claim.dates.end
        ]
        assert finding.claim.status in want["status"]
        assert finding.foreground == want["foreground"]
        assert want["city"] in (None, finding.claim.destination.city)
        assert finding.evidence.text in (story.body, *story.body.split("\n")) or (
            finding.evidence.text in story.body
        )


@pytest.mark.parametrize("name", NAMES)
def test_invitations_are_read_as_an_editor_reads_them(name: str, reader: RuleReader) -> None:
    story = next(story for story in seeds() if story.id == name)
    told = [
        {
            "inviter": f.claim.inviter.name,
            "invitee": f.claim.invitee.name,
            "to": f.claim.to,
            "occasion": f.claim.occasion,
            "date": f.claim.date,
            "status": f.claim.status,
            "foreground": f.foreground,
        }
        for f in sure(reader.read(story))
        if f.claim.kind == "invitation"
    ]
    assert told == expected(name)["invitations"]


@pytest.mark.parametrize("name", NAMES)
def test_leaders_and_topics_are_those_of_the_story(name: str, reader: RuleReader) -> None:
    story = next(story for story in seeds() if story.id == name)
    reading, want = reader.read(story), expected(name)
    assert {e.name for e in reading.entities if e.kind == "leader"} == set(want["leaders"])
    labelled = {"migration", "security", "humanitarian_corridor", "trade"}
    topics = {topic.id for topic in reading.topics} & labelled
    assert topics - set(want.get("optional_topics", ())) == set(want["topics"])


def told_by(alerts: list[tuple[str, AlertEvent]]) -> list[dict[str, str | None]]:
    return [
        {
            "story": story,
            "kind": event.data.kind,
            "leader": event.data.leader.name,
            "inviter": event.data.inviter.name if event.data.inviter else None,
            "country": event.data.country,
            "when": event.data.dates.end,
        }
        for story, event in alerts
    ]


def test_the_five_stories_give_the_six_alerts_of_an_editor_once_each(reader: RuleReader) -> None:
    replay = Replay(reader)
    alerts = [(story.id, event) for story in seeds() for event in replay.feed(story)]
    wanted = gold()["alerts"]["new"]
    assert [(a["story"], a["kind"], a["leader"], a["inviter"]) for a in told_by(alerts)] == [
        (
            w["story"],
            f"{w['kind']}.new",
            w.get("leader") or w["invitee"],
            w.get("inviter"),
        )
        for w in wanted
    ]
    for (_, event), want in zip(alerts, wanted, strict=True):
        assert event.data.evidence
        assert event.data.sources
        if "destination" in want:
            assert event.data.country == want["destination"]
        if "when" in want:
            assert (event.data.dates.end or "").startswith(want["when"])


def test_feeding_them_again_in_any_order_adds_no_alert(reader: RuleReader) -> None:
    replay = Replay(reader)
    for story in seeds():
        replay.feed(story)
    again = [*reversed(seeds()), *seeds()]
    assert [event for story in again for event in replay.feed(story)] == []


def test_the_order_of_arrival_changes_no_dossier(reader: RuleReader) -> None:
    forward, backward = Replay(reader), Replay(reader)
    for story in seeds():
        forward.feed(story)
    for story in reversed(seeds()):
        backward.feed(story)
    assert forward.dossiers() == backward.dossiers()


def _subscription(name: str, **asked: Any) -> Subscription:
    return Subscription(id=name, owner=name, channel="log", target="-", **asked)


def test_three_subscribers_get_what_they_would_expect_and_hear_of_a_kill(
    reader: RuleReader,
) -> None:
    asked = (
        _subscription("kast", leaders=(KAST,), kinds=("trip.new", "trip.changed")),
        _subscription("invitations", kinds=("invitation.new", "invitation.answered")),
        _subscription("ecuador", to_countries=("EC",), status="confirmed"),
    )
    book, replay = Deskbook(asked, HomeCountries(packaged_knowledge().leaders).of), Replay(reader)
    got: dict[str, list[str]] = {each.id: [] for each in asked}

    def feed(story: Story) -> None:
        for alert in replay.feed(story):
            for errand in book.take(alert, story.received_at):
                if errand.wanted:
                    data = alert.data
                    got[errand.subscription].append(f"{data.kind} {data.leader.id} {data.country}")

    for story in seeds():
        feed(story)
    wanted = gold()["alerts"]["new"]
    assert len(got["kast"]) == sum("destination" in each for each in wanted)
    assert len(got["invitations"]) == sum("inviter" in each for each in wanted)
    assert got["ecuador"] == [f"trip.new {KAST} EC"]

    before = {name: len(told) for name, told in got.items()}
    for story in seeds():
        kill = {"signal": "kill", "edition": EditionId(f"{story.id} killed"), "body": ""}
        later = max(each.received_at for each in seeds()) + timedelta(hours=1)
        feed(story.model_copy(update={**kill, "published_at": later, "received_at": later}))

    taken = {name: told[before[name] :] for name, told in got.items()}
    assert all(line.startswith("retracted") for told in taken.values() for line in told)
    assert {name: len(told) for name, told in taken.items()} == before
