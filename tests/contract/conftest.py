"""The two brokers under one name, and names for topics and groups that no other test uses."""

import itertools
import re

import pytest

from streams.shell.brokers import Broker

_numbers = itertools.count()


@pytest.fixture
def broker(request: pytest.FixtureRequest) -> Broker:
    """The broker that the test's parameter names; see `on_both` in the contract suite."""
    named: Broker = request.getfixturevalue(request.param)
    return named


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A name for this test's own topic and group: the brokers live longer than one test."""
    return f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())[:100]}-{next(_numbers)}"
