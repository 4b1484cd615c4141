"""Where a story's people come together: what is counted of each country."""

from packaged import packaged_reader

from bench.quality import story_of
from streams.core.reports.venues import NOWHERE, Features, Venue, count_venues, ranked

SUMMIT = (
    "A summit on rivers opens in Geneva on Tuesday, Guy Parmelin of Switzerland told reporters. "
    "Emmanuel Macron and Giorgia Meloni are expected. Ten days ago they were in Cairo."
)


def counted(body: str) -> dict[str, Features]:
    label = {"id": "x", "lang": "en", "published": "2026-09-01", "body": body}
    stage, told = packaged_reader().stage(story_of(label))
    assert stage is not None
    return count_venues(stage, told.gathering, told.trips)


def test_countries_are_ranked_by_chance_and_of_equals_by_code() -> None:
    assert ranked({"EG": 0.2, "CH": 0.8, "AR": 0.2}) == {
        "CH": Venue(0.8, 0, 1.0),
        "AR": Venue(0.2, 1, 0.25),
        "EG": Venue(0.2, 2, 0.25),
    }


def test_a_story_without_countries_has_no_venue() -> None:
    assert ranked({}).get("CH", NOWHERE) == NOWHERE


def test_a_word_for_an_occasion_beside_a_place_counts_for_its_country_alone() -> None:
    found = counted(SUMMIT)
    assert (found["CH"]["occ.place"], found["CH"]["occ.lead.in"]) == (1, 1)
    assert "occ.place" not in found["EG"]


def test_who_comes_from_elsewhere_is_counted_for_each_country() -> None:
    found = counted(SUMMIT)
    assert (found["CH"]["foreign"], found["EG"]["foreign"]) == (2, 3)
