"""The five real stories the service was conceived from, where they are at hand.

They stand outside the project; what they cover is covered by stories of our own as well.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.base import EditionId, StoryId
from schemas.stories import Story

SEEDS = Path(__file__).resolve().parents[1] / "../shared/seeds"
IF_AT_HAND = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed stories are not at hand")


def seeds() -> list[Story]:
    """Oldest first."""
    index = json.loads((SEEDS / "index.json").read_text("utf-8"))
    return [
        Story(
            id=StoryId(entry["file"][:3]),
            edition=EditionId(entry["file"]),
            published_at=datetime.fromisoformat(entry["published"]),
            received_at=datetime.fromisoformat(entry["published"]),
            source=entry["file"],
            feed="seeds",
            format="text",
            body=(SEEDS / entry["file"]).read_text("utf-8"),
        )
        for entry in index["stories"]
    ]


def gold() -> dict[str, Any]:
    """What a careful editor reads in them, and is told of them."""
    found: dict[str, Any] = json.loads((SEEDS / "gold.json").read_text("utf-8"))
    return found
