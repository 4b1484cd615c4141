"""`dragoman dossier`: what is believed of a leader, or was at a time, and why."""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime

import click

from schemas.base import LeaderId
from schemas.dossiers import DossierView, Invitation, Sighting, Trip
from schemas.record import RecordMessage
from schemas.reports import SURE_ENOUGH, Report
from schemas.stories import StoryState
from streams.cli import given
from streams.cli.failures import FailedError, UnusableError
from streams.cli.items import Found, Problem, read_stories
from streams.cli.naming import resolve
from streams.cli.options import MOMENT, UNTIL, colour_options, format_option, source_option
from streams.core import wording
from streams.core.knowledge import Knowledge, Leader

_INDENT = "      "
_WIDTH = 96


@click.command(name="dossier")
@click.argument("leader")
@click.option(
    "--at",
    type=UNTIL,
    help="As of this time: by what had come in by then. A day alone means its end.",
)
@click.option(
    "--history",
    is_flag=True,
    help="Also what is long over and has left the dossier: all that the record holds.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option(
    "--stories",
    "paths",
    multiple=True,
    metavar="FILE",
    help="Read these stories instead of the record on the brokers; may be given several times. "
    "Each counts as come in when it was published.",
)
@format_option
@source_option
@click.option("--received", type=MOMENT, help="With --stories: arrival of those without a time.")
@colour_options
def command(
    *,
    leader: str,
    at: datetime | None,
    history: bool,
    as_json: bool,
    paths: tuple[str, ...],
    format_name: str,
    source: str | None,
    received: datetime | None,
) -> None:
    """Shows a leader's trips and invitations, and where each is known from.

    LEADER is an id (jose-antonio-kast) or a name in any spelling (Kast, "José Antonio Kast"). Where
    that may be several people, they are listed, with exit code 2.
    """
    from streams.core.hindsight import believed  # noqa: PLC0415
    from streams.core.keeping import EVERYTHING, LIMITS  # noqa: PLC0415

    known = given.knowledge(given.settings().knowledge_dir)
    problems: list[Problem] = []
    if paths:
        found = read_stories(paths, format_name, source=source, received_at=received)
        messages = list(_reported(found, known, problems))
        leader_id = _meant(leader, known, messages)
    else:
        leader_id, messages = _recorded(leader, known, problems)
    view = believed(LeaderId(leader_id), messages, at, EVERYTHING if history else LIMITS)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.reason}", err=True)
    if view is None:
        by_then = "" if at is None else f" by {wording.moment(at)}"
        raise FailedError(f"nothing is known of {leader_id}{by_then}")
    if as_json:
        click.echo(view.model_dump_json())
    else:
        _show(view, wording.country_names(known))
    if problems:
        sys.exit(1)


def _reported(
    found: Iterable[Found | Problem], known: Knowledge, problems: list[Problem]
) -> Iterator[RecordMessage]:
    """What these stories would put on the record."""
    from streams.core.editions import report  # noqa: PLC0415

    reader = given.reader(known)
    states: dict[str, StoryState] = {}
    for each in found:
        if isinstance(each, Problem):
            problems.append(each)
            continue
        reading = reader.read(each.story)
        states[each.story.id], messages = report(states.get(each.story.id), reading)
        yield from messages


def _recorded(
    leader: str, known: Knowledge, problems: list[Problem]
) -> tuple[str, list[RecordMessage]]:
    """Whom it means, and the record of that leader's partition.

    Somebody the data files do not know may have a dossier all the same: then the whole record is
    looked through for the name.
    """
    from streams.cli.recorded import records_of  # noqa: PLC0415

    try:
        leader_id = resolve(leader, known.leaders).id
    except UnusableError:
        messages = records_of("reports.v1", problems)
        return _meant(leader, known, messages), messages
    return leader_id, records_of("reports.v1", problems, key=leader_id)


def _meant(leader: str, known: Knowledge, messages: Iterable[RecordMessage]) -> str:
    """Whom a name means, of those known and those only the record names."""
    met = {message.leader: _name_in(message) for message in messages if message.type == "report"}
    ids = {each.id for each in known.leaders}
    others = [
        Leader(id=id_, name=name, country=None, offices=())
        for id_, name in sorted(met.items())
        if id_ not in ids
    ]
    return resolve(leader, [*known.leaders, *others]).id


def _name_in(report: Report) -> str:
    claim = report.claim
    people = (
        (claim.leader, *claim.hosts) if claim.kind == "trip" else (claim.invitee, claim.inviter)
    )
    return next((person.name for person in people if person.id == report.leader), report.leader)


def _show(view: DossierView, names: wording.CountryNames) -> None:
    click.secho(f"{view.name}  ({view.id})", bold=True)
    if view.merged_into:
        click.echo(f"an editor has merged this dossier into {view.merged_into}")
    if view.is_refused:
        click.echo("an editor has refused this leader: what is reported stands for nothing")
    if view.trips:
        click.echo("\nTrips")
    trips = {trip.id: trip for trip in view.trips}
    for trip in view.trips:
        _matter(wording.trip(trip, names), trip)
        for clash in trip.clashes:
            other = wording.trip(trips[clash.trip], names) if clash.trip else None
            _note(wording.clash(clash, trip.sightings, other))
    if view.invitations:
        click.echo("\nInvitations")
    for invitation in view.invitations:
        _matter(wording.invitation(invitation, names), invitation)
        if invitation.trip is not None:
            _note(f"came of it: {wording.trip(trips[invitation.trip], names)}")
        for clash in invitation.clashes:
            _note(wording.clash(clash, invitation.sightings))


def _note(line: str) -> None:
    click.secho(f"    {line}", fg="yellow")


def _matter(line: str, matter: Trip | Invitation) -> None:
    ground = "" if matter.foreground else ", background"
    ground += ", unsure" if matter.confidence < SURE_ENOUGH else ""
    click.echo(
        "  "
        + click.style(line, fg="green" if matter.foreground else None)
        + f" — {wording.status(matter.status)}{ground}"
    )
    topics = f"; {', '.join(matter.topics)}" if matter.topics else ""
    click.secho(f"    {wording.sources(matter.told_by)}{topics}", dim=True)
    for sighting in matter.sightings:
        _sighting(sighting)


def _sighting(sighting: Sighting) -> None:
    click.echo(
        textwrap.fill(
            f"“{' '.join(sighting.evidence.split())}”",
            _WIDTH,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT,
            break_long_words=False,
        )
    )
    published = wording.moment(datetime.fromisoformat(sighting.published_at))
    click.secho(
        f"{_INDENT}{sighting.language}, {sighting.source}, {published}: "
        f"{wording.status(sighting.status)}, {sighting.story}",
        dim=True,
    )
