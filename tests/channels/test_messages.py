"""Messages that people read."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from alert_events import event
from parcels import parcel

from schemas.alerts import AlertEvent
from schemas.base import Dates
from streams.channels.messages import as_html, as_markdown, as_text, link, title
from streams.channels.ways import Ways
from streams.core.alerts import ALERT_REASONS
from streams.core.rounds import Item

WAYS = Ways(
    pages="https://dragoman.example/news",
    countries={"IT": "Italy", "EC": "Ecuador"},
    topics={"migration": "Migration"},
)


def alert(number: int = 1, **data: Any) -> AlertEvent:
    told = event(number)
    return told.model_copy(update={"data": told.data.model_copy(update=data)})


def said(number: int = 1, **evidence: Any) -> AlertEvent:
    first = event(number).data.evidence[0]
    return alert(number, evidence=(first.model_copy(update=evidence),))


FORMATS = pytest.mark.parametrize("render", [as_text, as_html, as_markdown])


class Elements(HTMLParser):
    """What a browser makes of it: elements with attributes, and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


NEW = alert(
    country="EC",
    city="Quito",
    dates=Dates(start="2026-01-14", end="2026-01-16"),
    independent_sources=2,
    told_by=(("EFE", "El Comercio"), ("Reuters",)),
    topics=("migration", "strange"),
    evidence=(
        event(1)
        .data.evidence[0]
        .model_copy(
            update={
                "text": "Ada irá a Quito.",
                "language": "es",
                "source": "EFE",
                "headline": "Ada en Quito",
                "links": ("https://efe.example/1",),
            }
        ),
    ),
)


def test_an_alert_says_who_what_when_how_sure_and_why_in_plain_text() -> None:
    assert as_text(parcel(NEW, id="quito"), WAYS) == (
        "NEW TRIP\n"
        "Ada to Quito, Ecuador, 14 to 16 January 2026 — planned\n"
        "\n"
        "How sure: 2 independent sources: EFE = El Comercio, Reuters\n"
        "Topics: Migration, strange\n"
        "\n"
        "“Ada irá a Quito.”\n"
        "   [es] EFE, 5 Jan 2026 12:00 UTC\n"
        "   Ada en Quito\n"
        "   https://efe.example/1\n"
        "\n"
        "Dossier of Ada: https://dragoman.example/news/leaders/ada\n"
        "\n"
        "-- \n"
        "Sent by Dragoman for the foreign desk (subscription quito)"
    )


def test_the_page_says_the_same_in_the_languages_it_is_in() -> None:
    page = Elements(as_html(parcel(NEW), WAYS))

    for words in (
        "Ada to Quito, Ecuador, 14 to 16 January 2026 — planned",
        "2 independent sources: EFE = El Comercio, Reuters",
        "“Ada irá a Quito.”",
        "EFE, 5 Jan 2026 12:00 UTC",
    ):
        assert words in page.text
    assert ("p", "es") in [(tag, attributes.get("lang")) for tag, attributes in page.elements]
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == [
        "https://efe.example/1",
        "https://dragoman.example/news/leaders/ada",
    ]


CHANGED = alert(
    2,
    kind="trip.changed",
    reason="rescheduled",
    country="EC",
    dates=Dates(start="2026-01-20", end="2026-01-20"),
    status="possible",
)


@FORMATS
def test_a_change_says_what_it_was_before(render: Any) -> None:
    text = render(parcel(Item(CHANGED, before=NEW)), WAYS)
    plain = Elements(text).text if render is as_html else " ".join(text.split())

    assert "it was put off or brought forward" in plain
    assert re.search(r"Where:? Ecuador \(?(was )?Quito, Ecuador", plain)
    assert re.search(r"When:? 20 January 2026 \(?(was )?14 to 16 January 2026", plain)
    assert re.search(r"Status:? possible \(?(was )?planned", plain)


TAKEN_BACK = alert(3, kind="retracted", reason="killed", country="EC", evidence=())


@FORMATS
def test_what_is_taken_back_says_so_and_what_was_said(render: Any) -> None:
    text = render(parcel(Item(TAKEN_BACK, before=CHANGED)), WAYS)
    plain = Elements(text).text if render is as_html else " ".join(text.split())

    assert title(parcel(TAKEN_BACK), WAYS).startswith("Retracted: Ada to Ecuador")
    assert "This is taken back: the agency has withdrawn the story." in plain
    assert "Told before: Ada to Ecuador, 20 January 2026 — possible" in plain
    assert "How sure" not in plain


def test_an_invitation_says_who_asks_whom_and_for_what() -> None:
    inviter = event(1, leader="bo").data.leader
    asked = alert(kind="invitation.new", inviter=inviter, occasion="summit", status="extended")

    assert title(parcel(asked), WAYS) == (
        "New invitation: Ada invited by Bo to Italy (summit), from 20 January 2026 — extended"
    )


@FORMATS
def test_forty_alerts_are_a_list_in_their_order_with_what_changed_and_what_is_taken_back(
    render: Any,
) -> None:
    many = (Item(TAKEN_BACK, before=CHANGED), *range(40, 4, -1), Item(CHANGED, before=NEW), NEW, 1)
    given = parcel(
        *(event(each, text=f"No. {each}.") if isinstance(each, int) else each for each in many)
    )
    text = render(given, WAYS)
    plain = Elements(text).text if render is as_html else " ".join(text.split())

    assert re.findall(r"“No\. (\d+)\.”", plain) == [str(each) for each in (*range(40, 4, -1), 1)]
    assert plain.index("aken back: the agency has withdrawn the story") < plain.index("No. 40")
    assert re.search(r"was 14 to 16 January 2026", plain)
    assert title(given, WAYS) == "40 alerts: Ada"
    assert len(text) < 40 * 800


