"""Where those who ask the API may have alerts brought to: what is private or secret is refused.

An address inside the network would have the service call what only it can reach; one with a
password in it would lie on the topic in the clear. Pure: no name is looked up here, as what it
stands for may be another by the time of a call: the channel looks again when it connects.
"""

import re
from collections.abc import Iterator

from yarl import URL

from schemas.subscriptions import Subscription
from streams.channels.opening import target_fault
from streams.channels.reach import is_address, is_public, plain_host
from streams.shell.api.problems import Fault
from streams.shell.secret import REMEDY, is_reference

_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa")
"""Last parts of names that are no public ones (RFC 6762, RFC 8375, and habit)."""
_SECRET_WORDS = re.compile(r"token|secret|passw|api_?key|^key$|^auth|^sig", re.IGNORECASE)


def faults_of_target(
    wanted: Subscription, *, is_admin: bool, before: Subscription | None = None
) -> Iterator[Fault]:
    """All that speaks against a subscription's target and secrets, coming from a client.

    `before`: what is held under its id. The references in it were put there by an admin, and may
    stay where they are, so that others can change what such a subscription asks for.
    """
    faults = [*_in_the_clear(wanted)]
    if not is_admin:
        faults += _only_admins(wanted, before)
    fault = None if faults else target_fault(wanted.model_copy(update={"origin": "run_time"}))
    if fault is not None:
        unsigned = wanted.channel == "webhook" and not wanted.secret
        misplaced = wanted.channel != "webhook" and wanted.secret
        where = "body.secret" if unsigned or misplaced else "body.target"
        faults.append(Fault(where=where, problem=fault))
    yield from faults


def _in_the_clear(wanted: Subscription) -> Iterator[Fault]:
    """What is private or secret, whoever sends it."""
    problem = None
    if wanted.channel == "webhook" and not is_reference(wanted.target):
        problem = _fault_of_url(wanted.target)
    if wanted.channel == "apprise" and not is_reference(wanted.target):
        problem = f"it holds a secret in the clear: {REMEDY}"
    if problem is not None:
        yield Fault(where="body.target", problem=problem)
    for number, secret in enumerate(wanted.secret):
        if not is_reference(secret):
            problem = f"it is a secret in the clear: {REMEDY}"
            yield Fault(where=f"body.secret.{number}", problem=problem)


def _only_admins(wanted: Subscription, before: Subscription | None) -> Iterator[Fault]:
    """What a reference gives to whoever may name one: the service's own files, variables and keys.

    A secret stays with its address: what is signed for one end would be believed there, whoever
    got hold of it by giving another address.
    """
    of_ours = "only a key with the scope admin may name what lies on the machine of the service"
    elsewhere = "only a key with the scope admin may have a secret used for another address"
    was = None if before is None else (before.channel, before.target)
    is_moved = (wanted.channel, wanted.target) != was
    signed = {each for each in wanted.secret if is_reference(each)}
    is_held = before is not None and signed <= set(before.secret)
    if is_moved and (wanted.channel == "log" or is_reference(wanted.target)):
        yield Fault(where="body.target", problem=of_ours)
    elif is_moved and signed and is_held:
        yield Fault(where="body.target", problem=elsewhere)
    if signed and not is_held:
        yield Fault(where="body.secret", problem=of_ours)


def _fault_of_url(target: str) -> str | None:
    try:
        url = URL(target)
    except ValueError:
        return "it is no URL"
    host = plain_host(url)
    if url.scheme != "https" or not host:
        return "it is to be a public https:// address"
    if url.user is not None or url.password is not None:
        return "it has a user or password in the clear"
    if any(_SECRET_WORDS.search(name) for name in url.query):
        return "its query has what looks like a secret in the clear"
    if is_address(host):
        return None if is_public(host) else f"{host} is no public address"
    parts = host.split(".")
    # The last part of a public name has a letter: 0x7f.1 and 2130706433 are addresses too.
    if len(parts) < 2 or parts[-1] in _INSIDE or not re.search(r"^[a-z]", parts[-1]):
        return f"{host} is no public name"
    return None
