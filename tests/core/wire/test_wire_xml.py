"""XML from outside: what is its root, and how long it may take."""

from contextlib import suppress

import pytest

from streams.core.wire.item import RefusedError
from streams.core.wire.xml import document, elements, flat_text, root_name


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(b"<a>", "a", id="bare"),
        pytest.param(b"<n:a b='c'>", "a", id="a prefix"),
        pytest.param(b"<?xml version='1.0'?>\n<a/>", "a", id="a declaration"),
        pytest.param(b"<!-- <b> -->\n<?pi <c>?><a\n>", "a", id="comment and instruction"),
        pytest.param(b"<!DOCTYPE b SYSTEM 'b.dtd'><a>", "a", id="a document type"),
        pytest.param(b"<!DOCTYPE b [<!ENTITY c '<d>'>]><a>", "a", id="a document type's own"),
        pytest.param("<?xml version='1.0'?><a>é".encode("utf-16"), "a", id="UTF-16"),
        pytest.param("<a>é".encode("latin-1"), "a", id="Latin-1"),
        pytest.param(b"<!-- <a>", "", id="a comment without an end"),
        pytest.param(b"words <a>", "", id="words first"),
        pytest.param(b"<ab", "", id="cut in its name"),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_the_root_is_told_from_the_first_bytes(head: bytes, expected: str) -> None:
    assert root_name(head) == expected


def test_elements_are_found_by_local_names_in_any_namespace() -> None:
    root, _ = document(
        b"<r xmlns='urn:a' xmlns:b='urn:b'><x><y>1</y><z/></x><b:x><b:y>2</b:y></b:x><y>3</y></r>"
    )

    assert [flat_text(each) for each in elements(root, "x", "y")] == ["1", "2"]


@pytest.mark.parametrize("run", [" ", "\n", "<?xml ", "<!-- ", "<!DOCTYPE ", "&amp;", "<b/>"])
@pytest.mark.parametrize("frame", ["{}", "<a>{}</a>"])
@pytest.mark.timeout(120)
def test_hostile_xml_is_read_in_linear_time(run: str, frame: str) -> None:
    data = frame.format(run * (400_000 // len(run))).encode()

    with suppress(RefusedError):
        document(data)
    root_name(data)
