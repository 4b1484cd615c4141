"""Rights as they are declared: in line with the hops, told in docs/security.md, printed whole.

That they are enough, and asked for, tests/contract/test_least_rights.py sees on a real broker.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli.group import dragoman
from streams.shell.agents import HOPS
from streams.shell.app import SOURCES
from streams.shell.rights import ABOUT, COMPONENTS, Component, Right, rights_of
from streams.shell.settings import Settings
from streams.shell.tables import KEPT_BY

SECURITY = Path(__file__).resolve().parents[2] / "docs" / "security.md"


def of(component: Component, app: str = "dragoman") -> tuple[Right, ...]:
    return rights_of([component], Settings(app_id=app))


def names(rights: Iterable[Right], operation: str) -> str:
    found = [
        f"{'group ' if right.resource == 'group' else ''}`{right.name}{'*' * right.is_prefix}`"
        for right in rights
        if right.operation == operation
    ]
    return ", ".join(found)


def row(component: Component) -> str:
    """A component's line in the table; Describe of topics, which all have, is told above it."""
    rights = of(component)
    more = [
        f"{each} on all topics"
        for each in ("Create", "DescribeConfigs")
        if any(right.operation == each for right in rights)
    ]
    more += [
        f"Describe on group `{right.name}`"
        for right in rights
        if right.resource == "group" and right.operation == "Describe"
    ]
    cells = (
        f"`{component}`",
        ABOUT[component],
        names(rights, "Read"),
        names(rights, "Write"),
        ", ".join(more),
    )
    return f"| {' | '.join(cells)} |"


def test_the_table_of_rights_is_the_declaration() -> None:
    rows = [line for line in SECURITY.read_text().splitlines() if line.startswith("| `")]

    assert rows == [row(component) for component in COMPONENTS]


@pytest.mark.parametrize("hop", HOPS)
def test_a_hop_may_read_what_it_reads_and_keep_what_it_keeps(hop: Component) -> None:
    rights = of(hop, "desk")

    assert Right("topic", SOURCES[hop].name, "Read") in rights
    assert Right("topic", "dead-letters.v1", "Write") in rights
    assert Right("group", "desk", "Read") in rights
    for table in KEPT_BY[hop]:
        assert Right("topic", f"desk-{table.name}-changelog", "Read") in rights
        assert Right("topic", f"desk-{table.name}-changelog", "Write") in rights


@pytest.mark.parametrize("component", COMPONENTS)
def test_only_one_may_make_topics_and_what_is_implied_is_not_asked_for(
    component: Component,
) -> None:
    rights = of(component)
    used = {right.name for right in rights if right.operation in ("Read", "Write")}

    assert any(right.operation == "Create" for right in rights) == (component == "topics")
    assert not any(right.name in used and right.operation == "Describe" for right in rights)


def acls(*arguments: str) -> str:
    return CliRunner().invoke(dragoman, ["acls", *arguments], catch_exceptions=False).stdout


def test_the_commands_name_user_brokers_and_how_the_administrator_gets_in() -> None:
    printed = acls("ingest", "--user", "the desk", "--command-config", "admin.properties")

    assert printed.splitlines()[-1] == (
        "kafka-acls.sh --bootstrap-server 127.0.0.1:9092 --command-config admin.properties --add "
        "--allow-principal 'User:the desk' --operation Write --topic stories.raw.v1"
    )


def test_what_was_given_can_be_taken_back() -> None:
    given = acls("worker", "--user", "w")
    taken = acls("worker", "--user", "w", "--remove")

    assert taken.replace("--remove --force", "--add") == given
    assert given == acls("parse", "read", "fold", "deliver", "--user", "w")


def test_a_component_that_is_none_is_told_with_those_there_are() -> None:
    refused = CliRunner().invoke(dragoman, ["acls", "cook", "--user", "c"])

    assert refused.exit_code == 2
    assert "'cook' is none of worker, parse" in refused.output
