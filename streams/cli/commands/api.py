"""`dragoman api`: what is known, over HTTP, for other programs."""

import sys

import click

from streams.cli import given


@click.command(name="api")
def command() -> None:
    """Serves leaders, trips, invitations, alerts and subscriptions over HTTP, until told to stop.

    A process of its own: it follows the topics and disturbs no worker. It is served on
    DRAGOMAN_API_HOST and DRAGOMAN_API_PORT; who may ask it stands in DRAGOMAN_API_KEYS_FILE, and
    `dragoman api-keys new` makes keys. docs/api.md has examples.

    \b
    Exit codes: 0 stopped, 1 failed, 2 settings, data files or the keys file are wrong.
    """
    settings = given.settings()
    keys = given.api_keys(settings)
    knowledge = given.knowledge(settings.knowledge_dir)
    from streams.shell.api.run import run  # noqa: PLC0415

    sys.exit(run(settings, knowledge, keys))
