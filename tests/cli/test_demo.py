"""The demo as it is started: by itself to the end, and stopped from outside."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from streams.cli.playing import Tally, tally_of

DRAGOMAN = Path(sys.executable).parent / "dragoman"
STORY = (
    '{"uri":"urn:demo:1","versioncreated":"2026-01-12T08:00:00Z","source":"Meridian Wire",'
    '"headline":"Macron to visit Poland on Thursday","body_text":"PARIS - French President '
    "Emmanuel Macron will travel to Warsaw on Thursday for talks with Polish Prime Minister "
    'Donald Tusk, his office said on Monday."}\n'
)


def start(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("DRAGOMAN_")}
    return subprocess.Popen(
        [str(DRAGOMAN), "demo", *arguments],
        env=own | {"TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def left_running(folder: Path) -> list[str]:
    """Processes that were started with this directory for their files."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if f"TMPDIR={folder}".encode() in environment:
            found.append((process / "cmdline").read_text())
    return found


@pytest.mark.broker
@pytest.mark.timeout(400)
def test_the_demo_plays_given_stories_to_the_end(tmp_path: Path) -> None:
    stories = tmp_path / "stories"
    stories.mkdir()
    (stories / "a.jsonl").write_text(STORY + '{"headline":"no uri"}\n')

    demo = start("--exit", "--pace", "0", "--stories", str(stories), folder=tmp_path)
    out, err = demo.communicate(timeout=180)

    assert demo.returncode == 0, err
    assert "NEW TRIP  Emmanuel Macron to Warsaw, Poland, 15 January 2026 — planned" in out
    assert re.search(r"“[^”]*Macron[^”]*” \(en, Meridian Wire\)", " ".join(out.split()))
    assert "REFUSED  missing_field: uri" in out
    assert re.search(r"^2 items, 1 reading, 1 alert, 1 dead letter, [\d.]+ s$", out, re.MULTILINE)
    assert re.search(r"^metrics +http://127\.0\.0\.1:\d+/metrics$", out, re.MULTILINE)
    assert "\x1b[" not in out
    assert left_running(tmp_path) == []


@pytest.mark.broker
@pytest.mark.timeout(400)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_stopped_leaves_nothing_running(
    tmp_path: Path, number: signal.Signals
) -> None:
    demo = start("--pace", "30", folder=tmp_path)
    assert demo.stdout is not None
    watchdog = threading.Timer(180, demo.kill)
    watchdog.start()
    for line in demo.stdout:
        if line.startswith("→"):
            break
    assert any("tansu" in command for command in left_running(tmp_path))
    demo.send_signal(number)
    out, err = demo.communicate(timeout=180)
    watchdog.cancel()

    assert demo.returncode == 0, err
    assert "1 item, " in out
    assert left_running(tmp_path) == []


def test_a_story_that_cannot_be_read_is_told_before_anything_starts(tmp_path: Path) -> None:
    demo = start("--exit", "--stories", str(tmp_path / "missing"), folder=tmp_path)
    out, err = demo.communicate(timeout=180)

    assert (demo.returncode, out) == (1, "")
    assert "missing: No such file" in err


def test_the_tally_is_taken_from_the_workers_metrics() -> None:
    exposition = """
# TYPE dragoman_stage_duration_seconds histogram
dragoman_stage_duration_seconds_bucket{hop="parse",le="+Inf"} 3
dragoman_stage_duration_seconds_count{hop="parse"} 3
dragoman_stage_duration_seconds_sum{hop="parse"} 1
dragoman_stage_duration_seconds_count{hop="read"} 2
dragoman_stage_duration_seconds_count{hop="fold"} 5
dragoman_stage_duration_seconds_count{hop="deliver"} 1
# TYPE dragoman_items_total counter
dragoman_items_total{outcome="story"} 2
dragoman_items_total{outcome="refused"} 1
# TYPE dragoman_readings_total counter
dragoman_readings_total{language="en"} 1
dragoman_readings_total{language="de"} 1
# TYPE dragoman_reports_total counter
dragoman_reports_total{kind="trip"} 4
dragoman_reports_total{kind="withdrawal"} 1
# TYPE dragoman_alerts_total counter
dragoman_alerts_total{kind="trip.new"} 1
# TYPE dragoman_dead_letters_total counter
dragoman_dead_letters_total{hop="parse",reason="not_utf8"} 1
"""
    tally = tally_of(exposition)

    assert tally == Tally(
        parsed=3,
        stories=2,
        read=2,
        readings=2,
        reports=5,
        folded=5,
        alerts=1,
        delivered=1,
        dead_letters=1,
    )
    assert tally.is_through(3)
    assert not tally.is_through(4)
