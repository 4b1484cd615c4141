"""Decision trees grown elsewhere, asked here.

A forest says how likely something is from counts with names. It is data: trees in whole numbers,
so that every machine adds up to the same. What is counted, and what the answer means, is not known
here.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

STRIDE: Final = 4
UNIT: Final = 10_000
"""Leaves are log-odds in this fraction."""

Node = tuple[str, int, "Node | int", "Node | int", int]
"""Feature, highest value that goes left, left, right, and the mean answer of all below."""
Tree = Node | int


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

    _strides: tuple[tuple[tuple[Tree, ...], int], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Deals the trees out."""
        parts = [self.trees[n : n + STRIDE] for n in range(0, len(self.trees), STRIDE)]
        object.__setattr__(self, "_strides", tuple(zip(parts, self.floors, strict=True)))

    def probability(self, counts: Mapping[str, int]) -> float:
        """0 to 1; of the hopeless only roughly."""
        total = 0
        get = counts.get
        for trees, floor in self._strides:
            for tree in trees:
                node = tree
                while type(node) is tuple:
                    node = node[2] if get(node[0], 0) <= node[1] else node[3]
                total += node  # type: ignore[operator] # what is no fork is a leaf
            if total < floor:
                break
        return 1 / (1 + math.exp(-total / UNIT))

    def reasons(self, counts: Mapping[str, int], most: int = 5) -> list[tuple[str, float]]:
        """The features that moved the answer most, each with the log-odds it added.

        Credit goes to the feature asked at each fork, by how far the mean answer moves with the
        branch taken (Saabas, "Interpreting random forests", 2014).
        """
        moved: dict[str, int] = defaultdict(int)
        for tree in self.trees:
            node = tree
            while not isinstance(node, int):
                after = node[2] if counts.get(node[0], 0) <= node[1] else node[3]
                moved[node[0]] += (after if isinstance(after, int) else after[4]) - node[4]
                node = after
        ranked = sorted(moved.items(), key=lambda item: (-abs(item[1]), item[0]))
        return [(name, round(by / UNIT, 2)) for name, by in ranked[:most]]
