"""The shape of GeoJSON, which ninjs has for its places.

Source: RFC 7946, as the schema at https://geojson.org/schema/GeoJSON.json has it, that those of
ninjs refer to: names beside these are free, collections have no collections in them, and that a
ring ends where it begins, or a position lies on Earth, is not asked.
"""

from streams.core.wire.shapes import (
    Anything,
    Either,
    Nullable,
    Number,
    Record,
    Several,
    Shape,
    Text,
    Typed,
)

_ANY = Anything()
_POSITION = Several(Number(), least=2)
_LINE = Several(_POSITION, least=2)
_AREA = Several(Several(_POSITION, least=4))
_COORDINATES: dict[str, Shape] = {
    "Point": _POSITION,
    "LineString": _LINE,
    "Polygon": _AREA,
    "MultiPoint": Several(_POSITION),
    "MultiLineString": Several(_LINE),
    "MultiPolygon": Several(_AREA),
}


def _record(**names: Shape) -> Record:
    """An object in which all of these must be there but `id`."""
    box: dict[str, Shape] = {"bbox": Several(Number(), least=4), "type": Text()}
    required = ("type", *(name for name in names if name != "id"))
    return Record(box | names, required=required, others=_ANY)


_SIMPLE: dict[str, Shape] = {
    name: _record(coordinates=shape) for name, shape in _COORDINATES.items()
}
_GEOMETRIES = _SIMPLE | {"GeometryCollection": _record(geometries=Several(Typed(_SIMPLE)))}
_FEATURE = _record(
    geometry=Nullable(Typed(_GEOMETRIES)),
    properties=Nullable(Record(others=_ANY)),
    id=Either((Text(), Number())),
)

GEOJSON: Shape = Typed(
    _GEOMETRIES
    | {
        "Feature": _FEATURE,
        "FeatureCollection": _record(features=Several(Typed({"Feature": _FEATURE}))),
    }
)
