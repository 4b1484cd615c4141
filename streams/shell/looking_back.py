"""What the record on the brokers says: of a leader as of a time, and of a story.

For whoever shows it; what it means is decided in `streams.core.hindsight`. Each question reads one
partition through: seconds, not milliseconds.
"""

from datetime import datetime
from typing import Any

from schemas.base import LeaderId, StoryId
from schemas.dossiers import DossierView
from schemas.readings import Reading
from schemas.topics import READINGS, REPORTS, TopicDeclaration
from streams.core.hindsight import believed
from streams.core.keeping import LIMITS, Limits
from streams.shell.record import Unread, decoded, read_topic
from streams.shell.settings import Settings


async def believed_then(
    settings: Settings, leader: LeaderId, at: datetime | None, limits: Limits = LIMITS
) -> DossierView | None:
    """The leader's dossier as of a time, or now; `None` where nothing was known.

    Raises `ClusterError`.
    """
    return believed(leader, await records_of(settings, REPORTS, leader), at, limits)


async def readings_of(settings: Settings, story: StoryId) -> list[Reading]:
    """What was read in each edition of a story, in the order in which they were read, each once.

    Raises `ClusterError`.
    """
    found: dict[tuple[str, str, str], Reading] = {}
    for each in await records_of(settings, READINGS, story):
        found[each.edition, each.reader, each.knowledge] = each
    return list(found.values())


async def records_of(settings: Settings, topic: TopicDeclaration, key: str) -> list[Any]:
    """All records with a key, oldest first; what is none is left out. Raises `ClusterError`."""
    found = [
        decoded(topic, message)
        async for message in read_topic(settings, topic, key=key)
        if message.key == key.encode()
    ]
    return [each for each in found if not isinstance(each, Unread)]
