"""What commands are given to work with: settings, knowledge, a reader, the record on the brokers.

Each of them may be missing or wrong; here that becomes an error that says what to do. Heavy
modules are imported when they are needed.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from streams.cli.failures import FailedError, UnusableError

if TYPE_CHECKING:
    from schemas.subscriptions import Subscription
    from streams.core.knowledge import Knowledge
    from streams.core.reader import Reader
    from streams.shell.api.keys import Keys
    from streams.shell.intake.sources import Source
    from streams.shell.settings import Settings

T = TypeVar("T")


def settings() -> "Settings":
    """The settings of the process. Raises `UnusableError` with all faults."""
    from streams.shell.settings import SettingsError, load_settings  # noqa: PLC0415

    try:
        return load_settings()
    except SettingsError as error:
        raise UnusableError(
            "the settings are wrong:", [str(fault) for fault in error.faults]
        ) from None


def knowledge(folder: Path | None = None) -> "Knowledge":
    """The packaged knowledge, or that of a folder. Raises `UnusableError` with all faults."""
    from streams.knowledge import KnowledgeError, load  # noqa: PLC0415

    try:
        return load(folder)
    except KnowledgeError as error:
        raise UnusableError(
            "the data files are wrong:", [str(fault) for fault in error.faults]
        ) from None


def sources(settings: "Settings", file: Path | None = None) -> "tuple[Source, ...]":
    """The sources of a file, by default of the settings' one. Raises `UnusableError`."""
    from streams.shell.intake.entries import load_sources  # noqa: PLC0415
    from streams.shell.intake.sources import SourcesError  # noqa: PLC0415

    path = file or settings.sources_file
    if path is None:
        raise UnusableError(
            "there is no sources file:", ["set DRAGOMAN_SOURCES_FILE to one; docs/sources.md"]
        )
    try:
        return load_sources(path)
    except SourcesError as error:
        raise UnusableError(
            "the sources file is wrong:", [str(fault) for fault in error.faults]
        ) from None


def subscriptions(file: Path, known: "Knowledge") -> "tuple[Subscription, ...]":
    """The subscriptions of a file. Raises `UnusableError` with all faults."""
    from streams.shell.settings import environment  # noqa: PLC0415
    from streams.shell.subscribers import (  # noqa: PLC0415
        SubscriptionsError,
        load_subscriptions,
    )

    try:
        return load_subscriptions(file, known, environment())
    except SubscriptionsError as error:
        raise UnusableError(
            "the subscriptions file is wrong:", [str(fault) for fault in error.faults]
        ) from None


def api_keys(settings: "Settings") -> "Keys":
    """The keys of the settings' file; without one, none. Raises `UnusableError`."""
    from streams.shell.api.keys import Keys  # noqa: PLC0415

    return Keys() if settings.api_keys_file is None else api_keys_of(settings.api_keys_file)


def api_keys_of(file: Path) -> "Keys":
    """The keys of a file. Raises `UnusableError` with all faults."""
    from streams.shell.api.keys import KeysError, load_keys  # noqa: PLC0415

    try:
        return load_keys(file)
    except KeysError as error:
        raise UnusableError(
            "the keys file is wrong:", [str(fault) for fault in error.faults]
        ) from None


def require_ways(wanted: Iterable["Source"]) -> None:
    """Raises `UnusableError` where a source comes by a way that nothing runs."""
    from streams.shell.intake.ways import WAYS  # noqa: PLC0415

    missing = [each for each in wanted if each.way not in WAYS and each.way != "files"]
    if missing:
        raise UnusableError(
            "nothing runs these sources yet:",
            [f"{each.name}: the way {each.way!r}; there are {', '.join(WAYS)}" for each in missing],
        )


def reader(known: "Knowledge") -> "Reader":
    """The reader of rules over this knowledge."""
    from streams.core.reader import RuleReader  # noqa: PLC0415

    return RuleReader(known)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs what talks to brokers. Raises `FailedError` where they cannot be used."""
    from streams.shell.cluster import ClusterError  # noqa: PLC0415

    try:
        return asyncio.run(work)
    except ClusterError as error:
        raise FailedError(str(error)) from None
