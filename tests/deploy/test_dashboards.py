"""The dashboards that are shipped: as their questions have them, of metrics that there are."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from metric_names import ROOT, families, named_in, our_series, recorded_in, rules

from tools.dashboards.build import FOLDER, SOURCE, built
from tools.dashboards.questions import QUESTIONS

FILES = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))}
PANELS = [
    pytest.param(panel, id=f"{name}: {panel['title']}")
    for name, shown in FILES.items()
    for panel in shown["panels"]
]
QUERIES = [
    target["expr"]
    for shown in FILES.values()
    for panel in shown["panels"]
    for target in panel["targets"]
]
UNUSED: dict[str, str] = {}
"""Metrics of the code that no dashboard shows and no rule judges, each with its reason."""


def test_the_files_are_what_the_questions_give() -> None:
    kept = {file.stem: file.read_text("utf-8") for file in FOLDER.iterdir()}
    assert kept == {question.name: built(question) for question in QUESTIONS}, "make dashboards"


def test_prometheus_takes_every_query(promtool: str, tmp_path: Path) -> None:
    asked = [
        {"record": f"asked:by:panel{number}", "expr": expr} for number, expr in enumerate(QUERIES)
    ]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": asked}]}), "utf-8")
    done = subprocess.run(
        [promtool, "check", "rules", "--lint=all", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_a_dashboard_asks_for_is_one_of_ours_or_recorded() -> None:
    assert named_in(QUERIES) <= our_series()
    assert recorded_in(QUERIES) <= {rule["record"] for rule in rules() if "record" in rule}


def test_every_metric_is_shown_or_judged_or_left_out_for_a_reason() -> None:
    asked = named_in([*QUERIES, *(rule["expr"] for rule in rules())])
    idle = {name for name, series in families() if not asked & set(series)}
    assert idle == set(UNUSED)


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_says_what_it_shows_and_in_which_unit(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    assert panel["datasource"] == {"type": SOURCE.type_val, "uid": SOURCE.uid}


def test_no_two_panels_lie_over_one_another() -> None:
    for shown in FILES.values():
        places = [
            (place["x"] + dx, place["y"] + dy)
            for place in (panel["gridPos"] for panel in shown["panels"])
            for dx in range(place["w"])
            for dy in range(place["h"])
        ]
        assert len(places) == len(set(places)), shown["title"]


def test_grafana_is_told_of_the_source_that_the_panels_name() -> None:
    provisioning = ROOT / "deploy" / "grafana" / "provisioning"
    said = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text("utf-8"))
    assert [(each["type"], each["uid"]) for each in said["datasources"]] == [
        (SOURCE.type_val, SOURCE.uid)
    ]
    providers = yaml.safe_load((provisioning / "dashboards" / "dragoman.yml").read_text("utf-8"))
    assert [each["type"] for each in providers["providers"]] == ["file"]
