"""Twenty years of a busy leader, for tests of what a dossier holds in the end.

Every report quotes another sentence of the labelled stories, for a dossier is as large as the words
that are quoted in it.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from schemas.reports import Report, Withdrawal
from streams.core.reprints import signature
from tests.core.strategies import at, reported, trip, withdrawn

STORIES = Path(__file__).parents[1] / "golden" / "stories"
COUNTRIES = ("FR", "DE", "IT", "JP", "US", "BR", "ZA", "IN", "CN", "EG", "KE", "CA")
STATUS = ("planned", "possible", "under_way", "completed", "cancelled")


@lru_cache
def sentences() -> tuple[str, ...]:
    """Of the labelled stories, about a paragraph's first 200 characters each."""
    return tuple(
        paragraph[:200]
        for path in sorted(STORIES.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        for paragraph in json.loads(line)["body"].split("\n")
        if len(paragraph) > 120
    )


def years_of_reports(years: int, stories_a_day: int = 1) -> Iterator[Report | Withdrawal]:
    """Plans, sometimes undated or called off; every third story has a second edition."""
    begin = at("2006-01-01")
    for number in range(365 * years * stories_a_day):
        today = begin + timedelta(days=number // stories_a_day)
        published = today.date().isoformat()
        when = (today + timedelta(days=number % 45)).date().isoformat()
        claim = trip(
            COUNTRIES[number % len(COUNTRIES)],
            STATUS[number % len(STATUS)],
            None if number % 7 == 0 else when,
        )
        text = sentences()[number % len(sentences())]
        story = f"urn:newsml:wire.example.com:{published}:{number * 7919 % 1_000_003}"
        said = {"story": story, "text": text, "signature": signature(text)}
        yield reported(claim, published, **said)
        if number % 3 == 0:
            yield reported(claim, published, edition=2, **said)
            yield withdrawn(story, 2, published)
