"""Feeds taken apart into entries, and what an entry says."""

import builtins
import time
import urllib.request
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse, recognise, split
from streams.core.wire.rss import MAX_BROKEN, complete

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def item(number: int, more: str = "") -> str:
    return (
        f'<item><title>Story {number}</title><guid isPermaLink="false">s-{number}</guid>'
        f"<description>Text {number}.</description>{more}</item>"
    )


def feed(*items: str, more: str = "") -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/">'
        f"<channel><title>Wire</title>{more}{''.join(items)}</channel></rss>"
    ).encode()


def read(data: bytes, format_name: str = "rss") -> Story | Refusal:
    return parse(data, Arrival(feed="test", format=format_name, received_at=NOON))


def ids(data: bytes) -> list[str]:
    return [answer.id for part in split(data, "rss") if isinstance(answer := read(part), Story)]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(feed(item(3), item(2), item(1)), id="a-new-entry-before-it"),
        pytest.param(feed(item(2)), id="the-others-gone"),
        pytest.param(
            feed(item(2), item(1), more="<lastBuildDate>today</lastBuildDate><ttl>5</ttl>"),
            id="built-anew",
        ),
        pytest.param(
            feed(item(2, "<slash:comments>7</slash:comments>"), item(1)), id="comments-counted"
        ),
        pytest.param(
            feed(item(2), item(1)).replace(
                b"<rss ", b'<rss xmlns:georss="http://www.georss.org/georss" '
            ),
            id="a-namespace-more",
        ),
        pytest.param(
            feed(item(2), item(1)).replace(b"<item>", b"\n  <!-- x -->\n  <item>"),
            id="indented",
        ),
        pytest.param(feed(item(3, "<b>A & B</b>"), item(2), item(1)), id="another-entry-is-broken"),
        pytest.param(feed(item(2), item(1))[:-20], id="the-end-is-missing"),
        pytest.param(feed(item(2), item(1)).decode().encode("utf-16"), id="another-encoding"),
    ],
)
def test_an_entry_has_the_same_bytes_while_it_says_the_same(later: bytes) -> None:
    (known, _) = split(feed(item(2), item(1)), "rss")

    assert known in split(later, "rss")


def test_an_entry_that_has_changed_has_other_bytes() -> None:
    changed = feed(item(1).replace("Text", "New text"))

    assert split(changed, "rss") != split(feed(item(1)), "rss")


def test_the_document_of_an_entry_is_its_own_document() -> None:
    for data in (feed(item(2), item(1)), feed(item(2, "<b>&"), item(1)), feed(item(1))[:-40]):
        for part in split(data, "rss"):
            assert split(part, "rss") == (part,)


def test_a_feed_with_one_entry_reads_like_its_entry() -> None:
    data = feed(item(1), more="<webMaster>root@wire.example</webMaster>")

    assert read(data) == read(split(data, "rss")[0])


def test_a_feed_of_several_entries_is_no_item() -> None:
    assert read(feed(item(1), item(2))) == Refusal(
        "not_a_story", "a feed with 2 entries; one message carries one"
    )


def test_a_feed_without_entries_has_no_items() -> None:
    assert split(feed(), "rss") == ()


@pytest.mark.parametrize("cut", range(0, len(feed(item(1), item(2))), 7))
def test_only_what_stands_whole_counts_in_a_feed_that_was_cut_short(cut: int) -> None:
    data = feed(item(1), item(2))
    whole = [number for number in (1, 2) if item(number).encode() in data[:cut]]

    found = complete(data[:cut])

    assert found == split(data, "rss")[: len(whole)]


def test_an_entry_cut_short_is_refused_and_not_read_as_less_than_it_was() -> None:
    data = feed(item(1), item(2))
    cut = data[: data.index(b"Text 2")]

    assert ids(cut) == ["s-1"]
    assert read(split(cut, "rss")[1]) == Refusal(
        "not_a_story", "a feed that ends in the middle of its entry"
    )


