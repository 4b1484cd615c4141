"""`dragoman why`: why a subscription was told of an alert, was not, or has not been yet."""

import sys

import click

from schemas.deliveries import Delivery
from streams.cli.failures import FailedError
from streams.cli.items import Problem


@click.command(name="why")
@click.argument("alert")
@click.argument("subscription")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def command(*, alert: str, subscription: str, as_json: bool) -> None:
    """Tells step by step what became of ALERT for SUBSCRIPTION, and the reason of each step.

    Both are ids; those of alerts are in the alert log, of subscriptions in their file. Exit code 1
    where the alert has not come to that subscription.
    """
    from streams.cli.recorded import records_of  # noqa: PLC0415
    from streams.core.whys import why  # noqa: PLC0415

    problems: list[Problem] = []
    steps: list[Delivery] = records_of("deliveries.v2", problems, key=subscription)
    found = why(each for each in steps if each.alert == alert and each.subscription == subscription)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)
    if found is None:
        raise FailedError(f"{alert} has not come to {subscription}")
    if as_json:
        click.echo(found.model_dump_json())
    else:
        click.echo(found.said)
        for step in found.steps:
            click.echo(f"  {step.at:%Y-%m-%d %H:%M:%S} UTC  {step.said}")
    if problems:
        sys.exit(1)
