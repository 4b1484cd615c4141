"""What stands on the machine itself: data files, the sources file, the disk."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from streams.knowledge import KnowledgeError, load
from streams.shell.doctor.findings import Finding, ok, wrong
from streams.shell.intake.entries import load_sources
from streams.shell.intake.sources import Source, SourcesError
from streams.shell.settings import Settings

LEAST_FREE_BYTES = 1024**3
LEAST_FREE_SHARE = 0.05

_MIB = 1024**2


def data_files(folder: Path | None) -> Iterator[Finding]:
    """Whether they can be used."""
    try:
        known = load(folder)
    except KnowledgeError as error:
        for fault in error.faults:
            yield wrong(
                "data files", str(fault), "Mend it; `dragoman knowledge check` looks again."
            )
    else:
        many = len(known.leaders)
        yield ok("data files", f"{many} leaders, version {known.version}")


def sources_file(settings: Settings) -> tuple[tuple[Source, ...], Sequence[Finding]]:
    """The sources that are set up, and whether their file can be used."""
    file = settings.sources_file
    if file is None:
        return (), ()
    try:
        sources = load_sources(file)
    except SourcesError as error:
        remedy = "Mend it; `dragoman sources check` looks again."
        return (), [wrong("sources", str(fault), remedy) for fault in error.faults]
    return sources, [ok("sources", f"{len(sources)} in {file}")]


def disk(settings: Settings) -> Iterator[Finding]:
    """Whether what is kept has room, where anything is."""
    place = settings.data_dir
    if place is None:
        return
    there = place if place.is_dir() else place.absolute().parent
    usage = shutil.disk_usage(there)
    free = f"{usage.free // _MIB} MiB of {usage.total // _MIB} free at {there}"
    if usage.free < max(LEAST_FREE_BYTES, usage.total * LEAST_FREE_SHARE):
        yield wrong("disk", free, "Make room, or give DRAGOMAN_DATA_DIR a larger disk.")
    else:
        yield ok("disk", free)