def test_the_title_of_a_list_names_everybody_once_and_is_cut_in_time() -> None:
    few = parcel(event(1), event(2, leader="bo"), event(3))
    many = parcel(*(event(n, leader=f"leader-{n}") for n in range(100)))

    assert title(few, WAYS) == "3 alerts: Ada, Bo"
    assert len(title(many, WAYS)) < 210


def test_sentences_in_a_list_are_shorter_than_alone() -> None:
    long = event(1, text="word " * 1000)

    assert as_text(parcel(long), WAYS).count("word") > 100
    assert as_text(parcel(long, 2), WAYS).count("word") < 50


def test_outlets_that_tell_nothing_of_their_texts_are_counted_as_the_alert_counts_them() -> None:
    assert "How sure: 1 independent source: PLAIN" in as_text(parcel(1), WAYS)


def test_without_a_public_address_there_are_no_links_to_dossiers() -> None:
    here = replace(WAYS, pages=None)

    for render in (as_text, as_html, as_markdown):
        assert "ossier" not in render(parcel(1), here) + render(parcel(1, 2), here)


def test_the_id_of_somebody_no_file_knows_is_part_of_an_address() -> None:
    unknown = event(1, leader="provisional:ec:a/b?c#d e")

    assert "/leaders/provisional%3Aec%3Aa%2Fb%3Fc%23d%20e\n" in as_text(parcel(unknown), WAYS)


@pytest.mark.parametrize("reason", ALERT_REASONS)
def test_every_reason_is_told_in_words(reason: str) -> None:
    text = as_text(parcel(alert(reason=reason, kind="trip.changed")), WAYS)

    assert ("What has happened: " in text) is (reason != "first_report")
    assert f": {reason}\n" not in text


ATTACKS = [
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param("</title></p><img src=x onerror=alert(1)>", id="image"),
    pytest.param("\"' onmouseover='alert(1)", id="attribute"),
    pytest.param("{{ 7 * 7 }}{% raw %}", id="template"),
    pytest.param("&lt;b&gt;&#60;i&#62;", id="entities"),
    pytest.param("سفر <b> שלום", id="right_to_left"),
    pytest.param("東京<!-- Ọ̀jọ́ -->", id="comment"),
    pytest.param("a\u202egnp.exe\u2066\x00\x1b[31m", id="unseen"),
    pytest.param("x\r\n\r\nNEW TRIP\nEve to Rome", id="lines"),
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_a_story_is_markup_in_mail(attack: str) -> None:
    leader = event(1).data.leader.model_copy(update={"name": attack})
    evidence = event(1).data.evidence[0]
    bad = evidence.model_copy(
        update={"text": attack, "source": attack, "headline": attack, "links": (attack,)}
    )
    attacked = alert(
        leader=leader,
        city=attack,
        occasion=attack,
        status=attack,
        sources=(attack,),
        topics=(attack,),
        evidence=(bad,),
    )
    calm = alert(city="x", occasion="x", topics=("x",), evidence=(evidence,))
    headline = calm.data.evidence[0].model_copy(update={"headline": "x"})
    calm = calm.model_copy(update={"data": calm.data.model_copy(update={"evidence": (headline,)})})
    for others in ((), (2,)):
        page = Elements(as_html(parcel(attacked, *others, owner=attack), WAYS))
        peace = Elements(as_html(parcel(calm, *others), WAYS))

        assert [tag for tag, _ in page.elements] == [tag for tag, _ in peace.elements]
        assert [sorted(a) for _, a in page.elements] == [sorted(a) for _, a in peace.elements]
        shown = as_text(parcel(attacked, *others), WAYS)
        assert len(shown.splitlines()) == len(as_text(parcel(calm, *others), WAYS).splitlines())
        assert not set("\u202e\u2066\x00\x1b") & set(shown + page.text)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://efe.example/a?b=1&c=2#d", "https://efe.example/a?b=1&c=2#d"),
        ("HTTP://efe.example", "HTTP://efe.example"),
        ("https://efe.example:8443/ü", None),
        (
            "https://efe.example/(a)_*b*",
            "https://efe.example/%28a%29%5F%2Ab%2A",
        ),
        ("https://efe.example/a|b", "https://efe.example/a%7Cb"),
        ("https://efe.example/a>b", "https://efe.example/a%3Eb"),
        ("https://efe.example/'\"", "https://efe.example/%27%22"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//efe.example/", None),
        ("https://", None),
        ("https://user:word@efe.example/", None),
        ("https://efe.example/a b", None),
        ("https://efe.example/\nx", None),
        ("https://efe.example\\@evil.example/", None),
        ("https://efe.example/" + "a" * 1000, None),
        ("", None),
    ],
)
def test_only_plain_addresses_of_the_web_are_links(address: str, expected: str | None) -> None:
    assert link(address) == expected
    assert (f'href="{expected}"' in as_html(parcel(said(links=(address,))), WAYS)) is (
        expected is not None and "&" not in expected
    )
