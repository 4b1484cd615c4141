"""Logs: one JSON object a line on standard error, quiet unless there is something to say.

Standard output is left to what a command prints. Faust, mode and aiokafka are heard from `warning`
on: at their `info` a worker fills a screen before it reads its first message.
"""

import json
import logging
import sys
from datetime import UTC, datetime

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


class JsonLines(logging.Formatter):
    """`at`, `level`, `logger`, `message`, and `fault` with the trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str) -> None:
    """For the whole process; replaces what was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    if level != "debug":
        for name in _QUIET:
            logging.getLogger(name).setLevel("WARNING")
