"""The canary: a story of our own that takes the way of every story, to show that the way is open.

What it looks like, how each hop knows it, and what it is made into so that it ends as an alert to
nobody. It is told by its feed, which no source may have as its name; everything after the story
carries an id of its own. Who sends it and when is `streams.shell.canary`; why it is as it is,
docs/decisions/0024-a-canary-takes-the-way-of-a-story.md.
"""

import re
from datetime import datetime, timedelta

from schemas.alerts import EVENT_TYPE_PREFIX, AlertEvent
from schemas.base import Dates, LeaderId, Person, Place, StoryId
from schemas.readings import Finding, Reading
from schemas.record import RecordMessage
from schemas.reports import Evidence, TripClaim
from schemas.stories import Story
from streams.core.reader import Reader

FEED = "canary"
FORMAT = "text"
EVENT_TYPE = EVENT_TYPE_PREFIX + "canary"
"""Of its event on `alerts.v1`, which is for nobody."""

NOWHERE = "ZZ"
"""Its destination: a code that ISO 3166-1 leaves to its users, so that no country is ever told."""

_STORY = "urn:dragoman:canary:"
_LEADER = "dragoman-canary-"
_NUMBER = re.compile(re.escape(_STORY) + r"(\d{1,9})")


def story_id(number: int) -> StoryId:
    """Of the canary with this number; the same each time it is sent."""
    return StoryId(f"{_STORY}{number}")


def leader_id(number: int) -> LeaderId:
    """Of the one leader whom that canary tells of."""
    return LeaderId(f"{_LEADER}{number}")


def item(story: int, leader: int, sent_at: datetime) -> bytes:
    """The bytes of a wire item: a short story that was published when it was sent."""
    return (
        f"Uri: {story_id(story)}\n"
        f"Published: {sent_at.isoformat()}\n"
        "Source: Dragoman\n"
        "Language: en\n"
        f"Slugline: {leader_id(leader)}\n"
        "Headline: The canary sets out\n"
        "\n"
        "QUITO - A canary of this service sets out today and comes back to nobody.\n"
    ).encode()


def is_story(story: Story) -> bool:
    """Whether it came by the canary's feed."""
    return story.feed == FEED


def is_canary(record: Story | Reading | RecordMessage | AlertEvent) -> bool:
    """Whether the canary made it: such a record is not shown, replayed or brought to anybody."""
    match record:
        case Story():
            return is_story(record)
        case Reading():
            return _NUMBER.fullmatch(record.story) is not None
        case AlertEvent():
            return record.type == EVENT_TYPE
        case _:
            return is_leader(record.leader)


def is_of_canary(record: object) -> bool:
    """The same of whatever was on a topic."""
    known = Story | Reading | RecordMessage | AlertEvent
    return isinstance(record, known) and is_canary(record)


def is_leader(leader: str) -> bool:
    """Whether this is the id of a canary's leader. No name and no title makes such an id."""
    return leader.startswith(_LEADER)


def marked(alert: AlertEvent) -> AlertEvent:
    """The event as it goes on `alerts.v1`: one of the canary's says so in its type."""
    if not is_leader(alert.subject):
        return alert
    return alert.model_copy(update={"type": EVENT_TYPE})


class CanaryReader:
    """A reader that finds in a canary the one trip it is there for.

    The canary is read like every story first, so that a reader that fails on every story fails on
    it as well; what is found in it then is set aside, as it hangs on the data files.
    """

    def __init__(self, reader: Reader) -> None:
        self.name = reader.name
        self.knowledge_version = reader.knowledge_version
        self._reader = reader

    def read(self, story: Story) -> Reading:
        """What the story says."""
        reading = self._reader.read(story)
        if not is_story(story):
            return reading
        return reading.model_copy(
            update={"entities": (), "topics": (), "findings": (_finding(story, reading),)}
        )


def _finding(story: Story, reading: Reading) -> Finding:
    leader = LeaderId(story.slugline or leader_id(0))
    if not is_leader(leader):
        leader = leader_id(0)
    # Always to come: what is over raises no alert.
    day = (reading.published_at + timedelta(days=1)).date().isoformat()
    return Finding(
        claim=TripClaim(
            leader=Person(id=leader, name="Dragoman's canary"),
            destination=Place(country=NOWHERE),
            dates=Dates(start=day),
            status="planned",
        ),
        foreground=True,
        evidence=Evidence(text="The canary sets out", language="en"),
        confidence=1.0,
        rule="canary",
    )
