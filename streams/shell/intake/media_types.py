"""Which wire format a media type or a format's own name means, as senders write it.

Only what says more than the bytes do is listed. `text/plain` and the general types of XML do not:
agencies label anything so, and a NewsML document read as plain text would make a story of its tags.
Those come to the format of the source, or are told from the bytes, as a plain text is too.
"""

from streams.core.wire import AUTO, FORMATS

_MEANT = {
    "application/json": "ninjs",
    "application/x-ndjson": "ninjs",
    "application/jsonl": "ninjs",
    "application/vnd.iptc.g2.newsitem+xml": "newsml-g2",
    "application/vnd.iptc.g2.newsmessage+xml": "newsml-g2",
    "application/vnd.iptc.g2.packageitem+xml": "newsml-g2",
    "text/vnd.iptc.newsml": "newsml-1.2",
    "text/vnd.iptc.nitf": "nitf",
    "application/rss+xml": "rss",
    "application/atom+xml": "rss",
    "text/html": "html",
    "application/xhtml+xml": "html",
}
"""Names as registered with IANA, and what is usual for one object a line."""


def format_meant(said: str | None) -> str | None:
    """The name of a format in `FORMATS`, or `auto`; `None` where this says nothing of it."""
    word = (said or "").partition(";")[0].strip().lower()
    name = _MEANT.get(word, word)
    return name if name == AUTO or name in FORMATS else None
