"""The packaged knowledge and the reader, made once."""

import pytest

from streams.core.knowledge import Knowledge
from streams.core.reader import RuleReader
from streams.knowledge import load


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture(scope="session")
def reader(knowledge: Knowledge) -> RuleReader:
    return RuleReader(knowledge)
