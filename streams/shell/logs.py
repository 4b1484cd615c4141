"""Logs: one line each on standard error, quiet unless there is something to say.

A line is a JSON object, or plain text for people. Standard output is left to what a command prints.
Faust, mode and aiokafka are heard from `warning` on, and at `debug` from `info` on: at their `info`
a worker fills a screen before it reads its first message.
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from streams.shell import tracing
from streams.shell.settings import LogFormat

_QUIET = (
    "faust",
    "mode",
    "aiokafka",
    "asyncio",
    "aiohttp",
    # What mode logs of our own services.
    "streams.shell.app",
    "streams.shell.sensor",
)


def about(**said: object) -> Mapping[str, Mapping[str, object]]:
    """For `extra` of a log call: fields of their own in the line."""
    return {"about": said}


class JsonLines(logging.Formatter):
    """`at`, `level`, `logger`, `message`; what it is about; `fault` with the trace of a fault.

    Within the work on a message also `trace`, and `story` where that is known.
    """

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_fields(record, self), ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """The same for people: time, level, message, and the rest as `name=value`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record, self)
        head = f"{fields.pop('at')} {fields.pop('level'):<8} {fields.pop('message')}"
        fault = fields.pop("fault", None)
        # Whatever a text says, it stays on its line.
        rest = "".join(f" {name}={_word(value)}" for name, value in fields.items())
        return head.replace("\n", " ") + rest + ("" if fault is None else f"\n{fault}")


FORMATS: dict[LogFormat, type[logging.Formatter]] = {"json": JsonLines, "text": PlainLines}


def set_up(level: str, log_format: LogFormat = "json") -> None:
    """For the whole process; replaces what was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FORMATS[log_format]())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel("INFO" if level == "debug" else "WARNING")


def _word(value: object) -> str:
    plain = str(value)
    return plain if plain.isprintable() and " " not in plain else json.dumps(plain)


def _fields(record: logging.LogRecord, formatter: logging.Formatter) -> dict[str, Any]:
    line: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
        **getattr(record, "about", {}),
    }
    trace = tracing.current()
    if trace is not None:
        line["trace"] = trace.trace_id
        if trace.story is not None:
            line["story"] = trace.story
    if record.exc_info:
        line["fault"] = formatter.formatException(record.exc_info)
    return line
