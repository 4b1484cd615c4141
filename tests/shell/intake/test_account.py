"""What came of a source, told from the record: each item once, delay, silence."""

from datetime import timedelta
from typing import Any

import pytest
from intake_desk import START

from schemas.base import DeadLetterId, EditionId, StoryId
from schemas.dead_letters import DeadLetter, Header
from schemas.stories import Story
from schemas.topics import STORIES, STORIES_RAW
from streams.shell.intake.account import Accounts
from streams.shell.intake.follow import looked_back
from streams.shell.intake.sources import Source

WIRE = Source(name="wire", way="files", silence_s=3600)
OTHER = Source(name="other", way="files")


@pytest.fixture
def accounts() -> Accounts:
    made = Accounts(START, [WIRE, OTHER])
    made.is_complete = True
    return made


def at(minutes: float) -> Any:
    return START + timedelta(minutes=minutes)


def story(edition: str, minutes: float, feed: str = "wire", lag_s: float | None = 60) -> Story:
    received_at = at(minutes)
    return Story(
        id=StoryId("urn:a"),
        edition=EditionId(edition),
        published_at=None if lag_s is None else received_at - timedelta(seconds=lag_s),
        received_at=received_at,
        source="A",
        feed=feed,
        format="text",
    )


def letter(number: int, reason: str = "not_a_story", topic: str = STORIES_RAW.name) -> DeadLetter:
    return DeadLetter(
        id=DeadLetterId(f"dead:{number}"),
        reason=reason,
        detail="",
        topic=topic,
        partition=0,
        offset=number,
        value=b"",
        headers=(Header(key="feed", value=b"d2lyZQ=="),),
        hop="parse",
        software="0",
        failed_at=START,
    )


def test_items_are_counted_by_what_became_of_them(accounts: Accounts) -> None:
    assert accounts.story(story("a", 1)) == "story"
    assert accounts.story(story("b", 2)) == "story"
    assert accounts.story(story("a", 3)) == "repeated"
    assert accounts.dead_letter(letter(1)) == "refused"
    assert accounts.dead_letter(letter(2, "bad_value")) == "refused"

    account = accounts.of(WIRE)
    assert account.outcomes == {"story": 2, "repeated": 1, "refused": 2}
    assert account.reasons == {"not_a_story": 1, "bad_value": 1}
    assert accounts.of(OTHER).outcomes == {}


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(story("a", 1), id="parsed_again_after_a_crash_or_sent_on_after_its_embargo"),
        pytest.param(letter(1).model_copy(update={"state": "requeued"}), id="a_letter_requeued"),
        pytest.param(letter(9, topic=STORIES.name), id="a_letter_of_a_later_hop"),
        pytest.param(story("z", 1, feed="stranger"), id="of_no_source_in_the_file"),
    ],
)
def test_what_is_no_item_of_its_own_is_not_counted(
    accounts: Accounts, again: Story | DeadLetter
) -> None:
    accounts.story(story("a", 1))
    accounts.dead_letter(letter(1))
    count = accounts.story if isinstance(again, Story) else accounts.dead_letter

    assert count(again) is None  # type: ignore[arg-type]
    assert accounts.of(WIRE).outcomes == {"story": 1, "refused": 1}


def test_what_another_source_brought_first_is_repeated(accounts: Accounts) -> None:
    accounts.story(story("a", 1, feed="other"))

    assert accounts.story(story("a", 2)) == "repeated"


def test_the_delay_is_the_median_of_the_last_day(accounts: Accounts) -> None:
    for number, lag_s in enumerate((10, 20, 9_000)):
        accounts.story(story(f"a{number}", number, lag_s=lag_s))
    accounts.story(story("undated", 3, lag_s=None))

    assert accounts.of(WIRE).lag_s(at(5)) == 20
    assert accounts.of(WIRE).lag_s(at(5) + timedelta(days=1)) is None
    assert accounts.of(OTHER).lag_s(at(5)) is None


def raw(received_at: str) -> dict[str, bytes]:
    return {"feed": b"wire", "received_at": received_at.encode()}


@pytest.mark.parametrize(
    ("minutes", "silent"),
    [
        pytest.param(69, False, id="within_its_limit"),
        pytest.param(71, True, id="beyond_it"),
    ],
)
def test_a_source_is_silent_when_its_limit_is_passed(
    accounts: Accounts, minutes: int, silent: bool
) -> None:
    # Even where no worker reads what came.
    accounts.raw(raw(at(10).isoformat()))

    assert accounts.silence(WIRE, at(minutes)).since == at(10)
    assert accounts.silence(WIRE, at(minutes)).is_exceeded is silent
    assert accounts.silence(OTHER, at(minutes)).is_exceeded is False


def test_a_source_that_never_sent_is_silent_since_the_record_was_looked_at(
    accounts: Accounts,
) -> None:
    assert accounts.silence(WIRE, at(59)).is_exceeded is False
    assert accounts.silence(WIRE, at(61)).is_exceeded is True


def test_nobody_is_silent_before_all_of_the_record_was_looked_at() -> None:
    accounts = Accounts(START, [WIRE])

    assert accounts.silence(WIRE, at(61)).is_exceeded is False


def test_an_item_of_which_the_record_does_not_tell_yet_breaks_a_silence(
    accounts: Accounts,
) -> None:
    assert accounts.silence(WIRE, at(61), seen=at(60)).is_exceeded is False


@pytest.mark.parametrize("said", ["", "noon", "2026-03-01T08:00:00"])
def test_an_item_without_a_time_of_arrival_says_nothing(accounts: Accounts, said: str) -> None:
    accounts.raw(raw(said))

    assert accounts.of(WIRE).last_item_at is None


def test_the_record_is_read_as_far_back_as_the_longest_silence(accounts: Accounts) -> None:
    week = Source(name="weekly", way="files", silence_s=7 * 86_400)

    assert looked_back([WIRE], START) == START - timedelta(days=1)
    assert looked_back([WIRE, week], START) == START - timedelta(days=7)
