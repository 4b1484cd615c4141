"""Which hosts and addresses may be asked: nothing of our own network, unless it is meant.

Whoever runs a site, or answers for its name, could else have us ask what only we can reach. So a
name is looked up once, what it stands for is checked, and the connection goes to just that. Holds
for webhooks as for the feeds of the intake; what is asked, and what comes of it, is not known here.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in its last 32 bits."""

MakeResolver = Callable[[], AbstractResolver]


class AddressError(OSError):
    """An address that may not be asked; the message says why, and what to set if it is meant."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be asked: one host and those beside it, at public addresses or at any."""

    host: str
    others: frozenset[str] = frozenset()
    private: bool = False
    """Addresses of the own network may be asked too."""
    if_meant: str = "set private = true"
    """What to do where an address of the own network is refused and was meant."""

    def fault_of_host(self, url: URL) -> str | None:
        """Why this host may not be asked; `None` where it may, as far as its name tells."""
        host = plain_host(url)
        if host != self.host and host not in self.others:
            return f"the host {host[:100]} is not its own: list it in allowed_hosts if it may be"
        if is_address(host) and host not in self.others and not self.may_connect(host):
            return self.not_public(host)
        return None

    def may_connect(self, address: str) -> bool:
        """Whether a connection to this address may be made."""
        return self.private or is_public(address)

    def not_public(self, host: str) -> str:
        """That a host is refused, and what to do if it is meant."""
        return f"{host[:100]} is no public address: {self.if_meant} if it is meant"


def plain_host(url: URL) -> str:
    """The host in lower case and ASCII, without a dot at its end; empty where there is none."""
    return (url.raw_host or "").lower().rstrip(".")


def is_address(host: str) -> bool:
    """Whether the host is an address and no name; also one in a form of old, such as `127.1`."""
    if host.replace(".", "").isdigit():
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether anyone could reach it: neither loopback, private, link-local, shared nor reserved."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        within = _within(ip)
        if within is not None:
            return is_public(str(within))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _within(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to."""
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


class CheckedResolver(AbstractResolver):
    """Gives only addresses that may be asked; aiohttp connects to nothing else."""

    def __init__(self, reach: Reach, looking_up: AbstractResolver) -> None:
        self._reach = reach
        self._looking_up = looking_up

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises `AddressError` where none may be asked, and `OSError` where there is none."""
        found = await self._looking_up.resolve(host, port, family)
        usable = [each for each in found if self._reach.may_connect(each["host"])]
        if not usable:
            raise AddressError(self._reach.not_public(host))
        return usable

    async def close(self) -> None:
        """Closes what looks up."""
        await self._looking_up.close()


def checked(reach: Reach, look_up: MakeResolver | None = None) -> CheckedResolver:
    """Looks up as the system does, or as told. To be made in a running loop."""
    return CheckedResolver(reach, (look_up or ThreadedResolver)())
