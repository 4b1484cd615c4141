"""What each component must be allowed on the brokers, declared once, and no more than that.

From here `dragoman acls` prints what an administrator runs, docs/security.md has its table, and a
worker knows at its start what it must ask for. Whether the brokers allow it is asked in
`streams.shell.allowed`; nothing is connected here. Reading or writing a topic, and reading a group,
implies describing it, as Kafka has it.
"""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeGuard, get_args

from schemas.topics import (
    ALERTS,
    DEAD_LETTERS,
    DELIVERIES,
    DESK,
    LEADERS,
    READINGS,
    REPORTS,
    STORIES,
    STORIES_RAW,
    SUBSCRIPTIONS,
    TOPICS,
    TopicDeclaration,
)
from streams.shell.agents import HOPS, Hop
from streams.shell.settings import Settings
from streams.shell.tables import DOSSIERS_TABLE, KEPT_BY, TABLES, changelog_name

Component = Literal[
    "parse",
    "read",
    "fold",
    "deliver",
    "intake",
    "ingest",
    "ask",
    "edit",
    "dead-letters",
    "api",
    "topics",
    "doctor",
]
COMPONENTS: tuple[Component, ...] = get_args(Component)

ABOUT: dict[Component, str] = {
    "parse": "worker, hop parse",
    "read": "worker, hop read",
    "fold": "worker, hop fold",
    "deliver": "worker, hop deliver",
    "intake": "`dragoman intake`; for each source on a topic, Read of that topic comes to it",
    "ingest": "`dragoman ingest FILE…`",
    "ask": "commands that read the record: dossier, replay, leaders, sources, dead-letters list",
    "edit": "`dragoman leaders confirm`, merge, rename, refuse, alias; `dragoman subscriptions "
    "silence`, unsilence, resume, retry",
    "dead-letters": "`dragoman dead-letters requeue`",
    "api": "`dragoman api`",
    "topics": "`dragoman topics create`",
    "doctor": "`dragoman doctor`, with the rights of whom it is to speak for",
}

Resource = Literal["topic", "group"]
Operation = Literal["Read", "Write", "Create", "Describe", "DescribeConfigs"]


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One operation on one resource, or on all whose names begin so."""

    resource: Resource
    name: str
    operation: Operation
    is_prefix: bool = False

    def __str__(self) -> str:
        return f"{self.operation} on {self.resource} {self.name}{'*' if self.is_prefix else ''}"


_READ: dict[Component, tuple[TopicDeclaration, ...]] = {
    "parse": (STORIES_RAW,),
    "read": (STORIES, LEADERS),
    "fold": (REPORTS,),
    "deliver": (ALERTS, DESK, SUBSCRIPTIONS),
    "intake": (STORIES_RAW, STORIES, DEAD_LETTERS),
    "ask": TOPICS,
    "edit": (LEADERS, SUBSCRIPTIONS),
    "dead-letters": (DEAD_LETTERS,),
    "api": (ALERTS, DELIVERIES, READINGS, REPORTS, SUBSCRIPTIONS),
    "doctor": (STORIES_RAW, STORIES, DELIVERIES, SUBSCRIPTIONS, DEAD_LETTERS),
}
_WRITTEN: dict[Component, tuple[TopicDeclaration, ...]] = {
    "parse": (STORIES, DEAD_LETTERS),
    # Held stories come to it again by their own topic.
    "read": (STORIES, READINGS, REPORTS, DEAD_LETTERS),
    # What belongs to another leader goes back to the record.
    "fold": (REPORTS, ALERTS, DEAD_LETTERS),
    # An end that is gone pauses its subscription.
    "deliver": (DESK, DELIVERIES, SUBSCRIPTIONS, DEAD_LETTERS),
    "intake": (STORIES_RAW,),
    "ingest": (STORIES_RAW,),
    "edit": (LEADERS, REPORTS, SUBSCRIPTIONS),
    "api": (SUBSCRIPTIONS,),
    "dead-letters": (DEAD_LETTERS, STORIES_RAW, STORIES, REPORTS, ALERTS, DESK),
}


def is_hop(component: Component) -> TypeGuard[Hop]:
    """Whether it is a worker with this hop."""
    return component in HOPS


def rights_of(components: Iterable[Component], settings: Settings) -> tuple[Right, ...]:
    """All that these must be allowed, in order, each once; names are those of the settings."""
    wanted = {right for each in components for right in _rights(each, settings)}
    implied = {
        Right(right.resource, right.name, "Describe", right.is_prefix)
        for right in wanted
        if right.operation in ("Read", "Write")
    }
    return tuple(sorted(wanted - implied))


def commands(
    rights: Iterable[Right],
    user: str,
    *,
    bootstrap: str,
    config: str | None = None,
    remove: bool = False,
) -> Iterator[str]:
    """The commands of Kafka's `kafka-acls.sh` that allow a user this, or take it back.

    `config`: the file by which the administrator gets in.
    """
    for resource, is_prefix, operation, names in _grouped(rights):
        yield shlex.join(
            [
                "kafka-acls.sh",
                *("--bootstrap-server", bootstrap),
                *(() if config is None else ("--command-config", config)),
                *(("--remove", "--force") if remove else ("--add",)),
                *("--allow-principal", f"User:{user}"),
                *("--operation", operation),
                *(("--resource-pattern-type", "prefixed") if is_prefix else ()),
                *(word for name in names for word in (f"--{resource}", name)),
            ]
        )


def _grouped(
    rights: Iterable[Right],
) -> Iterator[tuple[Resource, bool, Operation, tuple[str, ...]]]:
    groups: dict[tuple[Resource, bool, Operation], list[str]] = {}
    for each in rights:
        groups.setdefault((each.resource, each.is_prefix, each.operation), []).append(each.name)
    for (resource, is_prefix, operation), names in sorted(groups.items()):
        yield resource, is_prefix, operation, tuple(names)


def _rights(component: Component, settings: Settings) -> Iterator[Right]:
    # Whichever worker of the group shares out the partitions must see what all of them read; a
    # changelog that it may not see is read by nobody, and the table is lost at the next start.
    seen = TABLES if component in (*HOPS, "api", "topics", "doctor") else ()
    changelogs = [changelog_name(settings.app_id, table.name) for table in seen]
    topics = [*(topic.name for topic in TOPICS), *changelogs]
    # Each looks at its start whether all are there, and as they should be.
    everywhere: list[Operation] = ["Describe"]
    if component == "topics":
        everywhere.append("Create")
    if component == "doctor":
        everywhere.append("DescribeConfigs")
    yield from (Right("topic", name, operation) for name in topics for operation in everywhere)
    for topic in _READ.get(component, ()):
        yield Right("topic", topic.name, "Read")
    for topic in _WRITTEN.get(component, ()):
        yield Right("topic", topic.name, "Write")
    if is_hop(component):
        for table in KEPT_BY[component]:
            name = changelog_name(settings.app_id, table.name)
            yield Right("topic", name, "Read")
            yield Right("topic", name, "Write")
        yield Right("group", settings.app_id, "Read")
    elif component == "api":
        yield Right("topic", changelog_name(settings.app_id, DOSSIERS_TABLE.name), "Read")
    elif component == "intake":
        yield Right("group", f"{settings.app_id}.intake.", "Read", is_prefix=True)
    elif component == "doctor":
        yield Right("group", settings.app_id, "Describe")
