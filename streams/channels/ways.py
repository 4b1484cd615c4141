"""What whoever runs the service has set for its channels: servers, allowed hosts, words.

Given to the factory once and shared by all channels; nothing in it belongs to one subscription.
Settings are read elsewhere: what comes in here is complete and sound.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

MailSecurity = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes mail from us, and how it knows us."""

    host: str
    sender: str
    """Address that mail comes from; its domain is that of message ids."""
    port: int = 587
    security: MailSecurity = "starttls"
    """`starttls` goes on only under TLS; `none` is for a server on this machine."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    """Certificates to trust (PEM); without it, those of the system."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways out that there are. What is left out is not there."""

    mail: MailServer | None = None
    private_hosts: frozenset[str] = frozenset()
    """Hosts, in lower case, that alerts may be brought to though they are of our own network, or
    without TLS."""
    pages: str | None = None
    """Address at which people reach the pages of the service, for links; ends without a slash."""
    countries: Mapping[str, str] = field(default_factory=dict)
    """Code to English name; a code that is not there is shown as it is."""
    topics: Mapping[str, str] = field(default_factory=dict)
    """Id to name."""
