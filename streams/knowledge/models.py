"""Reads the forests that weigh a story: trees in whole numbers, as the trainer wrote them."""

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

from streams.core.forest import STRIDE, Forest, Node, Tree
from streams.core.reports.judge import FORESTS
from streams.knowledge.faults import Faults

FOLDER = "models"
_REMEDY = "grow the forests anew: see tools/judgement/README.md"
_KEYS = {"name", "threshold", "floors", "trees"}
_FORK = 5
_DEEPEST = 40


class _MalformedError(ValueError):
    """What a file holds is no forest."""


def read_forests(folder: Path, faults: Faults) -> MappingProxyType[str, Forest]:
    """Name to forest; each that the reader asks must be there."""
    found: dict[str, Forest] = {}
    for name in FORESTS:
        path = folder / f"{name}.json"
        file = f"{folder.name}/{name}.json"
        try:
            found[name] = _forest(name, json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            faults.add(file, 1, f"the forest {name} is missing", _REMEDY)
        except json.JSONDecodeError as error:
            faults.add(file, error.lineno, f"this is no JSON: {error.msg}", _REMEDY)
        except _MalformedError as error:
            faults.add(file, 1, str(error), _REMEDY)
    return MappingProxyType(found)


def _forest(name: str, content: Any) -> Forest:
    if not isinstance(content, dict) or content.keys() != _KEYS:
        raise _MalformedError(f"a forest has {', '.join(sorted(_KEYS))}, and nothing else")
    if content["name"] != name:
        raise _MalformedError(f"this is the forest {content['name']!r}")
    threshold = content["threshold"]
    if not isinstance(threshold, float) or not 0 < threshold < 1:
        raise _MalformedError("the threshold is no number between 0 and 1")
    trees, floors = content["trees"], content["floors"]
    if not isinstance(trees, list) or not trees:
        raise _MalformedError("there are no trees")
    if not isinstance(floors, list) or not all(isinstance(floor, int) for floor in floors):
        raise _MalformedError("floors are whole numbers")
    if len(floors) != -(-len(trees) // STRIDE):
        raise _MalformedError(f"there is one floor for {STRIDE} trees each")
    return Forest(
        name,
        tuple(_tree(tree, 0) for tree in trees),
        threshold,
        tuple(floors),
    )


def _tree(content: Any, depth: int) -> Tree:
    if isinstance(content, int):
        return content
    if not isinstance(content, list) or len(content) != _FORK or depth > _DEEPEST:
        raise _MalformedError("a fork is [feature, highest value to the left, left, right, mean]")
    feature, threshold, left, right, mean = content
    if not isinstance(feature, str) or not isinstance(threshold, int) or not isinstance(mean, int):
        raise _MalformedError("a fork is [feature, highest value to the left, left, right, mean]")
    fork: Node = (feature, threshold, _tree(left, depth + 1), _tree(right, depth + 1), mean)
    return fork
