"""Hostile bytes, made from good ones: what a broken line, a bad export or an attacker might send.

All of it follows from a seed. What comes of the bytes is not known here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

LARGEST = 1_000_000
"""Bytes of what is made; within the time limit of one item."""
_MUCH = 200

_TOKENS = (
    *(b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE ", b"<?xml "),
    *(
        b"&",
        b"&#",
        b"&#x",
        b"&amp;",
        b"&lt;",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"'",
        b":",
        b",",
        b"\\",
    ),
    *(
        b"\x00",
        b"\x01",
        b"\x02",
        b"\x03",
        b"\x04",
        b"\x16",
        b"\x1b$B",
        b"\x1f",
        b"\x7f",
        b"\r",
        b"\n",
    ),
    *(b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80"),
    *(b"null", b"NaN", b"true", b"-0", b"1e999", b"9999-99-99T99:99:99Z", b"0000-01-01", b"<p>"),
    *(
        b'encoding="utf-16"',
        b"charset=utf-7",
        b"\xc2\xa0",
        b"\xe2\x80\xa8",
        b"\\ud800",
        b"xmlns:x=''",
    ),
)
_NESTS = (
    *((b"<p>", b"</p>"), (b"<div>", b"</div>"), (b"<b><i>", b"</i></b>"), (b"[", b"]")),
    *((b'{"a":', b"}"), (b"<x:y>", b"</x:y>"), (b"<ul><li>", b"</li></ul>"), (b"(", b")")),
)
_CODE_PAGES = ("latin-1", "cp850", "cp1251", "utf-16", "utf-16-le", "utf-32", "utf-7", "shift_jis")

PIECES = (
    *(b"<a ", b"\n ", b"&#", b"[", b"<div>", b"<p>x", b"<!--", b'"', b"\x01a1 ", b"x ", b"9"),
    *(
        b"<",
        b"</p>",
        b"<![CDATA[",
        b"&amp;",
        b"<b><i>",
        b'{"a":',
        b"<a href='x'>y</a>",
        b"\x02\x03",
    ),
    *(
        b"<br>",
        b"=\n",
        b"^",
        b"\xe9",
        b"\xff",
        b"ab\xe9 ",
        b"Kill 12 ",
        b"(x) - ",
        b"<item>",
        b"\t",
    ),
)
"""Of which a megabyte was too much for somebody's parser."""
FEW = PIECES[:9]


@dataclass(frozen=True, slots=True)
class Mutations:
    """Makes bytes from good files; `files` are of any format and not empty."""

    random: Random
    files: tuple[bytes, ...]

    def next(self) -> bytes:
        """A file with one to five faults, or bytes with nothing good in them."""
        if self.random.random() < 0.05:
            return self.random.randbytes(self.random.randrange(2_000))
        data = self.random.choice(self.files)
        for _ in range(self.random.randint(1, 5)):
            data = self._fault()(data)[:LARGEST]
        return data

    def _fault(self) -> Callable[[bytes], bytes]:
        return self.random.choice(
            (
                *(self._flipped, self._cut, self._spliced, self._doubled, self._without),
                *(self._with_token, self._with_number, self._nested, self._in_a_code_page),
                *(self._with_run, self._shuffled),
            )
        )

    def _flipped(self, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(self.random.randint(1, 8) if data else 0):
            changed[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
        return bytes(changed)

    def _cut(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] if self.random.random() < 0.7 else data[at:]

    def _spliced(self, data: bytes) -> bytes:
        other = self.random.choice(self.files)
        return data[: self._place(data)] + other[self._place(other) :]

    def _doubled(self, data: bytes) -> bytes:
        begin, end = self._part(data)
        times = self.random.choice((2, 2, 3, 50))
        return data[:begin] + data[begin:end] * times + data[end:]

    def _without(self, data: bytes) -> bytes:
        begin, end = self._part(data)
        return data[:begin] + data[end:]

    def _with_token(self, data: bytes) -> bytes:
        return self._with(data, self.random.choice(_TOKENS))

    def _with_number(self, data: bytes) -> bytes:
        """A digit, if there is one, becomes a number of up to 5,000."""
        digits = [at for at, byte in enumerate(data) if 0x30 <= byte <= 0x39]
        if not digits:
            return self._with(data, b"9" * 400)
        at = self.random.choice(digits)
        number = b"%d" % self.random.randrange(10) * self.random.choice((2, 10, 20, 400, 5_000))
        return data[:at] + number + data[at + 1 :]

    def _nested(self, data: bytes) -> bytes:
        opening, closing = self.random.choice(_NESTS)
        deep = self.random.choice((2, 20, 300, 3_000))
        begin, end = self._part(data)
        closed = closing * (deep if self.random.random() < 0.7 else 0)
        return data[:begin] + opening * deep + data[begin:end] + closed + data[end:]

    def _in_a_code_page(self, data: bytes) -> bytes:
        text = data.decode("utf-8", "replace")
        return text.encode(self.random.choice(_CODE_PAGES), "replace")

    def _with_run(self, data: bytes) -> bytes:
        return self._with(data, self.random.choice(PIECES) * self.random.choice((10, 300, 3_000)))

    def _shuffled(self, data: bytes) -> bytes:
        lines = data.split(b"\n")[:_MUCH]
        self.random.shuffle(lines)
        return b"\n".join(lines)

    def _with(self, data: bytes, more: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + more + data[at:]

    def _place(self, data: bytes) -> int:
        return self.random.randint(0, len(data))

    def _part(self, data: bytes) -> tuple[int, int]:
        begin = self._place(data)
        return begin, min(len(data), begin + self.random.choice((1, 10, 100, 1_000)))


def runs(pieces: tuple[bytes, ...], size: int) -> Iterator[bytes]:
    """So many bytes of each piece."""
    return (piece * (size // len(piece)) for piece in pieces)


def amid(file: bytes, run: bytes) -> bytes:
    """A good file with a run in the middle of its text, so that what reads its begin goes on."""
    at = len(file) // 2
    return file[:at] + run + file[at:]