@pytest.mark.parametrize(
    ("guid", "link", "expected"),
    [
        pytest.param("8812", "https://Desk.example:8443/w", "desk.example:8812", id="a-number"),
        pytest.param("8812", "", "8812", id="a-number-of-nobody-knows-where"),
        pytest.param("urn:x:8812", "https://desk.example/w", "urn:x:8812", id="a-name"),
        pytest.param(
            "https://a.example/1", "https://desk.example/", "https://a.example/1", id="url"
        ),
    ],
)
def test_an_id_that_is_no_name_by_itself_is_of_its_site(
    guid: str, link: str, expected: str
) -> None:
    entry = f"<item><title>x</title><guid isPermaLink='false'>{guid}</guid></item>"

    assert ids(feed(entry, more=f"<link>{link}</link>")) == [expected]


def test_a_tombstone_has_the_id_of_the_entry_that_it_takes_back() -> None:
    around = (
        f'<feed {ATOM} xmlns:at="http://purl.org/atompub/tombstones/1.0">'
        '<link href="https://desk.example/"/>'
    )
    entry = read(f"{around}<entry><id>17</id><title>x</title></entry></feed>".encode())
    gone = read(f"{around}<at:deleted-entry ref='17' when='2026-01-14'/></feed>".encode())

    assert isinstance(entry, Story)
    assert isinstance(gone, Story)
    assert (gone.id, gone.signal) == (entry.id, "kill")


def test_nothing_is_opened_for_what_a_feed_names(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(builtins, "open", lambda *names, **_: opened.append(names))
    monkeypatch.setattr(
        urllib.request.OpenerDirector, "open", lambda *names, **_: opened.append(names)
    )

    for data in (
        b"http://127.0.0.1/feed",
        b"/etc/passwd",
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd">' + feed(item(1))[21:],
        b'<?xml-stylesheet href="file:///etc/passwd"?>' + feed(item(1, "<b>&"))[21:],
    ):
        for part in split(data, "rss"):
            read(part)
    monkeypatch.undo()

    assert opened == []


def test_times_do_not_depend_on_where_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = feed(item(1, "<pubDate>2026-07-01T12:00:00</pubDate>"))
    before = read(data)

    monkeypatch.setenv("TZ", "America/Santiago")
    time.tzset()
    try:
        assert read(data) == before
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("head", "name"),
    [
        pytest.param(b'<rss version="2.0">', "rss", id="rss"),
        pytest.param(b'\xef\xbb\xbf<?xml version="1.0"?>\n<rss>', "rss", id="byte-order-mark"),
        pytest.param(b"<!-- hi --><?x y?><!DOCTYPE rss><rss>", "rss", id="things-before"),
        pytest.param(f"<feed {ATOM}>".encode(), "rss", id="atom"),
        pytest.param(f"<a:feed {ATOM.replace('=', ':a=', 1)}>".encode(), "rss", id="prefix"),
        pytest.param(f"<entry {ATOM}>".encode(), "rss", id="atom-entry"),
        pytest.param(feed(item(1)).decode().encode("utf-16"), "rss", id="utf-16"),
        pytest.param(
            b'<rdf:RDF xmlns:rdf="x" xmlns="http://purl.org/rss/1.0/">', "rss", id="rss-1.0"
        ),
        pytest.param(b'<rdf:RDF xmlns:rdf="x" xmlns:foaf="y">', None, id="other-rdf"),
        pytest.param(b"<feed>", None, id="some-other-feed"),
        pytest.param(b"<html><rss>", "html", id="a-page-about-it"),
        pytest.param(b"rss <rss>", "text", id="a-text-about-it"),
    ],
)
def test_a_feed_is_told_by_its_root(head: bytes, name: str | None) -> None:
    found = recognise(head)

    assert found == name or (name is None and isinstance(found, Refusal))


PIECES = st.sampled_from(
    [
        *("<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<guid>", "</guid>"),
        *("<description>", "</description>", "<content type='xhtml'>", "</content>", "<p>", "<![C"),
        *("<![CDATA[", "]]>", "<!--", "-->", "&", "&amp;", "&nbsp;", "&#0;", "<a b='", "'>", "/>"),
        *("<pubDate>", "</pubDate>", "<link href='x'/>", "<author>", "</author>", "<source>"),
        *("<at:deleted-entry ref='x' when='y'/>", "<category>x</category>", "\0", "é", "\ud7ff"),
        *("<image>", "<textinput>", "<dc:date>", "<x:id a='b'/>", "<id a='b'>", "<link/>", "<svg>"),
        *("<title type='application/x'>", "<content type='base64'>", "<media:group>", "<!x>"),
    ]
)
FEEDS = st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join)


