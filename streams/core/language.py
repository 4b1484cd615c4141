"""Which language a text is in.

One function over the detector `eldc`, which knows some sixty languages and works inside its wheel.
It tells a sentence of five words apart, and is not asked about less than that where it matters.
Not thread-safe: the detector keeps one state for the process.
"""

from functools import cache

import eldc

UNDETERMINED = "und"
_MOST_CHARACTERS = 2_000


@cache
def _detector() -> None:
    eldc.init()


def language_of(text: str) -> str:
    """ISO 639-1 code of the language, `und` where it cannot be told. Looks at 2,000 characters."""
    _detector()
    sample = text[:_MOST_CHARACTERS].replace("\x00", " ").encode("utf-8", "ignore").decode()
    if not sample.strip():
        return UNDETERMINED
    return str(eldc.detect(sample)) or UNDETERMINED
