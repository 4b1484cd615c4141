"""Reads what was learned from labelled stories, in whole numbers, as the trainers wrote it: the
forests that weigh a story, and what the marks of a sentence weigh for a topic."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from streams.core.forest import STRIDE, Forest, Node, Tree
from streams.core.knowledge import TopicEntry, TopicWeights, WordGroup
from streams.core.reports.judge import FORESTS
from streams.core.topics import BESIDE, MARKS
from streams.knowledge.faults import Faults

FOLDER = "models"
TOPIC_WEIGHTS = "topics.json"
_REMEDY = "grow the forests anew: see tools/judgement/README.md"
_LEARN = "learn the weights anew: see tools/topics/README.md"
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


def read_topic_weights(
    folder: Path, topics: Sequence[TopicEntry], beside: Sequence[WordGroup], faults: Faults
) -> MappingProxyType[str, TopicWeights]:
    """Topic to weights. They may leave topics and groups out, but name none that there isn't."""
    file = f"{folder.name}/{TOPIC_WEIGHTS}"
    groups = {f"{topic.id}.{group.name}" for topic in topics for group in topic.groups}
    marks = MARKS | groups | {f"{BESIDE}.{group.name}" for group in beside}
    found: dict[str, TopicWeights] = {}
    try:
        content = json.loads((folder / TOPIC_WEIGHTS).read_text("utf-8"))
        if not isinstance(content, dict) or not content.keys() <= {topic.id for topic in topics}:
            raise _MalformedError("there are weights of a topic that topics.toml has not")
        for topic, entry in content.items():
            found[topic] = _topic_weights(topic, entry)
            for mark in sorted(found[topic].weights.keys() - marks):
                faults.add(file, 1, f"{topic} weighs {mark}, which topics.toml has not", _LEARN)
    except FileNotFoundError:
        faults.add(file, 1, "the weights of topics are missing", _LEARN)
    except json.JSONDecodeError as error:
        faults.add(file, error.lineno, f"this is no JSON: {error.msg}", _LEARN)
    except _MalformedError as error:
        faults.add(file, 1, str(error), _LEARN)
    return MappingProxyType(found)


def _topic_weights(topic: str, entry: Any) -> TopicWeights:
    if not isinstance(entry, dict) or entry.keys() != {"base", "threshold", "weights"}:
        raise _MalformedError(f"{topic} has base, threshold and weights, and nothing else")
    threshold, weights = entry["threshold"], entry["weights"]
    if not isinstance(threshold, float) or not 0 < threshold < 1:
        raise _MalformedError(f"the threshold of {topic} is no number between 0 and 1")
    if not isinstance(weights, dict) or not all(
        isinstance(number, int) for number in (entry["base"], *weights.values())
    ):
        raise _MalformedError(f"the weights of {topic} are no whole numbers")
    return TopicWeights(entry["base"], MappingProxyType(weights), threshold)
