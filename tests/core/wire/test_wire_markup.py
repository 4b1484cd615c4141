"""Paragraphs of HTML bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.wire.markup import looks_like_markup, paragraphs


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("<p>One.</p><p>Two.</p>", "One.\n\nTwo.", id="paragraphs"),
        pytest.param(
            "<P CLASS='x>y'>One.<p>Two.", "One.\n\nTwo.", id="never closed, '>' in quotes"
        ),
        pytest.param("One<br>two<br/><br />three", "One\ntwo\n\nthree", id="line breaks"),
        pytest.param("<p>O<b>n</b>e <a href='x'>two</a></p>", "One two", id="inside a line"),
        pytest.param("<p>a\n  b\tc&nbsp;d</p>", "a b c d", id="white space"),
        pytest.param(
            "<p>R&amp;D &lt;p&gt; &eacute; &#233; &#xe9;</p>", "R&D <p> é é é", id="references"
        ),
        pytest.param("<p>5 < 6 and 7 > 3</p>", "5 < 6 and 7 > 3", id="signs that are no tags"),
        pytest.param("<ul><li>a<li>b</ul>", "a\n\nb", id="a list"),
        pytest.param("<table><tr><td>a</td><td>b</td></tr></table>", "a b", id="a table row"),
        pytest.param("a<!-- <p>no</p> -->b<!DOCTYPE x><?pi?>c", "abc", id="comments"),
        pytest.param("<![CDATA[a & <b>]]> c", "a & <b> c", id="CDATA is text"),
        pytest.param("<![if x]>a<![endif]>", "a", id="conditional comments"),
        pytest.param("a<script>if (b<c) {'</p>'}</script>d<style>e</style>", "ad", id="scripts"),
        pytest.param("<head><title>T</title></head><p>a</p>", "a", id="what a page is titled"),
        pytest.param(
            "a<figure><img><figcaption>cap</figcaption></figure>b", "a\n\nb", id="captions"
        ),
        pytest.param("a<aside>b <p>c", "ab\n\nc", id="an aside never closed"),
        pytest.param("<xhtml:p>a</xhtml:p>", "a", id="a prefix"),
        pytest.param("&#xD800;&#99999999999999;", "\ufffd\ufffd", id="no such characters"),
        pytest.param("<!-- a", "a", id="a comment never closed"),
        pytest.param("<p", "<p", id="cut in a tag"),
    ],
)
def test_markup_gives_its_paragraphs(markup: str, expected: str) -> None:
    assert paragraphs(markup) == expected


PIECES = st.sampled_from(
    [
        *("<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<!", "<?", "&#", "&", "'", '"'),
        *("<a ", "<script>", "</script>", "<aside>", "</aside>", "<p>", "x", " ", "\n"),
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_gives_some_text(markup: str) -> None:
    assert "\n\n\n" not in paragraphs(markup)


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<a ",
        '<a b="',
        "<",
        "</",
        "<?",
        "<![CDATA[",
        "<script>",
        "<aside>",
        '<a "<a" ',
        "&#",
    ],
)
@pytest.mark.timeout(120)
def test_a_hostile_body_is_read_in_linear_time(piece: str) -> None:
    # The standard library's parser takes minutes for a tenth of this.
    paragraphs(piece * (1_000_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("<p>a</p>", True), ("a<br/>b", True), ("a < b > c", False), ("<quote> he said", False)],
)
def test_markup_is_told_from_copy(text: str, expected: bool) -> None:
    assert looks_like_markup(text) is expected
