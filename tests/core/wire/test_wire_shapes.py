"""Shapes of JSON values, and the first place where a value is not of its shape."""

import json
import re
from typing import Any

import pytest

from streams.core.wire.geojson import GEOJSON
from streams.core.wire.shapes import (
    Anything,
    Fault,
    Named,
    Nullable,
    Number,
    Record,
    Several,
    Shape,
    Text,
    first_fault,
)

TREE = Record({"name": Text(), "parts": Several(Named("tree"))}, required=("name",))


def fault(value: Any, shape: Shape, *, forms: bool = True) -> Fault | None:
    return first_fault(value, shape, {"tree": TREE}, forms=forms)


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        pytest.param("uri", "urn:a", "a", id="no scheme"),
        pytest.param("uri", "a+b.c-1:", "1a:b", id="a scheme begins with a letter"),
        pytest.param("uri", "https://x.example/%C3%A9", "https://x.example/é", id="ASCII alone"),
        pytest.param("uri", "https://x.example/a%20b", "https://x.example/a b", id="no blank"),
        pytest.param("uri", "urn:a", "urn:a\n", id="nothing behind it"),
        pytest.param("uri", "urn:100%25", "urn:100%", id="a sign of percent is an escape"),
        pytest.param("time", "2026-03-01T09:00:00Z", "2026-03-01T09:00:00", id="no offset"),
        pytest.param("time", "2026-03-01T09:00:00.5+01:00", "2026-03-01T09:00Z", id="no seconds"),
        pytest.param("time", "2024-02-29T00:00:00Z", "2026-02-29T00:00:00Z", id="no such day"),
        pytest.param("time", "2026-03-01T09:00:00Z", "2026-03-01T24:00:01Z", id="no such hour"),
        pytest.param("about", "2026", "26", id="a year of two digits"),
        pytest.param("about", "-0044-03-15", "44-03-15", id="a year before our era"),
        pytest.param("about", "2026-12", "2026-13", id="no such month"),
        pytest.param("about", "2026-03-01T09:00:00", "2026-03-01T09:00", id="no seconds in about"),
    ],
)
def test_a_form_takes_one_text_and_not_the_other(form: Any, right: str, wrong: str) -> None:
    assert fault(right, Text(form)) is None
    assert fault(wrong, Text(form)) is not None


def test_without_forms_only_what_is_a_pattern_is_asked() -> None:
    assert fault("a", Text("uri"), forms=False) is None
    assert fault("a", Text("time"), forms=False) is None
    assert fault("a", Text("about"), forms=False) is not None


@pytest.mark.parametrize(
    ("value", "shape", "expected"),
    [
        pytest.param(True, Number(), Fault("", "not a number"), id="yes is no number"),
        pytest.param(1.5, Number(whole=True), Fault("", "not a whole number"), id="a half"),
        pytest.param(
            10, Number(low=1, high=9), Fault("", "10 is not within 1 and 9"), id="beyond a bound"
        ),
        pytest.param({}, Several(Text()), Fault("", "not a list"), id="an object for a list"),
        pytest.param(
            {"name": "a", "parts": [{"name": "b"}, {"parts": []}]},
            Named("tree"),
            Fault("parts[1].name", "must be there", "missing"),
            id="in itself",
        ),
        pytest.param(
            {"z": 1, "b": 1, "name": 7},
            TREE,
            Fault("b", "there is no such name", "unknown"),
            id="the first of the alphabet, in any order",
        ),
        pytest.param(
            {"x y": 1}, Record(), Fault("'x y'", "there is no such name", "unknown"), id="a blank"
        ),
        pytest.param(
            {"a_1": 1},
            Record(begins=((re.compile("a_"), Text()),)),
            Fault("a_1", "not a text"),
            id="by how the name begins",
        ),
        pytest.param({"a": 1}, Record(others=Text()), Fault("a", "not a text"), id="any other"),
        pytest.param(7, GEOJSON, Fault("", "not an object"), id="no object where type tells"),
    ],
)
def test_the_first_fault_is_told_with_its_place(value: Any, shape: Shape, expected: Fault) -> None:
    assert fault(value, shape) == expected


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        pytest.param(2.0, Number(whole=True), id="2.0 is whole"),
        pytest.param(None, Nullable(Text()), id="null"),
        pytest.param([{}, None], Anything(), id="anything"),
        pytest.param(
            {"name": "a", "parts": [{"name": "b", "parts": []}]}, Named("tree"), id="deep"
        ),
    ],
)
def test_what_is_of_its_shape_has_no_fault(value: Any, shape: Shape) -> None:
    assert fault(value, shape) is None


def test_neither_depth_nor_long_names_make_a_long_place() -> None:
    value: Any = {"x" * 500: 1, "name": "a"}
    for _ in range(5_000):
        value = {"name": "a", "parts": [value]}

    found = fault(value, TREE)

    assert found is not None
    assert found.path.endswith("…")
    assert len(found.path) < 300


def test_a_feature_may_be_nowhere_and_say_nothing() -> None:
    feature = json.loads('{"type": "Feature", "geometry": null, "properties": null, "id": "a"}')

    assert fault(feature, GEOJSON) is None
