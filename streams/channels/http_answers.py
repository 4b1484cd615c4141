"""What a server of HTTP means by its answer, and by giving none, for whoever asks it.

Values and words only: nothing is asked here, and what follows from it is decided by who asked.
"""

import re
import ssl
from datetime import datetime
from email.utils import parsedate_to_datetime

import aiohttp

from streams.channels.reach import AddressError


def retry_after(said: str | None, now: datetime) -> float:
    """Seconds from a header of seconds or of a date (RFC 9110, section 10.2.3); 0 if it is none."""
    if said is None:
        return 0.0
    if re.fullmatch(r"\s*\d{1,9}\s*", said):
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
        # A date without a zone is in GMT.
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or now.tzinfo) - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0


def what_failed(error: Exception) -> str:
    """What went wrong before there was an answer, without the address: it may hold a key."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        inner = error.os_error
        refused = isinstance(inner, AddressError)
        return str(inner) if refused else f"the name {error.host} is not known"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | ssl.SSLError):
        return "its certificate is not valid"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection to {error.host}: {error.os_error.strerror or 'refused'}"
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionError):
        return "the connection broke off before the answer"
    if isinstance(error, aiohttp.ClientResponseError):
        return "an answer that is no HTTP"
    return f"no answer: {type(error).__name__}"
