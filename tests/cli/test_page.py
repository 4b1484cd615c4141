"""`analyze --html`: one page that shows what was read, and that no story breaks out of."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import EditionId, StoryId
from schemas.readings import Entity
from schemas.stories import Story
from streams.cli.group import dragoman
from streams.cli.marking import Said, paragraphs
from streams.cli.page import Page
from streams.core.knowledge import Knowledge
from streams.core.reader import RuleReader

VOID = {"meta"}
# All that the page itself is made of. Anything else came from a story.
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "footer", "nav", "main"),
    *("section", "article", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt", "dd"),
    *("div", "span", "a", "mark", "bdi", "blockquote", "code", "strong"),
}
ATTRIBUTES = {
    *("lang", "dir", "class", "id", "href", "title", "charset", "content", "http-equiv", "name"),
    *("aria-label", "aria-labelledby"),
}
BODY = (
    "PARIS - French President Emmanuel Macron will travel to Warsaw on Thursday for talks with "
    "Polish Prime Minister Donald Tusk, his office said on Monday.\n\n"
    "Macron visited Italy in December. The association invites its members to report strikes to "
    "the European Union.\n\n"
    "Liberia's Vice-President Jeremiah Koung spoke of security.\n\n"
    "Read more\n\nTen things to know about cheese"
)
TRIP = {
    "uri": "urn:test:1",
    "versioncreated": "2026-01-12T08:00:00Z",
    "language": "en",
    "source": "Meridian Wire",
    "headline": "Talks on Thursday",
    "body_text": BODY,
}
NOTHING = {
    "uri": "urn:test:2",
    "versioncreated": "2026-01-12T09:00:00Z",
    "headline": "Rain expected",
    "body_text": "It will rain over the northern hills on Tuesday, forecasters said.",
}
KILL = {
    "uri": "urn:test:1",
    "versioncreated": "2026-01-13T08:00:00Z",
    "pubstatus": "canceled",
    "source": "Meridian Wire",
    "ednote": "A kill is mandatory.",
}
ARABIC = {
    "uri": "urn:test:3",
    "versioncreated": "2026-01-12T09:00:00Z",
    "headline": "الرئيس يزور القاهرة",
    "body_text": "قال مسؤولون إن الرئيس سيزور القاهرة يوم الخميس لإجراء محادثات حول التجارة.",
}
HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</p></main></body><style>*{display:none}</style>",
    "{{ wording }}{% raw %}",
    "<!-- -->&lt;&amp;&quot;' onclick=",
    "]]>\u202etxet denrut\u0000\u001b[2J",
)


@dataclass
class Node:
    """An element with its attributes, its children and the text in it."""

    tag: str
    attributes: dict[str, str]
    children: list["Node"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """Of this element and all in it, in order."""

    def text(self) -> str:
        return "".join(self.words)

    def all(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.all()

    def find(self, tag: str, **attributes: str) -> list["Node"]:
        return [
            node
            for node in self.all()
            if node.tag == tag
            and all(
                value in node.attributes.get(name.rstrip("_"), "").split()
                for name, value in attributes.items()
            )
        ]


class Tree(HTMLParser):
    """Parses strictly: every element is closed in its place."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]
        self.feed(page)
        self.close()
        assert self._open == [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for node in self._open:
            node.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def run(folder: Path, *items: dict[str, str]) -> Result:
    file = folder / "wire.jsonl"
    file.write_text("".join(json.dumps(item) + "\n" for item in items))
    return CliRunner().invoke(dragoman, ["analyze", "--html", str(file)])


def page(folder: Path, *items: dict[str, str]) -> Node:
    result = run(folder, *items)
    assert (result.exit_code, result.stderr) == (0, "")
    return Tree(result.stdout).root


def stories(root: Node) -> list[Node]:
    return root.find("section", class_="story")


def test_names_are_marked_by_kind_in_the_story(tmp_path: Path) -> None:
    (text,) = page(tmp_path, TRIP).find("div", class_="text")

    marked = {
        (kind, node.text())
        for kind in ("leader", "official", "city", "country", "organisation")
        for node in text.find("span", class_=kind)
    }
    assert marked >= {
        ("leader", "Emmanuel Macron"),
        ("leader", "Donald Tusk"),
        ("leader", "Macron"),
        ("official", "Jeremiah Koung"),
        ("city", "Warsaw"),
        ("country", "Italy"),
        ("organisation", "European Union"),
    }


def test_the_story_is_shown_word_for_word_and_what_was_set_aside_as_such(tmp_path: Path) -> None:
    (text,) = page(tmp_path, TRIP).find("div", class_="text")

    shown = [re.sub(r"×?\d(?=[A-Z])", "", paragraph.text()) for paragraph in text.find("p")]
    assert shown == BODY.split("\n\n")
    assert [node.text() for node in text.find("span", class_="unread")] == [
        "Read more",
        "Ten things to know about cheese",
    ]


def test_each_report_has_a_card_and_its_evidence_is_marked_and_linked_both_ways(
    tmp_path: Path,
) -> None:
    (story,) = stories(page(tmp_path, TRIP))
    cards = story.find("article", class_="card")

    assert [card.find("h4")[0].text() for card in cards] == [
        "Emmanuel Macron to Warsaw, Poland, 15 January 2026",
        "Emmanuel Macron to Italy, December 2025",
    ]
    for card in cards:
        (link,) = card.find("footer")[0].find("a")
        (mark,) = [
            mark
            for mark in story.find("mark")
            if mark.find("a", id=link.attributes["href"].removeprefix("#"))
        ]
        (badge,) = mark.find("a")
        assert badge.attributes["href"] == f"#{card.attributes['id']}"
        assert card.find("blockquote")[0].text() == mark.text().removeprefix(badge.text())


def test_evidence_that_is_the_headline_and_in_the_text_is_marked_once(tmp_path: Path) -> None:
    words = "French President Emmanuel Macron will travel to Warsaw on Thursday."
    twice = TRIP | {"headline": words, "body_text": f"{words}\n\nHis office said so on Monday."}

    (story,) = stories(page(tmp_path, twice))

    assert [mark.text() for mark in story.find("mark")] == [f"1{words}"]


def test_evidence_in_the_headline_is_marked_there(tmp_path: Path) -> None:
    (story,) = stories(page(tmp_path, TRIP | {"headline": "Macron to visit Poland on Thursday"}))

    (title,) = story.find("h2")
    assert [mark.text() for mark in title.find("mark")] == ["1Macron to visit Poland on Thursday"]


def test_a_card_says_who_where_when_how_sure_and_by_which_rule(tmp_path: Path) -> None:
    news, background = page(tmp_path, TRIP).find("article", class_="card")

    assert news.find("span", class_="kind")[0].text() == "1trip · planned · news"
    assert background.find("span", class_="kind")[0].text() == "2trip · completed · background"
    said = {
        line.find("dt")[0].text(): line.find("dd")[0].text() for line in news.find("dl")[0].children
    }
    assert said.pop("confidence").startswith("0.")
    assert said == {
        "who": "Emmanuel Macron emmanuel-macron",
        "where": "Warsaw, Poland",
        "when": "15 January 2026",
        "host": "Donald Tusk donald-tusk",
        "rule": "going:go.future",
    }


def test_what_was_not_taken_is_shown_with_its_reason_and_marked(tmp_path: Path) -> None:
    (story,) = stories(page(tmp_path, TRIP))
    (refused,) = story.find("div", class_="not-taken")

    assert "nobody known is invited" in refused.text()
    sentence = refused.find("blockquote")[0].text()
    assert sentence.startswith("The association invites")
    assert [node.text() for node in story.find("span", class_="rejected")] == [f"×1{sentence}"]


def test_the_head_says_where_it_is_from_and_how_it_was_read(tmp_path: Path) -> None:
    declared = TRIP | {"language": "fr"}

    (story,) = stories(page(tmp_path, declared))
    head = {line.find("dt")[0].text(): line.find("dd")[0] for line in story.find("dl")[0].children}

    assert head["source"].text() == "Meridian Wire"
    assert head["published"].text() == "12 Jan 2026 08:00 UTC"
    assert head["language"].text() == "en, declared fr"
    assert head["set aside"].text() == "2 blocks of page furniture set aside"
    assert head["story"].text() == "urn:test:1"
    assert head["read by"].text().startswith("rules/")
    assert ", knowledge " in head["read by"].text()


def test_topics_are_shown_with_the_words_that_decided(tmp_path: Path) -> None:
    security = NOTHING | {"body_text": "Both armies agreed on a ceasefire on Tuesday, they said."}

    (story,) = stories(page(tmp_path, security))

    assert "Security" in story.text()
    assert "ceasefire" in [word.text() for word in story.find("span", class_="word")]


def test_several_stories_have_a_table_of_contents_and_one_has_none(tmp_path: Path) -> None:
    several = page(tmp_path, TRIP, NOTHING, KILL)

    (contents,) = several.find("nav")
    targets = [link.attributes["href"] for link in contents.find("a")]
    assert targets == [f"#{story.attributes['id']}" for story in stories(several)]
    assert "Rain expected" in contents.text()
    assert "2 reports" in contents.text()
    assert page(tmp_path, TRIP).find("nav") == []


def test_a_story_with_nothing_in_it_is_a_story_all_the_same(tmp_path: Path) -> None:
    (story,) = stories(page(tmp_path, NOTHING))

    assert "No trip and no invitation is reported." in story.text()
    assert (story.find("mark"), story.find("article")) == ([], [])


def test_a_kill_says_so(tmp_path: Path) -> None:
    (story,) = stories(page(tmp_path, KILL))

    assert "kill: A kill is mandatory." in [
        node.find("dd")[0].text() for node in story.find("div", class_="warning")
    ]
    assert "The item has no text." in story.text()


def test_a_language_that_is_not_read_is_told_and_runs_its_own_way(tmp_path: Path) -> None:
    (story,) = stories(page(tmp_path, ARABIC))

    assert "ar (no lexicon: not read for reports)" in story.text()
    shown = [*story.find("h2"), *story.find("p", dir="auto")]
    assert [node.attributes["dir"] for node in shown] == ["auto", "auto"]
    assert ARABIC["body_text"] in story.text()


def test_the_end_of_a_story_too_long_to_be_read_is_left_out(tmp_path: Path) -> None:
    long = NOTHING | {"body_text": "It rained on the hills. " * 3_000}

    (story,) = stories(page(tmp_path, long))

    assert "too long: the end was not read" in story.text()
    assert "11,999 more characters were not read and are not shown." in story.text()


@pytest.mark.parametrize("words", HOSTILE)
def test_no_story_breaks_out_of_its_place(tmp_path: Path, words: str) -> None:
    hostile = {
        **TRIP,
        **{name: f"{words} {TRIP[name]}" for name in ("uri", "source", "headline")},
        "body_text": TRIP["body_text"].replace("Macron", f"Macron {words}") + f"\n\n{words}",
        "ednote": words,
        "link": f"javascript:{words}",
    }

    root = page(tmp_path, hostile, hostile | {"headline": "", "body_text": words})

    assert {node.tag for node in root.all()} - {""} <= ELEMENTS
    assert {name for node in root.all() for name in node.attributes} <= ATTRIBUTES
    assert len(root.find("style")) == 1
    links = {link.attributes["href"] for link in root.find("a")}
    places = [node.attributes["id"] for node in root.all() if "id" in node.attributes]
    assert links <= {f"#{place}" for place in places}
    assert len(places) == len(set(places))
    assert not set(root.text()) & set("\u202e\0\x1b")


@given(st.text(max_size=80), st.text(max_size=200))
def test_no_text_adds_an_element(headline: str, body: str) -> None:
    known = Knowledge("v", (), (), (), (), (), (), (), (), {}, {}, {})
    story = Story(
        id=StoryId(headline or "s"),
        edition=EditionId("e"),
        published_at=None,
        received_at=datetime(2026, 1, 12, tzinfo=UTC),
        source=headline,
        feed="test",
        format="text",
        headline=headline,
        body=body,
        note=body,
        signal="correction",
    )
    shown = Page(known)
    shown.add(story, RuleReader(known).read(story))

    tree = Tree(shown.html()).root

    assert {node.tag for node in tree.all()} - {""} <= ELEMENTS
    assert {name for node in tree.all() for name in node.attributes} <= ATTRIBUTES


def test_what_is_no_story_is_told_on_the_page_too(tmp_path: Path) -> None:
    result = run(tmp_path, {"headline": "no <uri>"}, TRIP)

    assert result.exit_code == 1
    assert "missing_field: uri" in result.stderr
    assert "missing_field: uri" in Tree(result.stdout).root.find("li")[-1].text()


def test_the_page_needs_no_network_and_no_script(tmp_path: Path) -> None:
    text = run(tmp_path, TRIP).stdout

    assert "default-src 'none'" in text
    assert not any(
        word in text for word in ("<script", "<link", "<img", "http://", "https://", "url(")
    )


def test_explain_and_html_exclude_each_other() -> None:
    result = CliRunner().invoke(dragoman, ["analyze", "--html", "--explain", "-"])

    assert result.exit_code == 2
    assert "--explain or --html" in result.stderr


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=6
)


@given(st.text("ab \n.", max_size=60), SPANS, SPANS, SPANS, SPANS)
def test_pieces_together_are_the_text(
    text: str,
    names: list[tuple[int, int]],
    findings: list[tuple[int, int]],
    rejected: list[tuple[int, int]],
    read: list[tuple[int, int]],
) -> None:
    entities = [Entity(id=str(n), name="x", kind="person", spans=(s,)) for n, s in enumerate(names)]
    said = Said(dict(enumerate(findings)), dict(enumerate(rejected)))

    blocks = list(paragraphs(text, entities, said, read))

    shown = [
        "".join(piece.text for passage in block for piece in passage.pieces) for block in blocks
    ]
    assert "".join("".join(shown).split()) == "".join(text.split())
    assert all(block in text for block in shown)
