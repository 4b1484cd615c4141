"""The account after a fire drill: what became of all that was sent, message by message.

It is exact. The record (`reports.v1`) replayed with no broker gives every alert that must be there,
changes and retractions as well; the items that were sent, replayed, every report and dossier. The
replays share the core with the worker: what is tried is the shell.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from worker_process import HOPS_READ, alerts_in, messages

from bench.feeding import FEED, Message
from schemas.alerts import AlertEvent
from schemas.base import StoryId
from schemas.codec import UndecodableError, UnknownVersionError, decode
from schemas.dossiers import DossierView
from schemas.readings import Reading
from schemas.reports import Report
from schemas.stories import Story, StoryState
from schemas.topics import (
    ALERTS,
    DEAD_LETTERS,
    READINGS,
    REPORTS,
    STORIES_RAW,
    TopicDeclaration,
)
from streams.core.editions import report
from streams.core.reader import Reader
from streams.core.replay import Replay
from streams.core.wire import Arrival, parse
from streams.shell.tables import DOSSIERS_TABLE

MOST_BYTES = 64 * 1024
"""Of a dossier, as it is kept."""


@dataclass
class Account:
    """What became of all that was sent. `faults` says what must not be."""

    sent: int = 0
    read: int = 0
    refused: int = 0
    told: Counter[str] = field(default_factory=Counter)
    """Alerts by kind, each counted once."""
    attested: int = 0
    """Alerts that came again with more sources."""
    repeated: int = 0
    """Alerts that lie on the topic again, with the same id: allowed, and not brought twice."""
    dossiers: int = 0
    largest: int = 0
    """Bytes of the largest dossier that was ever put on the changelog, as it lies there."""
    faults: list[str] = field(default_factory=list)

    def fault(self, what: str, which: Iterable[object]) -> None:
        """Notes a fault, where there is any."""
        found = sorted(map(str, which))
        if found:
            self.faults.append(f"{len(found)} {what}: {', '.join(found[:3])[:600]}")


def account(
    bootstrap: str,
    app_id: str,
    flow: Sequence[Message],
    alert_logs: Iterable[Path],
    dossiers: dict[str, DossierView],
    reader: Reader,
) -> Account:
    """Compares what lies on the topics, what was brought and what is shown with both replays."""
    found = Account()
    _nothing_unaccounted_for(found, bootstrap, flow)
    _reports_and_dossiers(found, bootstrap, flow, dossiers, reader)
    _alerts(found, bootstrap, alert_logs)
    _dossiers_are_small(found, bootstrap, app_id)
    return found


def _nothing_unaccounted_for(found: Account, bootstrap: str, flow: Sequence[Message]) -> None:
    """Read and dead-lettered is what was sent, message by message."""
    read = {reading.edition for reading in decoded(bootstrap, READINGS)}
    letters = {
        (each.topic, each.partition, each.offset) for each in decoded(bootstrap, DEAD_LETTERS)
    }
    lying: Counter[tuple[str, bytes]] = Counter()
    wanted_letters, unread = set(), []
    for topic in HOPS_READ:
        for message in messages(bootstrap, topic.name):
            lying[message.topic, message.value or b""] += 1
            at = (message.topic, message.partition, message.offset)
            story = _story(message.value or b"", message.headers) if topic is STORIES_RAW else None
            if story is None and (topic is STORIES_RAW or _record(topic, message) is None):
                wanted_letters.add(at)
            elif story is not None and story.edition not in read:
                unread.append((at, story.id))
    sent = Counter((message.topic, message.value) for message in flow)
    found.sent, found.read, found.refused = len(flow), len(read), len(letters)
    found.fault("sent, and not on their topic", (sent - lying))
    found.fault("neither read nor refused", unread)
    found.fault("refused, and no dead letter", wanted_letters - letters)
    found.fault("dead letters of what is sound", letters - wanted_letters)
    if found.read + found.refused != found.sent:
        found.fault("read and refused are not what was sent", [f"{found.read} + {found.refused}"])


def _reports_and_dossiers(
    found: Account,
    bootstrap: str,
    flow: Sequence[Message],
    dossiers: dict[str, DossierView],
    reader: Reader,
) -> None:
    replay, states, reports = Replay(reader), dict[StoryId, StoryState](), set()
    for message in flow:
        story = _story(message.value, message.headers)
        if message.topic == STORIES_RAW.name and story is not None:
            states[story.id], told = report(states.get(story.id), reader.read(story))
            reports |= {each.id for each in told if isinstance(each, Report)}
            for each in told:
                replay.feed_report(each)
    recorded = {each.id for each in decoded(bootstrap, REPORTS) if isinstance(each, Report)}
    found.fault("reports missing from the record", reports - recorded)
    found.fault("reports in the record of no story", recorded - reports)
    expected = {dossier.id: dossier for dossier in replay.dossiers()}
    found.dossiers = len(dossiers)
    found.fault("dossiers are not there", expected.keys() - dossiers.keys())
    found.fault("dossiers are there for nothing", dossiers.keys() - expected.keys())
    both = expected.keys() & dossiers.keys()
    found.fault("dossiers differ", (key for key in both if expected[key] != dossiers[key]))


def _alerts(found: Account, bootstrap: str, alert_logs: Iterable[Path]) -> None:
    """Those on the topic, and those brought, are those of the record."""
    replay, expected = Replay(_NoReader(), with_attested=True), dict[str, AlertEvent]()
    for message in decoded(bootstrap, REPORTS):
        expected.update((_name(alert), alert) for alert in replay.feed_report(message))
    raised = decoded(bootstrap, ALERTS)
    on_topic = {_name(alert): alert for alert in raised}
    brought = Counter(alert for log in alert_logs for alert in alerts_in(log))
    first = {each.id for each in on_topic.values() if each.data.sources_before is None}
    found.told = Counter(
        alert.data.kind for alert in expected.values() if alert.data.sources_before is None
    )
    found.attested = len(expected) - found.told.total()
    found.repeated = len(raised) - len(on_topic)
    found.fault("alerts not raised", expected.keys() - on_topic.keys())
    found.fault("alerts raised for nothing", on_topic.keys() - expected.keys())
    both = expected.keys() & on_topic.keys()
    found.fault("alerts differ", (key for key in both if expected[key] != on_topic[key]))
    found.fault("alerts lost on the way", first - brought.keys())
    found.fault("alerts brought twice", (key for key, times in brought.items() if times > 1))


def _name(alert: AlertEvent) -> str:
    """Its id, and how many sources it had before where it comes again with more."""
    before = alert.data.sources_before
    return alert.id if before is None else f"{alert.id} after {before}"


def _dossiers_are_small(found: Account, bootstrap: str, app_id: str) -> None:
    written = messages(bootstrap, f"{app_id}-{DOSSIERS_TABLE.name}-changelog")
    sizes = {(each.key or b"").decode(): len(each.value or b"") for each in written}
    found.largest = max(sizes.values())
    found.fault("dossiers are too large", (key for key in sizes if sizes[key] > MOST_BYTES))


class RecordedReader:
    """Reads no story, but gives what was read of it, as a replay of the record does."""

    name = knowledge_version = "recorded"

    def __init__(self, bootstrap: str) -> None:
        self._readings = {each.edition: each for each in reversed(decoded(bootstrap, READINGS))}

    def read(self, story: Story) -> Reading:
        return self._readings[story.edition].model_copy(update={"received_at": story.received_at})


class _NoReader:
    """The record is replayed, and nothing is read."""

    name = knowledge_version = "none"

    def read(self, story: Story) -> Any:  # noqa: ARG002
        raise AssertionError("a reading was asked for")


def decoded(bootstrap: str, topic: TopicDeclaration) -> list[Any]:
    """The records of a topic by partition and offset, without what is none."""
    found = (_record(topic, message) for message in messages(bootstrap, topic.name))
    return [record for record in found if record is not None]


def _record(topic: TopicDeclaration, message: Any) -> Any:
    value = message.value or b""
    try:
        decode(topic, value, dict(message.headers))
    except (UndecodableError, UnknownVersionError):
        return None
    assert topic.record is not None
    return topic.record.validate_json(value, extra="ignore")  # what a newer version adds set aside


def _story(value: bytes, headers: Iterable[tuple[str, bytes]]) -> Story | None:
    said = dict(headers).get("received_at")
    if said is None:
        return None
    arrival = Arrival(feed=FEED, format="ninjs", received_at=datetime.fromisoformat(said.decode()))
    parsed = parse(value, arrival)
    return parsed if isinstance(parsed, Story) else None
