"""A log line is one line, says where it belongs, and is read by programs or by people."""

import json
import logging
from contextvars import copy_context

import pytest

from streams.shell import logs, tracing
from streams.shell.settings import LogFormat


def line(log_format: LogFormat, message: str, *, fault: bool = False, **about: object) -> str:
    record = logging.LogRecord("streams.test", logging.INFO, "", 0, message, (), None)
    record.about = about
    record.created = 1.8e9
    if fault:
        try:
            raise ValueError("broken")
        except ValueError as error:
            record.exc_info = (ValueError, error, error.__traceback__)
    return logs.FORMATS[log_format]().format(record)


def test_a_line_for_programs_is_one_object_with_its_fields() -> None:
    said = line("json", "refused", hop="parse", offset=7)
    assert "\n" not in said
    assert json.loads(said) == {
        "at": "2027-01-15T08:00:00.000+00:00",
        "level": "info",
        "logger": "streams.test",
        "message": "refused",
        "hop": "parse",
        "offset": 7,
    }


def test_a_line_for_people_begins_with_what_happened() -> None:
    assert line("text", "refused", hop="parse", detail="no story\nat all") == (
        "2027-01-15T08:00:00.000+00:00 info     refused logger=streams.test hop=parse "
        'detail="no story\\nat all"'
    )


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_within_the_work_on_a_message_a_line_names_its_trace_and_story(
    log_format: LogFormat,
) -> None:
    def work() -> str:
        tracing.begin("read", "stories.v1[0] offset 1", None, {})
        tracing.about("urn:1")
        return line(log_format, "handled")

    trace = copy_context().run(lambda: tracing.begin("read", "stories.v1[0] offset 1", None, {}))
    said = copy_context().run(work)
    assert trace.trace_id in said
    assert "urn:1" in said


def test_a_fault_comes_with_where_it_was_raised() -> None:
    assert "ValueError: broken" in json.loads(line("json", "failed", fault=True))["fault"]
    assert line("text", "failed", fault=True).splitlines()[-1] == "ValueError: broken"
