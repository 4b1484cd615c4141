"""IPTC 7901 and ANPA 1312: what the golden files do not show."""

from datetime import UTC, datetime

import pytest

from schemas.stories import Story
from streams.core.wire import Arrival, parse, split

ARRIVAL = Arrival(feed="desk", format="iptc7901", received_at=datetime(2026, 1, 14, 12, tzinfo=UTC))
TEXT = "Kast reist nach Quito =\n\nSantiago (nno) - Kast reist am Montag nach Quito."


def message(
    text: str = TEXT, *, header: str = "bdt0157 3 pl 12", end: str = "141530 GMT Dez 25"
) -> bytes:
    return f"\x01{header}\r\nChile/\r\n\x02{text}\r\n\x03{end}\x04".encode()


def story_of(data: bytes) -> Story:
    story = parse(data, ARRIVAL)
    assert isinstance(story, Story), story
    return story


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("bdt0157 3 pl 12", "iptc7901:bdt:2025-12-14:157", id="the service's number"),
        pytest.param("bdt0157 3 pl 12  nno 0208", "iptc7901:nno:2025-12-14:208", id="the agency's"),
        pytest.param("nno 0157 3 pl 12", "iptc7901:nno:2025-12-14:157", id="a blank between"),
        pytest.param(
            "bkn014 4 pl 171 vvvvb KNN 170123-89-00065#2",
            "iptc7901:bkn:2025-12-14:14",
            id="a date that is no number of a message",
        ),
    ],
)
def test_an_id_is_made_of_source_day_and_number(header: str, expected: str) -> None:
    assert story_of(message(header=header)).id == expected


