"""Plain text, with a small header where whoever sends it has something to say of it.

The header is `Key: value` lines and ends with a blank line; it is taken for one only if the very
first line begins with one of its keys. Without it the whole text is the body, the story has no
headline, no time and an id made from its text. It should be in UTF-8; what is
in another encoding is read all the same, and the story's remarks say as which.
"""

from schemas.stories import Signal
from streams.core.wire import signals
from streams.core.wire.encodings import decoded
from streams.core.wire.item import Draft, RefusedError, instant, language_code

KEYS = (
    "uri",
    "published",
    "language",
    "source",
    "headline",
    "dateline",
    "version",
    "signal",
    "embargo",
    "slugline",
)
"""Of the header; capitals do not matter. Times are ISO 8601."""

_SIGNALS: tuple[Signal, ...] = ("none", "update", "correction", "refile", "repeat", "kill")
_CONTROL_SHARE = 100
"""One control character in so many is more than a stray one: these bytes are no text."""


def read(data: bytes) -> Draft:
    """What a text says. Raises `RefusedError`."""
    read_as, remarks = decoded(data)
    text = read_as.replace("\r\n", "\n")
    require_text(text)
    said, body = _header(text.lstrip("\n"))
    return Draft(
        id=said.get("uri"),
        body=body,
        headline=said.get("headline"),
        version=said.get("version"),
        signal=_signal(said),
        published_at=instant(said.get("published"), "Published"),
        embargoed_until=instant(said.get("embargo"), "Embargo"),
        source=said.get("source"),
        language=language_code(said.get("language")),
        slugline=said.get("slugline"),
        dateline=said.get("dateline"),
        remarks=remarks,
    )


def begins(head: bytes) -> bool:
    """Whether it begins with the header; a text without one is what no other format claims."""
    return _key(head[:200].split(b"\n", 1)[0].decode("utf-8", "replace")) is not None


def split(data: bytes) -> tuple[bytes, ...]:
    """A text is one item."""
    return (data,)


def require_text(text: str) -> None:
    """Raises `RefusedError` where these are no words: nothing at all, or bytes of a program's."""
    if not text.strip():
        raise RefusedError("not_a_story", "empty")
    controls = sum(1 for character in text if character < " " and character not in "\t\n\r\f")
    if "\0" in text or controls * _CONTROL_SHARE > len(text):
        raise RefusedError("not_a_story", f"{controls} control characters in it: no text")


def _header(text: str) -> tuple[dict[str, str], str]:
    head, _, body = text.partition("\n\n")
    lines = head.split("\n")
    if _key(lines[0]) is None:
        return {}, text
    said: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        key = _key(line)
        if key is None:
            raise RefusedError(
                "bad_value",
                f"header, line {number}: {line[:60]!r} begins with none of {', '.join(KEYS)}; "
                "a blank line ends the header",
            )
        if key in said:
            raise RefusedError("bad_value", f"header, line {number}: {key} for the second time")
        said[key] = line.partition(":")[2].strip()
    return {key: value for key, value in said.items() if value}, body


def _key(line: str) -> str | None:
    name, colon, _ = line.partition(":")
    key = name.strip().lower()
    return key if colon and key in KEYS else None


def _signal(said: dict[str, str]) -> Signal:
    word = said.get("signal", "").lower()
    if not word:
        return signals.from_headline(said.get("headline"))
    for signal in _SIGNALS:
        if word == signal:
            return signal
    raise RefusedError("bad_value", f"Signal: {word[:60]!r} is none of {', '.join(_SIGNALS)}")
