"""Loads and checks the files in `streams/data`, as strictly as code is checked.

Here files become the frozen shapes of `streams.core.knowledge`. All faults are told at once, each
with its file, line and remedy. What the words mean to the reader is not known here.
"""

from streams.knowledge.faults import Fault, KnowledgeError
from streams.knowledge.load import load

__all__ = ["Fault", "KnowledgeError", "load"]
