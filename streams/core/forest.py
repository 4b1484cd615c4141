"""Decision trees grown elsewhere, asked here.

A forest says how likely something is from counts with names. It is data: trees in whole numbers,
so that every machine adds up to the same. What is counted, and what the answer means, is not known
here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

STRIDE: Final = 4
UNIT: Final = 10_000
"""Leaves are log-odds in this fraction."""

Node = tuple[str, int, Any, Any, int]
"""Feature, highest value that goes left, left and right (a `Tree` each), and the mean answer of all
below. The compiler of the core knows no types that hold themselves, hence `Any`."""
Tree = Node | int


class _Fork:
    """A fork laid out for asking: of either side, what it leads to and what taking it adds."""

    __slots__ = (
        "feature",
        "left",
        "left_adds",
        "left_moves",
        "most",
        "right",
        "right_adds",
        "right_moves",
    )

    def __init__(self, feature: str, most: int, left: Tree, right: Tree, mean: int) -> None:
        self.feature: Final = feature
        self.most: Final = most
        self.left: Final = None if isinstance(left, int) else _Fork(*left)
        self.right: Final = None if isinstance(right, int) else _Fork(*right)
        self.left_adds: Final = left if isinstance(left, int) else 0
        self.right_adds: Final = right if isinstance(right, int) else 0
        self.left_moves: Final = _mean(left) - mean
        self.right_moves: Final = _mean(right) - mean


def _mean(tree: Tree) -> int:
    return tree if isinstance(tree, int) else tree[4]


def _root(tree: Tree) -> _Fork:
    """A tree that is one leaf becomes a fork that leads there either way."""
    return _Fork("", 0, tree, tree, tree) if isinstance(tree, int) else _Fork(*tree)


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees that answer one question. Linear in trees and their depth."""

    name: str
    trees: tuple[Tree, ...]
    threshold: float
    """A probability from which the answer is yes."""
    floors: tuple[int, ...]
    """After each `STRIDE` trees, whoever has less than this is let go as hopeless (a soft cascade:
    Bourdev and Brandt, 2005). No example that came near a yes had less."""

    _strides: tuple[tuple[tuple[_Fork, ...], int], ...] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Lays the trees out and deals them to their floors."""
        roots = tuple(_root(tree) for tree in self.trees)
        parts = [roots[n : n + STRIDE] for n in range(0, len(roots), STRIDE)]
        object.__setattr__(self, "_strides", tuple(zip(parts, self.floors, strict=True)))

    def probability(self, counts: Mapping[str, int]) -> float:
        """0 to 1; of the hopeless only roughly."""
        known = counts if isinstance(counts, dict) else dict(counts)
        total = 0
        for trees, floor in self._strides:
            for tree in trees:
                fork: _Fork | None = tree
                while fork is not None:
                    if known.get(fork.feature, 0) <= fork.most:
                        total += fork.left_adds
                        fork = fork.left
                    else:
                        total += fork.right_adds
                        fork = fork.right
            if total < floor:
                break
        return 1 / (1 + math.exp(-total / UNIT))

    def reasons(self, counts: Mapping[str, int], most: int = 5) -> list[tuple[str, float]]:
        """The features that moved the answer most, each with the log-odds it added.

        Credit goes to the feature asked at each fork, by how far the mean answer moves with the
        branch taken (Saabas, "Interpreting random forests", 2014).
        """
        known = counts if isinstance(counts, dict) else dict(counts)
        moved: dict[str, int] = {}
        for trees, _ in self._strides:
            for tree in trees:
                fork: _Fork | None = tree
                while fork is not None:
                    name = fork.feature
                    if known.get(name, 0) <= fork.most:
                        moved[name] = moved.get(name, 0) + fork.left_moves
                        fork = fork.left
                    else:
                        moved[name] = moved.get(name, 0) + fork.right_moves
                        fork = fork.right
        moved.pop("", None)
        least = min(sorted(map(abs, moved.values()))[-most:], default=0)
        ranked = sorted((-abs(by), name) for name, by in moved.items() if abs(by) >= least)
        return [(name, round(moved[name] / UNIT, 2)) for _, name in ranked[:most]]