@given(inside=FEEDS, opening=st.sampled_from(["<rss><channel>", f"<feed {ATOM}>", "<rdf:RDF>"]))
@example(inside="<item><link>http://[</link></item>", opening="<rss><channel>")
@example(inside="<item><guid>&#xffffffffffff;</guid>&</item>", opening="<rss><channel>")
@example(inside="<item>&#99999999999;&</item>", opening="<rss><channel>")
@example(inside="<item>" + "<b>" * 3_000 + "</item>", opening="<rss><channel>")
def test_any_feed_gives_items_and_each_a_story_or_a_refusal(inside: str, opening: str) -> None:
    data = f"{opening}{inside}".encode("utf-8", "replace")

    parts = split(data, "rss")

    assert parts == split(data, "rss")
    for part in parts:
        answer = read(part)
        assert isinstance(answer, Story | Refusal)
        assert answer == read(part)
        assert split(part, "rss") in ((part,), ())
    complete(data)


@pytest.mark.parametrize(
    "run",
    [
        *("<a ", "<p>", "<a/>", "<item>", "</item>", "<![CDATA[", "<!--", "<!", "&", "&#", "<?"),
        *("<title>", '"', "<a b='", "<category>x</category>", "<!DOCTYPE ", "<![", " "),
    ],
)
@pytest.mark.timeout(120)
def test_a_hostile_feed_is_taken_apart_in_time(run: str) -> None:
    inside = run * (400_000 // len(run))
    data = feed(f"<item><title>x</title><description>{inside}").removesuffix(b"</channel></rss>")

    for part in split(data, "rss")[:5]:
        read(part)
    read(f"<item>{inside}</item>".encode())
    complete(data)


@pytest.mark.timeout(120)
def test_a_feed_of_many_entries_is_taken_apart_in_linear_time() -> None:
    data = feed(*(item(number) for number in range(20_000)))

    assert len(split(data, "rss")) == 20_000
    assert len(split(data.replace(b"Story 7<", b"Story & 7<"), "rss")) == 20_000


def test_a_broken_entry_is_read_up_to_a_length_and_refused_beyond() -> None:
    long = "word " * (MAX_BROKEN // 5)
    short = read(split(feed(item(1, "<b>&")), "rss")[0])
    (part,) = split(feed(item(1, f"<b>& {long}")), "rss")

    assert isinstance(short, Story)
    assert short.remarks == ("no well-formed XML; read all the same",)
    refusal = read(part)
    assert isinstance(refusal, Refusal)
    assert refusal.detail.endswith("too long to be read all the same")


def test_a_namespace_that_is_no_uri_does_not_keep_a_feed_from_being_split() -> None:
    entry = "<item><title>Kast in Quito</title><guid>{}</guid></item>"
    feed = (
        '<rss version="2.0" xmlns:dc="http://a.example/\u00ed\u00a0x"><channel><title>Wire</title>'
        f"{entry.format(1)}{entry.format(2)}</channel></rss>"
    ).encode()

    assert [
        isinstance(parse(item, Arrival(feed="x", received_at=NOON)), Story) for item in split(feed)
    ] == [True, True]


@pytest.mark.parametrize("entry", ["<item/>", "<item>"], ids=["well_formed", "nested_and_broken"])
def test_a_feed_of_more_entries_than_any_feed_has_stays_one_and_is_refused(entry: str) -> None:
    feed = f"<rss><channel>{entry * 25_001}</channel></rss>".encode()

    assert split(feed, "rss") == (feed,)
    refused = parse(feed, Arrival(feed="test", format="rss", received_at=NOON))
    assert isinstance(refused, Refusal)
    assert "a feed with 25001 entries" in refused.detail