def test_the_day_of_the_id_is_the_senders_and_not_that_of_utc() -> None:
    story = story_of(message(end="150015 MEZ Dez 25"))

    assert story.id == "iptc7901:bdt:2025-12-15:157"
    assert story.published_at == datetime(2025, 12, 14, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize("end", ["", "141530 Dez", "soon"])
def test_without_a_day_nothing_is_made_up(end: str) -> None:
    story = story_of(message(end=end))

    assert story.id.startswith("story:")
    assert story.published_at is None
    assert "no day/time group with a year in it" in story.remarks


@pytest.mark.parametrize(
    ("number", "kill"),
    [
        pytest.param("bdt0157 3 pl 12", "Please kill item bdt 157", id="service and number"),
        pytest.param("bdt0157 3 pl 12", "Please kill item nno 157", id="named by its agency"),
        pytest.param("bdt0157 3 pl 12", "Please kill item 157", id="a number alone"),
        pytest.param("bdt0099 3 pl 12  nno 0157", "Please kill item nno 157", id="two numbers"),
    ],
)
def test_a_kill_has_the_id_of_what_it_kills(number: str, kill: str) -> None:
    killed = story_of(message(header=number))
    tail = number.partition("  ")[2] and "  nno 0300"
    told = message(
        f"KILL KILL KILL =\n\nBerlin (nno) - {kill}.",
        header=f"bdt0200 1 pl 9{tail}",
        end="141702 GMT Dez 25",
    )

    assert story_of(told).id == killed.id
    assert story_of(told).signal == "kill"


def test_a_kill_of_several_says_that_it_is_taken_for_one() -> None:
    story = story_of(message("KILL\n\nPlease kill bdt 157 and bdt 160."))

    assert story.id == "iptc7901:bdt:2025-12-14:157"
    assert "it names 160 too; only the first message named is meant here" in story.remarks


@pytest.mark.parametrize(("priority", "urgency"), [("1", 1), ("4", 4), ("9", 9), ("0", None)])
def test_priority_is_urgency(priority: str, urgency: int | None) -> None:
    assert story_of(message(header=f"bdt0157 {priority} pl 12")).urgency == urgency


@pytest.mark.parametrize(
    ("text", "headline", "body"),
    [
        ("Kast in Quito\n\nKast ist da.", "Kast in Quito", "Kast ist da."),
        (
            "Kast in Quito -\nErste Reise =\nKast ist da.",
            "Kast in Quito - Erste Reise",
            "Kast ist da.",
        ),
        ("Kast ist da.\n\nEr bleibt.", None, "Kast ist da.\n\nEr bleibt."),
        ("Von Storch in Quito =\n\nSie ist da.", "Von Storch in Quito", "Sie ist da."),
        (
            "Kast in Quito =\n   Er ist da.\n   Er bleibt.",
            "Kast in Quito",
            "Er ist da.\n\nEr bleibt.",
        ),
        ("Kast ist da und\nbleibt", None, "Kast ist da und\nbleibt"),
    ],
    ids=["a blank line", "its sign", "sentences", "Von is no byline", "set in", "no sign of one"],
)
def test_a_headline_is_what_is_set_as_one(text: str, headline: str | None, body: str) -> None:
    story = story_of(message(text))

    assert (story.headline, story.body) == (headline, body)


def test_lines_that_end_where_the_paper_does_are_joined_and_those_of_a_table_stay() -> None:
    story = story_of(
        message(
            "Kast in Quito =\n\nDer gewählte chilenische Präsident José Antonio Kast ist in\n"
            "Ecuador, teilte sein Büro am Sonntag in Santiago de Chile mit.\n\n"
            "Seine Reisen:\nMontag Quito\nMittwoch Lima"
        )
    )

    assert story.body == (
        "Der gewählte chilenische Präsident José Antonio Kast ist in Ecuador, teilte sein Büro am "
        "Sonntag in Santiago de Chile mit.\n\nSeine Reisen:\nMontag Quito\nMittwoch Lima"
    )


def test_control_characters_part_words_or_lines_and_are_gone() -> None:
    story = story_of(message("Kast\x1fin\x00 Quito =\n\nEr ist\x1eda.\x1b(B Er\x7f bleibt."))

    assert (story.headline, story.body) == ("Kast in Quito", "Er ist\nda. Er bleibt.")


def test_a_stream_is_split_where_headings_start() -> None:
    stream = b"\x16\x16" + message() + b"\x16\x16\r\n\x16\x16" + message(header="bdt0158 3 pl 1")

    items = split(stream)

    assert [story_of(item).id[-3:] for item in items] == ["157", "158"]
    assert b"".join(items) == stream


def test_what_stands_before_the_first_heading_is_an_item_that_is_refused() -> None:
    first, second = split(b"noise on the line" + message(), "iptc7901")

    assert first == b"noise on the line"
    assert isinstance(parse(second, ARRIVAL), Story)


def test_a_kill_by_ap_may_be_of_another_service_level() -> None:
    kill = (
        b"\x16\x16\x01v0140\x1f-----\r\nb i\x14\x11BC-Ghana-Togo KILL   12-14 0040\r\n"
        b"\x02^BC-Ghana-Togo, KILL<\r\n\tA kill is mandatory. Kill BC-Ghana-Togo, A0123.\r\n"
        b"\x03MW-WF-12-14-25 1702GMT<\r\n\x04"
    )

    assert (story_of(kill).id, story_of(kill).signal) == ("anpa1312:mw:2025-12-14:a0123", "kill")


def test_a_heading_that_cannot_be_read_begins_a_message_all_the_same() -> None:
    first, second = split(message() + b"\x01*** 17\r\n\x02Kast ist da.\x03")

    assert story_of(first).id.endswith(":157")
    assert story_of(second).body == "Kast ist da."


def test_a_text_whose_heading_was_lost_is_told_of() -> None:
    story = story_of(message() + b"\x02Noboa ist da.\x03")

    assert "another text without a heading follows, and is left out" in story.remarks


@pytest.mark.parametrize(
    "bracketed", ["(Annulé en 2020)", "(Kill Bill)", "(Zurückgezogen lebt er)"]
)
def test_what_is_said_in_brackets_kills_nothing(bracketed: str) -> None:
    assert story_of(message(f"{bracketed}\nKast in Quito =\n\nEr ist da.")).signal == "none"


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        pytest.param("El ministro viaj} ma|ana a Espa|a con su se|ora", "señora", id="es"),
        pytest.param(
            "Le pr{sident a {t{ re\\u @ Paris, o| il a d{clar{ la paix", "reçu à", id="fr"
        ),
        pytest.param("Il presidente ha gi{ detto: la cit}ta |", "gi{", id="too few to tell"),
        pytest.param("The rate is 3{ per cent, half a{b of the c{d sum", "a{b", id="en"),
    ],
)
def test_seven_bits_have_the_letters_of_the_copys_language(letters: str, expected: str) -> None:
    assert expected in story_of(message(f"Kast =\n\n{letters}", end="141530 GMT Dez 25")).body
