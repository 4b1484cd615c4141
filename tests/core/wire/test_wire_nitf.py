"""NITF: which story a document is an edition of, and what of it is copy. Files are in `golden/`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dead_letters import REASONS
from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse, recognise
from streams.core.wire.iptc import place_in, subject, urgency, without_revision

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
GOLDEN = Path(__file__).resolve().parent / "golden" / "nitf"

NAMES = st.sampled_from(
    [
        *("head", "docdata", "doc-id", "date.issue", "date.release", "urgency", "du-key"),
        *("ed-msg", "correction", "tobject", "tobject.subject", "revision-history", "meta"),
        *("identified-content", "classifier", "key-list", "keyword", "title", "pubdata"),
        *("body", "body.head", "hedline", "hl1", "hl2", "byline", "dateline", "location"),
        *("body.content", "body.end", "tagline", "p", "media", "note", "table", "tr", "td"),
    ]
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            *("id-string", "regsrc", "norm", "ed-urg", "key", "version", "info", "content"),
            *("management-status", "management-doc-idref", "management-idref-status", "name"),
            *("tobject.subject.refnum", "tobject.subject.ipr", "type", "value", "comment"),
        ]
    ),
    st.sampled_from(
        [
            *("", " ", "1", "usable", "canceled", "embargoed", "20260114T120000Z", "20260114"),
            *("yesterday", "11002000", "IPTC", "urn:newsml:a:b:c:1", "anpa-keyword", "Kill"),
            *("00010101T000000+1400", "&eacute;", "9" * 30),
        ]
    ),
    max_size=3,
)
WORDS = st.sampled_from(["", "ends", "ROME (AP) - x", "&nbsp;", "&#8364;", "<br/>", "two words"])


def tree(name: str, attributes: dict[str, str], words: str, inside: list[str]) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{words}{''.join(inside)}</{name}>"


PARTS = st.recursive(
    st.builds(tree, NAMES, ATTRIBUTES, WORDS, st.just([])),
    lambda inner: st.builds(tree, NAMES, ATTRIBUTES, WORDS, st.lists(inner, max_size=4)),
    max_leaves=25,
)
DOCUMENTS = st.lists(PARTS, max_size=4).map(
    lambda parts: (
        '<nitf><head><docdata><doc-id id-string="a"/></docdata></head>'
        f"{''.join(parts)}<body><body.content><p>x</p></body.content></body></nitf>"
    ).encode()
)


def read(data: bytes) -> Story | Refusal:
    return parse(data, Arrival(feed="desk", format="nitf", received_at=NOON))


def golden(name: str) -> Story:
    story = read((GOLDEN / f"{name}.xml").read_bytes())
    assert isinstance(story, Story)
    return story


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        pytest.param("kill-of-another-document", "efe-latin-1-dateline-in-copy", id="a kill"),
        pytest.param("kill-in-the-note-to-editors", "ap-writethru", id="a kill by its note"),
        pytest.param("update-of-another-document", "ap-writethru", id="an update"),
        pytest.param(
            "kill-of-another-document-by-its-status",
            "correction-takes-the-place-of-another-document",
            id="a notice and a substitute",
        ),
    ],
)
def test_what_a_document_says_of_another_is_said_of_that_ones_story(
    later: str, earlier: str
) -> None:
    assert golden(later).id == golden(earlier).id
    assert golden(later).edition != golden(earlier).edition


@pytest.mark.parametrize(
    ("own", "theirs", "copy", "expected"),
    [
        pytest.param("canceled", "", "", "kill", id="this cancels that"),
        pytest.param("canceled", "", "The king will not go.", "kill", id="and says why"),
        pytest.param("canceled", "usable", "x", "kill", id="its own status before the other's"),
        pytest.param("usable", "canceled", "", "kill", id="a notice without words"),
        pytest.param("usable", "withheld", "", "kill", id="withheld is withdrawn too"),
        pytest.param("usable", "canceled", "Please kill this story.", "kill", id="a notice"),
        pytest.param("usable", "canceled", "The king goes.", "correction", id="a substitute"),
        pytest.param("", "canceled", "The king goes.", "correction", id="no status of its own"),
        pytest.param("usable", "usable", "The king goes.", "update", id="both usable"),
        pytest.param("usable", "", "The king goes.", "update", id="the other's is not said"),
    ],
)
def test_two_statuses_and_the_copy_tell_what_becomes_of_the_other_document(
    own: str, theirs: str, copy: str, expected: str
) -> None:
    story = read(
        f"""<nitf><head><docdata management-status="{own}" management-doc-idref="old"
        management-idref-status="{theirs}"><doc-id id-string="new" regsrc="NWS"/></docdata></head>
        <body><body.content><p>{copy}</p></body.content></body></nitf>""".encode()
    )

    assert isinstance(story, Story)
    assert (story.id, story.signal) == ("NWS:old", expected)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(b"<nitf>", "nitf", id="bare"),
        pytest.param(
            b"<!-- <NewsML> -->\n<!DOCTYPE nitf SYSTEM 'x.dtd'>\n<nitf>", "nitf", id="DTD"
        ),
        pytest.param(b"<n:nitf xmlns:n='urn:x'>", "nitf", id="a prefix"),
        pytest.param(b"<?xml version='1.0'?><NewsML Version='1.2'>", "newsml-1.2", id="NewsML"),
        pytest.param(b"<nitfs>", None, id="a longer name"),
        pytest.param(b"<html><nitf>", "html", id="not the root"),
    ],
)
def test_formats_in_xml_are_told_by_their_root(head: bytes, expected: str | None) -> None:
    name = recognise(head)

    assert name == expected if expected else isinstance(name, Refusal)


@pytest.mark.parametrize("root", [b"newsItem", b"newsMessage", b"packageItem"])
def test_g2_is_left_to_its_own_format(root: bytes) -> None:
    assert recognise(b"<" + root + b" xmlns='http://iptc.org/std/nar/2006-10-01/'>") not in (
        "nitf",
        "newsml-1.2",
    )


@pytest.mark.parametrize("name", ["nitf", "newsml-1.2"])
def test_another_root_is_no_story_in_this_format(name: str) -> None:
    refusal = parse(b"<report/>", Arrival(feed="desk", format=name, received_at=NOON))

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "not_a_story"
    assert "'report'" in refusal.detail


@given(document=DOCUMENTS)
def test_any_document_gives_a_story_or_a_refusal_and_the_same_again(document: bytes) -> None:
    first = read(document)

    assert first == read(document)
    if isinstance(first, Refusal):
        assert first.reason in REASONS
    else:
        assert first.id


@pytest.mark.parametrize(
    "run",
    [
        *("<p>a</p>", "<note>a</note>", "<media><media-caption>a</media-caption></media>"),
        *("a-", "a' ", "A. ", "(AP) - ", "<p>ends</p>", "&eacute;", "&lt;a "),
    ],
)
@pytest.mark.timeout(120)
def test_long_copy_is_read_in_linear_time(run: str) -> None:
    copy = run * (300_000 // len(run))

    read(
        '<nitf><head><docdata><doc-id id-string="a"/></docdata></head>'
        f"<body><body.content>{copy}</body.content></body></nitf>".encode()
    )


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        pytest.param("Santiago de Chile, 14 dic (EFE).- El", "Santiago de Chile", id="EFE"),
        pytest.param("ROME (AP) — The", "ROME", id="AP"),
        pytest.param("Paris, 21 jan 2026 (AFP) - Le", "Paris", id="AFP"),
        pytest.param("Saint-Denis, 3 fév (AFP) - Le", "Saint-Denis", id="a hyphen in it"),
        pytest.param("Berlin (dpa) - Der", "Berlin", id="dpa"),
        pytest.param("WASHINGTON/NEW YORK, Jan 3 (Reuters) - A", "WASHINGTON/NEW YORK", id="two"),
        pytest.param("The party of the president (PSD) - he", "The party of the president", id="!"),
        pytest.param("The old party of the president (PSD) - he", None, id="too many words"),
        pytest.param("President Macron (left) - and", None, id="no agency"),
        pytest.param("Rome said (AP) that", None, id="no dash"),
        pytest.param("14 December (AP) - x", None, id="a number first"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_dateline_in_the_copy_tells_the_place(copy: str, expected: str | None) -> None:
    assert place_in(copy) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("11002000", "iptc-subject:11002000"),
        ("20000593", "medtop:20000593"),
        ("11000000", "medtop:11000000"),
        ("17000000", "medtop:17000000"),
        ("18000000", "iptc-subject:18000000"),
        ("00000000", "iptc-subject:00000000"),
        ("1100200", "1100200"),
        ("F01001000", "F01001000"),
        ("１１００２０００", "１１００２０００"),
        ("", ""),
    ],
)
def test_a_code_of_eight_digits_is_of_one_scheme_or_the_other(code: str, expected: str) -> None:
    assert subject(code) == expected


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        pytest.param("urn:newsml:a.b:20260112:x:3", ("urn:newsml:a.b:20260112:x", "3"), id="plain"),
        pytest.param("urn:newsml:a.b:2026:x:12N", ("urn:newsml:a.b:2026:x", "12"), id="a letter"),
        pytest.param("urn:newsml:a.b:20260112:254", ("urn:newsml:a.b:20260112:254", None), id="no"),
        pytest.param("urn:newsml:a:b:c:20260112", ("urn:newsml:a:b:c:20260112", None), id="a date"),
        pytest.param("NWS:a:b:c:3", ("NWS:a:b:c:3", None), id="no URN"),
    ],
)
def test_the_revision_is_no_part_of_an_id(identity: str, expected: tuple[str, str | None]) -> None:
    assert without_revision(identity) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", 1), ("9", 9), ("0", None), ("10", None), ("", None), (None, None), ("²", None)],
)
def test_an_urgency_is_one_digit(value: str | None, expected: int | None) -> None:
    assert urgency(value) == expected
