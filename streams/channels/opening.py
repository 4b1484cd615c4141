"""The table of channels: which one a subscription has, and what is wrong with its target.

The one place where channels are chosen. How each works is in its module.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from schemas.subscriptions import ChannelKind, Subscription
from streams.channels import Channel, ChannelError
from streams.channels.addresses import address_fault as mail_fault
from streams.channels.chat import open_chat, service_fault
from streams.channels.log import LogChannel, StreamLogChannel
from streams.channels.mail import MailChannel
from streams.channels.ways import Ways
from streams.channels.webhook import WebhookChannel
from streams.channels.webhook import address_fault as webhook_fault

STANDARD_OUTPUT = "-"

Open = Callable[[str, Sequence[str], Ways], Channel]
Fault = Callable[[str], str | None]


def open_channel(
    subscription: Subscription, target: str, secrets: Sequence[str], ways: Ways
) -> Channel:
    """The way out of a subscription; `target` and `secrets` are what its references stand for.

    Raises `ChannelError` with a remedy where the target or what the service is set up for does not
    do. Nothing is connected yet.
    """
    fault = target_fault(subscription, target)
    if fault is not None:
        raise ChannelError(f"subscription {subscription.id}: {fault}")
    try:
        return _OPEN[subscription.channel](target, secrets, ways)
    except ChannelError as error:
        raise ChannelError(f"subscription {subscription.id}: {error}") from error


def target_fault(subscription: Subscription, target: str | None = None) -> str | None:
    """What is wrong with where a subscription is to be brought, whatever the service is set up for.

    In words with a remedy and without the target, which may be secret; `None` where nothing is.
    `target` is what a reference stands for: without it, one is not looked into.
    """
    if subscription.channel == "webhook" and not subscription.secret:
        return 'a webhook is signed: give it a secret, such as secret = ["env:NAME"]'
    if subscription.channel != "webhook" and subscription.secret:
        return "only a webhook has a secret: take it out"
    if target is None:
        if subscription.target.startswith(("env:", "file:")):
            return None
        target = subscription.target
    if (
        subscription.channel == "log"
        and subscription.origin == "run_time"
        and target != STANDARD_OUTPUT
    ):
        return "a file is written only for a subscription of the file that workers start with"
    return _FAULT[subscription.channel](target)


def _open_log(target: str, _secrets: Sequence[str], _ways: Ways) -> Channel:
    return StreamLogChannel(sys.stdout) if target == STANDARD_OUTPUT else LogChannel(Path(target))


def _open_webhook(target: str, secrets: Sequence[str], ways: Ways) -> Channel:
    return WebhookChannel(target, secrets, ways.private_hosts)


def _open_mail(target: str, _secrets: Sequence[str], ways: Ways) -> Channel:
    return MailChannel(target, ways)


def _open_chat(target: str, _secrets: Sequence[str], ways: Ways) -> Channel:
    return open_chat(target, ways)


def _log_fault(target: str) -> str | None:
    if target == STANDARD_OUTPUT:
        return None
    if not target.strip() or "\0" in target or "://" in target:
        return "the target is no path of a file: name one, or write '-' for standard output"
    if not Path(target).absolute().parent.is_dir():
        return "the directory of the target does not exist: make it first"
    return None


_OPEN: Mapping[ChannelKind, Open] = MappingProxyType(
    {"log": _open_log, "webhook": _open_webhook, "email": _open_mail, "apprise": _open_chat}
)
_FAULT: Mapping[ChannelKind, Fault] = MappingProxyType(
    {"log": _log_fault, "webhook": webhook_fault, "email": mail_fault, "apprise": service_fault}
)
