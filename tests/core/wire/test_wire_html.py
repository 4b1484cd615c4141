"""Web pages: what the golden files do not show."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse

ARRIVAL = Arrival(feed="web", format="html", received_at=datetime(2026, 1, 14, 12, tzinfo=UTC))
PROSE = (
    "Benin's President Patrice Talon has come back from Lagos, where he met his Nigerian "
    "counterpart on Tuesday, his office said in Cotonou."
)

MORE = "Those who want to read more of this should ask for the letter that we send in the evening."


def answer(head: str = "", body: str = f"<article><p>{PROSE}</p></article>") -> Story | Refusal:
    return parse(
        f"<!doctype html><html><head><title>Talon in Lagos</title>{head}</head>"
        f"<body>{body}</body></html>".encode(),
        ARRIVAL,
    )


def story_of(head: str = "", body: str = f"<article><p>{PROSE}</p></article>") -> Story:
    story = answer(head, body)
    assert isinstance(story, Story), story
    return story


def linked(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>'


@pytest.mark.parametrize(
    ("head", "published"),
    [
        pytest.param(linked('"datePublished": "2026-01-14T08:00:00Z"'), 8, id="JSON-LD"),
        pytest.param(
            linked('"description": "two\nlines", "datePublished": "2026-01-14T08:00:00Z"'),
            8,
            id="JSON-LD with a line break in a text",
        ),
        pytest.param(
            linked('"datePublished": "2026-01-14T08:00Z", "dateModified": "2026-01-14T09:00Z"'),
            9,
            id="the time of this version",
        ),
        pytest.param(
            linked('"datePublished": "2026-01-14T08:00Z", "dateModified": "2026-01-13T09:00Z"'),
            8,
            id="a change before it was published is none",
        ),
        pytest.param(
            linked('"datePublished": "2026-01-14T08:00Z"')
            + '<meta property="article:published_time" content="2026-01-14T07:00Z">',
            8,
            id="JSON-LD before meta",
        ),
        pytest.param(
            '<meta itemprop="datePublished" content="2026-01-14T08:00:00+00:00">', 8, id="meta"
        ),
        pytest.param('<meta name="date" content="14 January">', None, id="no time in ISO 8601"),
        pytest.param("", None, id="nothing said"),
    ],
)
def test_a_time_is_taken_where_the_page_gives_one(head: str, published: int | None) -> None:
    expected = None if published is None else datetime(2026, 1, 14, published, tzinfo=UTC)

    assert story_of(head).published_at == expected


@pytest.mark.parametrize(
    ("times", "published"),
    [
        (["2026-01-14T08:00Z"], datetime(2026, 1, 14, 8, tzinfo=UTC)),
        (["2026-01-14T08:00Z", "2026-01-14T08:00Z"], datetime(2026, 1, 14, 8, tzinfo=UTC)),
        (["2026-01-14T08:00Z", "2026-01-12T08:00Z"], None),
    ],
    ids=["one", "the same twice", "two of which none says what it is"],
)
def test_a_time_marked_up_in_the_article_counts_if_it_is_the_only_one(
    times: list[str], published: datetime | None
) -> None:
    marked = "".join(f'<time datetime="{time}">then</time>' for time in times)

    assert story_of(body=f"<article>{marked}<p>{PROSE}</p></article>").published_at == published


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (linked('"identifier": "urn:nno:17"'), "urn:nno:17"),
        (linked('"identifier": 17, "url": "https://a.example/talon"'), "https://a.example/talon"),
        (linked('"identifier": "17"'), None),
        (
            '<link rel="canonical" href="https://a.example/talon#comments">',
            "https://a.example/talon",
        ),
        ('<link rel="canonical" href="https://a.example/">', None),
        ('<link rel="canonical" href="/talon">', None),
        ('<meta property="og:url" content="https://a.example/talon">', "https://a.example/talon"),
    ],
    ids=["a name", "an address", "a bare number", "canonical", "the site's", "relative", "og:url"],
)
def test_an_id_is_a_name_or_an_address_that_the_page_gives(head: str, expected: str | None) -> None:
    story_id = story_of(head).id

    assert story_id == expected or (expected is None and story_id.startswith("story:"))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "nothing"),
        ("<p>Sign in to go on.</p>", "no prose"),
        ("<nav><ul>" + "<li><a href='/x'>World</a></li>" * 50 + "</ul></nav>", "a menu"),
        ("<div>" * 5_000, "nested"),
        ("<script>document.write('a story')</script>", "made by a script"),
    ],
)
def test_a_page_without_an_article_is_refused(body: str, why: str) -> None:
    refusal = answer(body=body)

    assert isinstance(refusal, Refusal), why
    assert refusal.reason == "not_a_story"


def test_a_page_beyond_bounds_is_refused_before_anybody_looks_for_an_article() -> None:
    refusal = answer(body=f"<p>{PROSE}</p>" * 25_000)

    assert refusal == Refusal("too_large", "a page of more than 20000 elements")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param(f"{PROSE} And he rests.", PROSE, id="its paragraphs, as the page has them"),
        pytest.param(PROSE[:30], f"{PROSE}\n\n{MORE}", id="the begin of it"),
        pytest.param("Else.\\n\\n" + PROSE[::-1] * 3, "Else.\n\n" + PROSE[::-1] * 3, id="another"),
    ],
)
def test_the_text_in_json_ld_tells_what_of_the_page_is_article(told: str, expected: str) -> None:
    body = f"<article><p>{PROSE}</p><p>{MORE}</p></article>"

    assert story_of(linked(f'"articleBody": "{told}"'), body).body == expected


def test_half_a_character_in_json_ld_is_none() -> None:
    story = story_of(linked('"headline": "Talon \\ud800 in Lagos"'))

    assert story.headline == "Talon ? in Lagos"


def test_a_page_makes_no_noise(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    answer(body="<p>" * 300)

    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_nobody_waits_for_the_extractor_who_reads_no_page() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import streams.cli, streams.core.wire, sys; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()

    assert "streams.core.wire.html" in told
    assert "trafilatura" not in told
