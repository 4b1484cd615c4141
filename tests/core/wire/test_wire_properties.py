"""Any bytes: a story or a refusal, never an exception, and the same answer each time."""

import json
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.codec import decode, encode
from schemas.dead_letters import REASONS
from schemas.stories import Story
from schemas.topics import MAX_RAW_BYTES, STORIES
from streams.core.wire import AUTO, FORMATS, Arrival, Refusal, parse, split

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
NAMES = st.sampled_from(
    [
        *("uri", "guid", "headline", "headlines", "body", "body_text", "body_html", "bodies"),
        *("version", "versioncreated", "versionCreated", "pubstatus", "ednote", "signal"),
        *("urgency", "subject", "source", "provider", "language", "links", "embargoed", "value"),
        *("role", "contentType", "name", "code"),
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["", "2", "usable", "canceled", "2026-01-14T12:00:00Z", "<p>a</p>", "en-GB"])
)
DOCUMENTS = st.dictionaries(
    NAMES | st.text(max_size=5),
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=8,
)
ITEMS = (
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | DOCUMENTS.map(lambda document: json.dumps(document).encode())
    | DOCUMENTS.map(
        lambda document: json.dumps([document], ensure_ascii=False).encode("utf-8", "surrogatepass")
    )
    | st.text(max_size=100).map(
        lambda text: f"Uri: x\nPublished: {text}\n\nbody".encode("utf-8", "surrogatepass")
    )
)


def arrival(format_name: str = AUTO) -> Arrival:
    return Arrival(feed="test", format=format_name, received_at=NOON)


@given(item=ITEMS, format_name=st.sampled_from([AUTO, *FORMATS, "newsml-g2", "\udcff"]))
@example(item=b'{"uri":"a","body_html":"&#' + b"9" * 5000 + b';"}', format_name="ninjs")
@example(item=b'{"uri":"a","versioncreated":"0001-01-01T00:00:00+14:00"}', format_name="ninjs")
@example(item=b'{"uri":"a","headline":"' + b"\\ud800" + b'"}', format_name="ninjs")
@example(item=b'{"uri":"a","uri":"b","headline":"x"}', format_name="ninjs")
@example(item=b'{"uri":"a","x":NaN,"headline":"x"}', format_name="ninjs")
@example(item=b'{"uri":"a","x":' + b"9" * 9000 + b',"headline":"x"}', format_name="ninjs")
@example(item=b'{"uri":"a","x":' * 2000, format_name="ninjs")
@example(item=b"[" * 100_000, format_name=AUTO)
@example(
    item=b'{"uri":"a","headline":"x","x":' + b"[" * 900 + b"]" * 900 + b"}", format_name="ninjs"
)
@example(item=b"\xef\xbb\xbf", format_name=AUTO)
def test_any_bytes_give_a_story_or_a_refusal_and_the_same_again(
    item: bytes, format_name: str
) -> None:
    first = parse(item, arrival(format_name))

    assert first == parse(item, arrival(format_name))
    if isinstance(first, Refusal):
        assert first.reason in REASONS
        assert first.detail
    else:
        assert isinstance(first, Story)
        assert decode(STORIES, encode(first)) == first


@given(data=ITEMS | st.lists(ITEMS, max_size=4).map(b"\n".join))
@example(data=b"[" * 300 + b"]" * 300)
@example(data=b"[[" + b"[" * 300 + b"]" * 300 + b"]]")
def test_any_file_splits_into_items_without_an_error(data: bytes) -> None:
    for format_name in (AUTO, *FORMATS, "newsml-g2"):
        items = split(data, format_name)

        assert items
        assert all(isinstance(item, bytes) for item in items)


@given(document=DOCUMENTS.map(lambda document: document | {"uri": "a"}))
def test_white_space_and_order_of_names_make_no_other_edition(document: dict[str, object]) -> None:
    compact = parse(json.dumps(document, separators=(",", ":")).encode(), arrival("ninjs"))
    turned = dict(reversed(document.items()))
    indented = parse(json.dumps(turned, indent=2).encode(), arrival("ninjs"))

    assert compact == indented or isinstance(compact, Refusal)


@given(text=st.text(min_size=1, max_size=200).filter(str.strip))
def test_a_story_shows_no_control_characters(text: str) -> None:
    item = orjson.dumps({"uri": "a", "headline": text, "body_text": f"{text}\x1b[2J\x07 said"})

    story = parse(item, arrival("ninjs"))

    assert isinstance(story, Story)
    assert not any(sign < " " and sign != "\n" and sign != "\t" for sign in story.body)
    assert not any(sign < " " for sign in story.headline or "")


def test_an_item_beyond_the_largest_message_is_refused() -> None:
    refusal = parse(b"x" * (MAX_RAW_BYTES + 1), arrival())

    assert refusal == Refusal("too_large", "8388609 bytes; an item has 8388608 at most")


@pytest.mark.parametrize("size", [1_400_000, 2_100_000, 5_000_000])
def test_a_story_fits_its_topic_or_is_refused(size: int) -> None:
    answer = parse(("é" * (size // 2)).encode(), arrival("text"))

    if size < STORIES.max_message_bytes - 64 * 1024:
        assert isinstance(answer, Story)
        assert len(encode(answer)) < STORIES.max_message_bytes
    else:
        assert isinstance(answer, Refusal)
        assert answer.reason == "too_large"


@pytest.mark.parametrize(
    "run", [" ", "\n ", "\t\r", "\x01", "\u2028", "&", "<", "Uri: a\n", "{", '"']
)
@pytest.mark.timeout(120)
def test_a_hostile_text_is_parsed_in_linear_time(run: str) -> None:
    text = "x" + run * (400_000 // len(run)) + "y"

    parse(text.encode(), arrival("text"))
    parse(orjson.dumps({"uri": "a", "headline": text, "body": text}), arrival("ninjs"))
