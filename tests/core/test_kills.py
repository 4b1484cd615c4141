"""Which kills are alone."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from schemas.base import EditionId, StoryId
from schemas.stories import Signal, Story
from streams.core.kills import WaitingKills


def edition(story: str, hour: int, signal: Signal = "none") -> Story:
    return Story(
        id=StoryId(story),
        edition=EditionId(f"{story}-{hour}-{signal}"),
        signal=signal,
        published_at=datetime(2026, 3, 1, hour, tzinfo=UTC),
        received_at=datetime(2026, 3, 2, tzinfo=UTC),
        source="wire",
        feed="wire",
        format="text",
        body="Called back." if signal == "kill" else "A story.",
    )


def alone(*editions: Story) -> list[str]:
    kills = WaitingKills()
    for each in editions:
        kills.add(each)
    return [kill.edition for kill in kills.waiting()]


def test_a_kill_waits_until_its_story_has_come() -> None:
    assert alone(edition("a", 9, "kill")) == ["a-9-kill"]
    assert alone(edition("a", 9, "kill"), edition("a", 8)) == []
    assert alone(edition("a", 8), edition("a", 9, "kill")) == []


def test_the_story_of_another_is_no_answer() -> None:
    assert alone(edition("a", 9, "kill"), edition("b", 8)) == ["a-9-kill"]


def test_a_second_kill_is_no_story_and_the_newest_is_told() -> None:
    assert alone(edition("a", 10, "kill"), edition("a", 9, "kill")) == ["a-10-kill"]


def test_they_are_told_by_time() -> None:
    assert alone(edition("b", 9, "kill"), edition("a", 10, "kill"), edition("c", 8, "kill")) == [
        "c-8-kill",
        "b-9-kill",
        "a-10-kill",
    ]


EDITIONS = st.builds(
    edition, st.sampled_from("abc"), st.integers(0, 5), st.sampled_from(["none", "kill"])
)


@given(st.lists(EDITIONS, max_size=12), st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(editions: list[Story], chance: object) -> None:
    other = editions + editions[:3]
    chance.shuffle(other)  # type: ignore[attr-defined]

    assert alone(*other) == alone(*editions)
