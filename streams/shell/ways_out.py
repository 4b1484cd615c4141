"""From the settings and the data files to the ways out: what channels need, and their opening.

Here a subscription's references become what they stand for. Which channel a subscription has and
how it works is `streams.channels`' business.
"""

from collections.abc import Mapping

from schemas.subscriptions import Subscription
from streams.channels import Channel, ChannelError
from streams.channels.opening import open_channel
from streams.channels.ways import MailServer, Ways
from streams.core.knowledge import Knowledge
from streams.core.wording import country_names
from streams.shell.secret import Secret, SecretError, is_reference
from streams.shell.settings import Settings


def ways_of(settings: Settings, known: Knowledge | None = None) -> Ways:
    """The ways out that the settings open. Without `known`, countries and topics go by their ids.

    `settings` are those of `load_settings`, which has seen to it that they agree.
    """
    hosts = (settings.private_hosts or "").lower().split(",")
    return Ways(
        mail=_mail(settings),
        private_hosts=frozenset(host.strip("[].") for host in hosts if host),
        pages=settings.public_url.rstrip("/") if settings.public_url else None,
        countries=country_names(known) if known else {},
        topics={topic.id: topic.name for topic in known.topics} if known else {},
    )


def open_way(ways: Ways, environ: Mapping[str, str], subscription: Subscription) -> Channel:
    """The way out of a subscription, with what its references stand for now.

    `environ`: where `env:` looks. Raises `ChannelError`, which names references alone.
    """
    target = subscription.target
    try:
        if is_reference(target):
            target = Secret(target, environ).reveal()
        secrets = [Secret(each, environ).reveal() for each in subscription.secret]
    except SecretError as error:
        raise ChannelError(f"subscription {subscription.id}: {error}") from error
    return open_channel(subscription, target, secrets, ways)


def _mail(settings: Settings) -> MailServer | None:
    if settings.smtp_host is None:
        return None
    password = settings.smtp_password
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
        sender=settings.smtp_sender or "",
        ca_file=settings.smtp_ca_file,
    )
