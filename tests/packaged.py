"""The packaged knowledge and its reader, made once a process: each takes about a second."""

from functools import cache

from streams.core.knowledge import Knowledge
from streams.core.reader import RuleReader
from streams.knowledge import load


@cache
def packaged_knowledge() -> Knowledge:
    """What `load` gives of the package's own files."""
    return load()


@cache
def packaged_reader() -> RuleReader:
    """The reader of that knowledge. It keeps nothing of what it reads."""
    return RuleReader(packaged_knowledge())
