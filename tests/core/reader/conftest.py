"""The packaged knowledge and the reader, made once."""

import pytest
from packaged import packaged_knowledge, packaged_reader

from streams.core.knowledge import Knowledge
from streams.core.reader import RuleReader


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return packaged_knowledge()


@pytest.fixture(scope="session")
def reader() -> RuleReader:
    return packaged_reader()
