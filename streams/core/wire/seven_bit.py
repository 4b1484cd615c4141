"""National letters in seven bits, as teleprinters have them: `M}nchen` for München.

ISO 646 leaves a dozen places to each country, and a wire that sends seven bits says nowhere whose
letters it uses. The language of the copy does: it is told all the same, whatever stands there.
"""

import re

from streams.core.language import language_of

_VARIANTS: dict[str, tuple[str, str]] = {
    "de": ("[\\]{|}~", "ÄÖÜäöüß"),
    "es": ("[\\]{|}", "¡Ñ¿°ñç"),
    "fr": ("@\\{|}", "àçéùè"),
    "it": ("]`{|}~", "éùàòèì"),
    "pt": ("[\\]{|}~", "ÃÇÕãçõ°"),
}
"""Registrations 21, 17, 69, 15 and 16 of the ISO-IR; only what stands in words is translated."""

_INSIDE = re.compile(r"[a-z][@\\`{|}~][a-z]")
_FEWEST = 2


def with_national_letters(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with its letters, and a remark where there were any to put in.

    Text with a letter beyond ASCII is left alone, and so is one in whose words no such sign stands.
    """
    if not text.isascii() or len(_INSIDE.findall(text)) < _FEWEST:
        return text, ()
    language = language_of(text)
    if language not in _VARIANTS:
        return text, ()
    signs, letters = _VARIANTS[language]
    return (
        text.translate(str.maketrans(signs, letters)),
        (f"seven bits; read with the national letters of {language}",),
    )
