"""NewsML 1.2: files of several items, and trees of components. Files are in `golden/`."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dead_letters import REASONS
from schemas.stories import Story
from streams.core.wire import Arrival, Refusal, parse, split

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)

NAMES = st.sampled_from(
    [
        *("NewsComponent", "NewsComponent", "NewsComponent", "ContentItem", "DataContent"),
        *("NewsLines", "HeadLine", "DateLine", "NewsLine", "NewsLineType", "NewsLineText"),
        *("Role", "MediaType", "DescriptiveMetadata", "Language", "SubjectCode", "Subject"),
        *("NewsManagement", "Status", "StatusWillChange", "FutureStatus", "DateAndTime"),
        *("Instruction", "RevisionStatus", "ThisRevisionCreated", "Urgency", "NewsItemRef"),
        *("Identification", "NewsIdentifier", "PublicIdentifier", "RevisionId", "NewsItemId"),
        *("Update", "p", "nitf", "body", "body.content", "AdministrativeMetadata", "Provider"),
    ]
)
FORMAL = st.sampled_from(
    [
        *("", "Main", "Caption", "Lead", "Photo", "Text", "Usable", "Canceled", "Embargoed"),
        *("Kill", "Rectify", "AdvisoryLine", "fr", "en", "11002000", "3"),
    ]
)
WORDS = st.sampled_from(
    ["", "words", "2", "20260114T120000Z", "urn:newsml:a:b:c:1", "&lt;p&gt;x", "<![CDATA[<b>x]]>"]
)


def tree(name: str, formal: str, words: str, inside: list[str]) -> str:
    return f'<{name} FormalName="{formal}">{words}{"".join(inside)}</{name}>'


PARTS = st.recursive(
    st.builds(tree, NAMES, FORMAL, WORDS, st.just([])),
    lambda inner: st.builds(tree, NAMES, FORMAL, WORDS, st.lists(inner, max_size=4)),
    max_leaves=25,
)
ITEMS = st.lists(PARTS, max_size=5).map(
    lambda parts: (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>a.b</ProviderId>"
        "<NewsItemId>c</NewsItemId></NewsIdentifier></Identification>"
        f"{''.join(parts)}</NewsItem>"
    )
)
DOCUMENTS = st.lists(ITEMS, max_size=3).map(lambda items: f"<NewsML>{''.join(items)}</NewsML>")

ENVELOPE = "<NewsEnvelope><Priority FormalName='2'/></NewsEnvelope>"


def item(number: int) -> str:
    return (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>a.b</ProviderId>"
        f"<NewsItemId>{number}</NewsItemId></NewsIdentifier></Identification>"
        f"<NewsComponent><NewsLines><HeadLine>K\u00f6nig {number}</HeadLine></NewsLines>"
        "</NewsComponent></NewsItem>"
    )


def read(data: bytes) -> Story | Refusal:
    return parse(data, Arrival(feed="desk", format="newsml-1.2", received_at=NOON))


def test_a_file_of_several_items_is_split_into_documents_in_the_same_envelope() -> None:
    data = f'<NewsML xml:lang="de">{ENVELOPE}{item(1)}\n{item(2)}</NewsML>'.encode("latin-1")

    stories = [read(one) for one in split(data)]

    assert [
        (story.id, story.headline, story.language, story.urgency)
        for story in stories
        if isinstance(story, Story)
    ] == [("urn:newsml:a.b:1", "König 1", "de", 2), ("urn:newsml:a.b:2", "König 2", "de", 2)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(f"<NewsML>{item(1)}</NewsML>\n".encode("latin-1"), id="one item"),
        pytest.param(b"<NewsML/>", id="no item"),
        pytest.param(f"<NewsML>{item(1)}{item(2)}".encode(), id="torn"),
        pytest.param(f"<a>{item(1)}{item(2)}</a>".encode(), id="another root"),
    ],
)
def test_what_holds_no_two_items_stays_as_it_is(data: bytes) -> None:
    assert split(data, "newsml-1.2") == (data,)


def test_a_file_of_several_items_is_no_message() -> None:
    refusal = read(f"<NewsML>{item(1)}{item(2)}</NewsML>".encode())

    assert refusal == Refusal("not_a_story", "2 NewsItems; one message carries one item")


def test_an_envelope_too_large_for_every_item_is_left_out() -> None:
    envelope = f"<NewsEnvelope><Comment>{'x' * 100_000}</Comment></NewsEnvelope>"
    items = "".join(map(item, range(1_000)))

    parts = split(f"<NewsML>{envelope}{items}</NewsML>".encode())

    assert len(parts) == 1_000
    assert sum(map(len, parts)) < 1_000_000


@given(document=DOCUMENTS)
def test_any_document_gives_stories_or_refusals_and_the_same_again(document: str) -> None:
    for one in (document.encode(), *split(document.encode(), "newsml-1.2")):
        first = read(one)

        assert first == read(one)
        if isinstance(first, Refusal):
            assert first.reason in REASONS


@pytest.mark.parametrize(
    "run",
    [
        "<ContentItem><DataContent>a</DataContent></ContentItem>",
        "<NewsComponent><Role FormalName='Lead'/><ContentItem><DataContent>a</DataContent>"
        "</ContentItem></NewsComponent>",
        "<NewsLines><HeadLine/><NewsLine/></NewsLines>",
        "<DescriptiveMetadata><SubjectCode><Subject/></SubjectCode></DescriptiveMetadata>",
    ],
)
@pytest.mark.parametrize("depth", [1, 80])
@pytest.mark.timeout(120)
def test_a_large_tree_is_read_in_linear_time(run: str, depth: int) -> None:
    wide = run * 30_000

    read(
        f"<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>a</ProviderId>"
        f"<NewsItemId>b</NewsItemId></NewsIdentifier></Identification>{'<NewsComponent>' * depth}"
        f"{wide}{'</NewsComponent>' * depth}</NewsItem></NewsML>".encode()
    )
