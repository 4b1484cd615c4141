"""E-mail addresses, as far as they can be told to be none before anything is sent."""

import re

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@({_LABEL}\.)*{_LABEL}")
_LONGEST, _LONGEST_LOCAL = 254, 64
"""RFC 5321, section 4.5.3.1."""


def address_fault(address: str) -> str | None:
    """Why mail cannot go to or come from here, in words without the address; `None` where it can.

    One bare address in ASCII, without name, comment or quotes (RFC 5321, section 4.1.2): a domain
    in another script is written in its ASCII form.
    """
    local = address.partition("@")[0]
    if (
        not _ADDRESS.fullmatch(address)
        or len(address) > _LONGEST
        or len(local) > _LONGEST_LOCAL
        or address.startswith("-")
    ):
        return "it is no e-mail address, such as desk@newsroom.example, in ASCII"
    return None
