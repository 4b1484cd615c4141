"""What was refused of late: how much still lies open, and whether that is a flood."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from schemas.dead_letters import DeadLetter
from streams.shell.cluster import ClusterError
from streams.shell.doctor.findings import Finding, ok, unseen, wrong
from streams.shell.record import dead_letters
from streams.shell.settings import Settings

LOOKED_BACK = timedelta(days=1)
FLOOD = timedelta(hours=1)
"""More within this time than a worker bears in a row is told as wrong."""


async def refused(settings: Settings, now: datetime) -> Sequence[Finding]:
    """One finding on the dead letters of the last day."""
    try:
        letters = await dead_letters(settings, since=now - LOOKED_BACK)
    except ClusterError as error:
        return [unseen("refused", str(error))]
    return [finding(letters.values(), now, settings.dead_letter_run)]


def finding(letters: Iterable[DeadLetter], now: datetime, borne: int) -> Finding:
    """By the letters of the last day, each once. `borne`: so many an hour are no flood."""
    lying = [each for each in letters if each.state == "open"]
    if not lying:
        return ok("refused", "no dead letter of the last day is open")
    late = [each for each in lying if each.failed_at > now - FLOOD]
    reasons = Counter(each.reason for each in lying).most_common()
    told = f"{len(lying)} dead letters of the last day are open: " + ", ".join(
        f"{many} {reason}" for reason, many in reasons
    )
    if len(late) > borne:
        last = max(late, key=lambda each: each.failed_at)
        return wrong(
            "refused",
            f"{told}; {len(late)} within an hour",
            f"`dragoman dead-letters show {last.id}` has the newest; see which source sends such.",
        )
    return ok("refused", told)
