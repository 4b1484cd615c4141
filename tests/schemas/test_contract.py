"""Rules that every record, topic and id keeps."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

import schemas
from schemas.base import Dates, Person, Record
from schemas.codec import (
    VERSION_HEADER,
    UndecodableError,
    UnknownVersionError,
    decode,
    encode,
    version_headers,
)
from schemas.dead_letters import dead_letter_id
from schemas.ids import content_id
from schemas.reports import withdrawal_id
from schemas.stories import EditionRank, Story
from schemas.topics import DEAD_LETTERS, MAX_RAW_BYTES, STORIES, STORIES_RAW, TOPICS

MOMENT = datetime(2026, 1, 14, 12, tzinfo=UTC)


def models() -> Iterator[type[BaseModel]]:
    for found in pkgutil.iter_modules(schemas.__path__, "schemas."):
        for value in vars(importlib.import_module(found.name)).values():
            if (
                isinstance(value, type)
                and issubclass(value, BaseModel)
                and value.__module__.startswith("schemas.")
            ):
                yield value


def lax(model: type[BaseModel]) -> list[str]:
    """The rules of a record that this model breaks."""
    broken = [] if issubclass(model, Record) else ["no Record"]
    broken += [] if model.model_config.get("frozen") else ["not frozen"]
    broken += [] if model.model_config.get("extra") == "forbid" else ["takes unknown fields"]
    return broken + ([] if model.__doc__ and model.__doc__.strip() else ["no docstring"])


def test_every_record_is_frozen_and_forbids_extras() -> None:
    found = set(models())

    assert len(found) > len(TOPICS)
    assert {model.__name__: lax(model) for model in found if lax(model)} == {}


def test_a_lax_record_is_noticed() -> None:
    class Loose(BaseModel):
        x: int

    class Thawed(Record):
        """A record all but one."""

        model_config = ConfigDict(frozen=False)

    assert lax(Loose) == ["no Record", "not frozen", "takes unknown fields", "no docstring"]
    assert lax(Thawed) == ["not frozen"]


def test_a_record_cannot_be_changed() -> None:
    person = Person(id="a", name="b")  # type: ignore[arg-type]

    with pytest.raises(ValidationError, match="frozen"):
        person.name = "c"


def misnamed(names: list[str]) -> list[str]:
    return [name for name in names if not re.fullmatch(r"[a-z]+([.-][a-z]+)*\.v[1-9]\d*", name)]


def test_topic_names_carry_their_version_and_are_unique() -> None:
    names = [topic.name for topic in TOPICS]

    assert misnamed(names) == []
    assert len(set(names)) == len(names)
    later = {topic.name for topic in TOPICS if topic.version > 1}
    assert later == {"deliveries.v2"}  # docs/decisions/0020-a-desk-for-each-subscription.md
    assert misnamed(["stories", "stories.v0", "Stories.v1", "a.v2"]) == [
        "stories",
        "stories.v0",
        "Stories.v1",
    ]


def test_a_dead_letter_takes_the_largest_raw_item() -> None:
    base64_with_line_breaks = MAX_RAW_BYTES * 4 // 3 * 79 // 76

    assert STORIES_RAW.max_message_bytes == MAX_RAW_BYTES
    assert DEAD_LETTERS.max_message_bytes > base64_with_line_breaks + 100_000


def test_ids_have_known_values_for_ever() -> None:
    """Stored ids are made by these: a change here makes every stored id another."""
    rank = EditionRank(versioned_at=MOMENT, edition="edition:1")  # type: ignore[arg-type]

    assert content_id("story", "a", b"b", None) == "story:53cbc180dc889c4bd09554100bc07493"
    assert content_id("x") == "x:e3b0c44298fc1c149afbf4c8996fb924"
    assert dead_letter_id("stories.raw.v1", 0, 7, b"x") == "dead:e06a9b12b17aacd61f4609a4dc07f7fc"
    assert withdrawal_id("a", "b", rank) == "withdrawal:35da1dbc9f2be4c110bab9ec97ae8b20"  # type: ignore[arg-type]


@given(
    st.lists(st.text(max_size=4) | st.none(), max_size=4),
    st.lists(st.text(max_size=4) | st.none(), max_size=4),
)
def test_different_parts_make_different_ids(one: list[str | None], other: list[str | None]) -> None:
    assert (content_id("x", *one) == content_id("x", *other)) == (one == other)


def story(received_at: datetime = MOMENT) -> Story:
    return Story(
        id="a",  # type: ignore[arg-type]
        edition="e",  # type: ignore[arg-type]
        published_at=None,
        received_at=received_at,
        source="s",
        feed="f",
        format="text",
    )


def test_equal_moments_are_equal_bytes_whatever_their_zone() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=-3)))

    assert encode(story(elsewhere)) == encode(story())


def test_a_time_without_zone_is_no_record() -> None:
    with pytest.raises(ValidationError):
        story(MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize("day", ["2026", "2026-01", "2026-01-14", "2028-02-29"])
def test_a_date_is_cut_to_what_is_known(day: str) -> None:
    assert Dates(start=day).start == day


@pytest.mark.parametrize("day", ["2026-13", "2026-02-30", "2026-1-1", "26", "2026-01-14T00:00"])
def test_a_day_that_is_not_in_the_calendar_is_refused(day: str) -> None:
    with pytest.raises(ValidationError):
        Dates(start=day)


def test_a_message_of_another_version_is_told_from_a_broken_one() -> None:
    value = encode(story())

    assert decode(STORIES, value, version_headers(STORIES)) == story()
    assert decode(STORIES, value) == story()
    with pytest.raises(UnknownVersionError, match="the message says 2"):
        decode(STORIES, value, {VERSION_HEADER: b"2"})
    with pytest.raises(UndecodableError, match="whole message"):
        decode(STORIES, b"{", version_headers(STORIES))
    with pytest.raises(UndecodableError, match="id: Field required"):
        decode(STORIES, b"{}", version_headers(STORIES))
    with pytest.raises(TypeError, match="raw bytes"):
        decode(STORIES_RAW, value)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_record_or_undecodable(value: bytes) -> None:
    for topic in TOPICS:
        if isinstance(topic.record, TypeAdapter):
            with pytest.raises(UndecodableError):
                decode(topic, value)
