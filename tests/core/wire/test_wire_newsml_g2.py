"""NewsML-G2: messages taken apart, and any document a story or a refusal.

What each oddity of an item comes to is in `golden/newsml-g2`.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.dead_letters import REASONS
from schemas.stories import Story
from streams.core.wire import AUTO, Arrival, Refusal, parse, recognise, split

GOLDEN = Path(__file__).resolve().parent / "golden/newsml-g2"
NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
NAMESPACE = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def read(data: bytes, format_name: str = "newsml-g2") -> Story | Refusal:
    return parse(data, Arrival(feed="desk", format=format_name, received_at=NOON))


def item(inside: str = "", attributes: str = 'guid="urn:x:1"') -> str:
    return (
        f"<newsItem {NAMESPACE} {attributes}><itemMeta>{inside}</itemMeta><contentSet><inlineXML>"
        "<p>The king will fly to Muscat.</p></inlineXML></contentSet></newsItem>"
    )


def message(*items: str, attributes: str = "") -> bytes:
    return (
        f"<newsMessage {NAMESPACE} {attributes}><itemSet>{''.join(items)}</itemSet></newsMessage>"
    ).encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"<newsItem guid='x'>", "newsml-g2", id="an item"),
        pytest.param(b"<?xml version='1.0'?>\n<newsMessage>", "newsml-g2", id="a message"),
        pytest.param(b"<!-- a --><nar:packageItem x='y'>", "newsml-g2", id="comment and prefix"),
        pytest.param(b"\xef\xbb\xbf\n<conceptItem/>", "newsml-g2", id="a byte order mark"),
        pytest.param(b"<planningItem>", "newsml-g2", id="planning"),
        pytest.param(b"<newsItemX>", None, id="a longer name"),
        pytest.param(b"<!-- <newsItem> --><x>", None, id="an item in a comment"),
        pytest.param(b"<x><newsItem>", None, id="an item inside something else"),
        pytest.param(b"<NewsML><NewsItem>", None, id="NewsML 1.2"),
    ],
)
def test_it_is_told_by_its_root(data: bytes, expected: str | None) -> None:
    assert (recognise(data) == "newsml-g2") == (expected is not None)


def test_each_item_of_a_message_reads_as_if_it_had_come_alone() -> None:
    first, second = item("<title>One</title>"), item("<title>Two</title>", 'guid="urn:x:2"')

    parts = split(message(first, "stray words", second))

    assert [read(part) for part in parts] == [read(first.encode()), read(second.encode())]


def test_a_message_is_taken_apart_the_same_way_each_time_and_only_once() -> None:
    data = (GOLDEN / "item-set-with-a-package-between.xml").read_bytes()

    parts = split(data)

    assert len(parts) == 3
    assert split(data) == parts
    assert [split(part) for part in parts] == [(part,) for part in parts]


def test_an_item_that_stands_beside_the_set_is_not_lost() -> None:
    inside, beside = item(), item(attributes='guid="urn:x:2"')
    data = message(inside).replace(b"</newsMessage>", beside.encode() + b"</newsMessage>")

    assert [read(part) for part in split(data)] == [read(inside.encode()), read(beside.encode())]


def test_items_have_the_language_of_their_message() -> None:
    own = item(attributes='guid="urn:x:2" xml:lang="de"')

    stories = [read(part) for part in split(message(item(), own, attributes='xml:lang="fr"'))]

    assert [story.language for story in stories if isinstance(story, Story)] == ["fr", "de"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(message(item()), id="a message of one"),
        pytest.param(item().encode(), id="an item"),
        pytest.param(message(item(), item())[:-20], id="torn"),
        pytest.param(message(), id="a message of none"),
    ],
)
def test_what_holds_no_several_items_stays_as_it_came(data: bytes) -> None:
    assert split(data, "newsml-g2") == (data,)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(message(item(), item()), "2 items", id="a message nobody took apart"),
        pytest.param(item().encode()[:-30], "well-formed", id="torn"),
        pytest.param(item('<itemClass v:a="b"/>').encode(), "prefix v", id="undeclared prefix"),
        pytest.param(b"<NewsML/>", "NewsML: no item", id="NewsML 1.2"),
        pytest.param(b"words", "well-formed", id="words"),
    ],
)
def test_what_is_no_item_is_refused(data: bytes, words: str) -> None:
    refusal = read(data)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "not_a_story"
    assert words in refusal.detail


def test_of_several_embargoes_the_last_to_end_counts() -> None:
    ends = "<embargoed>2026-01-15T06:00:00Z</embargoed><embargoed>2026-01-16T06:00:00Z</embargoed>"

    story = read(item(ends).encode())

    assert isinstance(story, Story)
    assert story.embargoed_until == datetime(2026, 1, 16, 6, tzinfo=UTC)


CODES = st.sampled_from(
    [
        *("stat:usable", "stat:canceled", "stat:x", "ninat:text", "ninat:picture", "sig:update"),
        *("edStat:D", "medtop:20000587", "http://cv.iptc.org/newscodes/mediatopic/1", ":", ""),
    ]
)
WORDS = st.sampled_from(
    ["", "a", "KILL", "2026-01-14T12:00:00Z", "2026", "&lt;p&gt;b&lt;/p&gt;", "\n  a\n    b\n", "5"]
) | st.text(alphabet="ab<>&; \n'\"é#19x", max_size=12).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)
NAMES = st.sampled_from(
    [
        *("newsMessage", "itemSet", "newsItem", "packageItem", "itemMeta", "contentMeta"),
        *("contentSet", "inlineXML", "inlineData", "html", "body", "nitf", "body.content", "note"),
        *("p", "pre", "header", "h3", "headline", "title", "edNote", "link", "altRep", "signal"),
        *("pubStatus", "itemClass", "embargoed", "versionCreated", "firstCreated", "language"),
        *("subject", "sameAs", "provider", "infoSource", "name", "located", "dateline", "urgency"),
    ]
)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "guid": WORDS,
        "version": st.sampled_from(["1", "2", "9" * 30, "²", ""]),
        "qcode": CODES,
        "uri": CODES,
        "role": CODES,
        "rank": st.sampled_from(["1", "x", "²", "9" * 5000]),
        "tag": st.sampled_from(["en", "de-CH", "", "x"]),
        "xml:lang": st.sampled_from(["en", "de-CH", "", "x"]),
        "class": st.sampled_from(["notepad", "closingline"]),
        "contenttype": st.sampled_from(["text/plain", "image/png", "application/xhtml+xml"]),
        "href": st.sampled_from(["http://a.example/", "a"]),
    },
)


def element(name: str, attributes: dict[str, str], inside: list[str]) -> str:
    said = "".join(
        f' {key}="{value.replace(chr(34), "&quot;")}"' for key, value in attributes.items()
    )
    return f"<{name}{said}>{''.join(inside)}</{name}>"


TREES = st.recursive(
    WORDS,
    lambda inner: st.builds(element, NAMES, ATTRIBUTES, st.lists(inner, max_size=4)),
    max_leaves=15,
)
ITEMS = st.builds(
    lambda meta, about, content: (
        f'<newsItem guid="a"><itemMeta>{meta}</itemMeta><contentMeta>{about}</contentMeta>'
        f"<contentSet>{content}</contentSet></newsItem>"
    ),
    TREES,
    TREES,
    TREES,
)


@given(document=ITEMS | TREES, format_name=st.sampled_from([AUTO, "newsml-g2"]))
@example(
    document='<newsItem guid="a"><itemMeta><title>&#x1B;</title></itemMeta></newsItem>',
    format_name=AUTO,
)
def test_any_document_gives_a_story_or_a_refusal_and_the_same_again(
    document: str, format_name: str
) -> None:
    answer = read(document.encode(), format_name)

    assert answer == read(document.encode(), format_name)
    if isinstance(answer, Refusal):
        assert answer.reason in REASONS
        assert answer.detail
    else:
        assert "\x1b" not in answer.body


@given(items=st.lists(ITEMS, min_size=2, max_size=4))
def test_any_items_read_alike_alone_and_out_of_a_message(items: list[str]) -> None:
    parts = split(f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>".encode())

    assert [read(part) for part in parts] == [read(each.encode()) for each in items]


@pytest.mark.parametrize(
    "run",
    [
        *(" ", "\n", "\n  a", "a\n", "<p/>", "<p>a</p>", "&amp;#39;", "&lt;p", "&lt;p&gt;"),
        *("<h3>Notizblock</h3>", "<p class='notepad'>a</p>", "<header>a</header>b", "&lt;!--"),
    ],
)
@pytest.mark.parametrize(
    "frame",
    [
        "<inlineXML><html><body>{}</body></html></inlineXML>",
        "<inlineXML>{}</inlineXML>",
        "<inlineXML><p>{}</p></inlineXML>",
    ],
)
@pytest.mark.timeout(120)
def test_a_hostile_body_is_read_in_linear_time(run: str, frame: str) -> None:
    inside = frame.format(run * (300_000 // len(run)))

    read(f'<newsItem guid="a"><contentSet>{inside}</contentSet></newsItem>'.encode())


@pytest.mark.parametrize(
    "run", ["<edNote>a</edNote>", "<link href='http://a'/>", "<title>a</title>"]
)
@pytest.mark.timeout(120)
def test_hostile_metadata_are_read_in_linear_time(run: str) -> None:
    read(f'<newsItem guid="a"><itemMeta>{run * 20_000}</itemMeta></newsItem>'.encode())
