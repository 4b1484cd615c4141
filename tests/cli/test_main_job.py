"""The main job as its users do it: the real worker on Apache Kafka, fed by `dragoman ingest`.

Stories go in one after the other, each through all hops before the next, so that alerts come in
the order of the wire. The sample wire stands in where the five seed stories are not at hand.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from desk import DRAGOMAN, desk
from worker_process import get

from schemas.reports import SURE_ENOUGH
from streams.shell.brokers.kafka import ApacheKafka

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "../shared/seeds"
SAMPLE = ROOT / "streams/data/sample/wire.jsonl"


def seed_items() -> list[dict[str, Any]]:
    if not SEEDS.is_dir():
        pytest.skip("the seed stories are not at hand")
    index = json.loads((SEEDS / "index.json").read_text("utf-8"))
    return [
        {
            "uri": f"seed:{entry['file'][:3]}",
            "versioncreated": entry["published"],
            "source": f"outlet {entry['file'][:3]}",
            "body_text": (SEEDS / entry["file"]).read_text("utf-8"),
        }
        for entry in index["stories"]
    ]


def sample_items() -> list[dict[str, Any]]:
    lines = SAMPLE.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines][:12]


def by_id(alerts: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {alert["id"]: alert for alert in alerts}


def told(alerts: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(a["data"]["kind"], a["subject"], a["data"]["country"]) for a in alerts]


@pytest.mark.parametrize("items", [seed_items, sample_items], ids=["seeds", "sample wire"])
def test_the_worker_alerts_what_a_replay_alerts_each_once(
    items: Callable[[], list[dict[str, Any]]], kafka: ApacheKafka, tmp_path: Path
) -> None:
    stories = items()
    path = tmp_path / "stories.jsonl"
    path.write_text("\n".join(json.dumps(story) for story in stories), "utf-8")
    with desk(kafka, tmp_path, "main-job") as at:
        replayed = [json.loads(line) for line in at.run("replay", str(path)).splitlines()]
        at.feed(stories)
        first = at.alerts()
        # Alerts of one story on two leaders come through two partitions, in either order.
        assert by_id(first) == by_id(replayed)
        assert len(first) == len(replayed)
        assert all(alert["data"]["evidence"] and alert["data"]["sources"] for alert in first)
        at.feed(list(reversed(stories)))
        assert at.alerts() == first


def sure(matters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [matter for matter in matters if matter["confidence"] >= SURE_ENOUGH]


def test_the_seeds_give_the_editor_the_six_alerts_and_the_dossiers(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    stories = seed_items()
    with desk(kafka, tmp_path, "six-alerts") as at:
        at.feed(stories)
        assert told(at.alerts()) == [
            ("trip.new", "jose-antonio-kast", "EC"),
            ("trip.new", "jose-antonio-kast", "PE"),
            ("trip.new", "jose-antonio-kast", "US"),
            ("trip.new", "jose-antonio-kast", "ES"),
            ("trip.new", "jose-antonio-kast", "PE"),
            ("invitation.new", "nayib-bukele", "CL"),
        ]
        kast = json.loads(at.run("dossier", "jose-antonio-kast", "--json"))
        assert {trip["destination"]["country"] for trip in sure(kast["trips"])} == {
            "AR",
            "EC",
            "ES",
            "PE",
            "US",
        }
        assert all(trip["sightings"] for trip in kast["trips"])
        (asked,) = sure(kast["invitations"])
        assert asked["invitee"]["id"] == "nayib-bukele"
        bukele = json.loads(at.run("dossier", "nayib-bukele", "--json"))
        (asked,) = sure(bukele["invitations"])
        assert asked["inviter"]["id"] == "jose-antonio-kast"
        assert get(f"{at.address}/leaders/jose-antonio-kast")[1]["trips"] == kast["trips"]


def test_what_is_no_story_is_refused_and_can_be_shown_and_requeued(
    kafka: ApacheKafka, tmp_path: Path
) -> None:
    bad = {
        "no json.json": b'{"uri": "urn:x", ',
        "not utf-8.json": b'{"uri": "urn:x", "headline": "caf\xe9"}',
        "large.txt": b"A word. " * 700_000,
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    swahili = {"uri": "urn:sw", "versioncreated": "2026-01-01T00:00:00Z", "body_text": "Habari."}
    with desk(kafka, tmp_path, "refused") as at:
        at.run("ingest", *(str(tmp_path / name) for name in bad))
        at.feed([swahili, sample_items()[0]])
        listed = [line for line in at.run("dead-letters", "list").splitlines() if "dead:" in line]
        assert len(listed) == len(bad)
        [letter] = [
            next(word for word in line.split() if word.startswith("dead:"))
            for line in listed
            if "not_utf8" in line
        ]
        assert "not_utf8" in at.run("dead-letters", "show", letter)
        at.run("dead-letters", "requeue", letter)
        assert at.alerts(), "the story behind the refused ones was told"


def test_wrong_settings_are_told_all_at_once_before_anything_starts(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if "DRAGOMAN_" not in key}
    began = time.monotonic()
    done = subprocess.run(
        [DRAGOMAN, "worker"],
        capture_output=True,
        env={**environment, "DRAGOMAN_PARTITIONS": "some", "DRAGOMAN_STOER": "rocksdb"},
        check=False,
        timeout=180,
    )
    assert done.returncode == 2
    assert b"DRAGOMAN_PARTITIONS" in done.stderr
    assert b"DRAGOMAN_STOER" in done.stderr
    assert time.monotonic() - began < 60
