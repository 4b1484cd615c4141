"""The rules that are shipped: Prometheus takes them, each fires and keeps still as it should."""

import re
import subprocess
from itertools import groupby
from typing import Any

import click
import pytest
import yaml
from metric_names import PROMETHEUS, ROOT, named_in, our_series, recorded_in, rules

from streams.cli.group import dragoman
from streams.shell.settings import Settings

TESTS = sorted((ROOT / "tests" / "deploy" / "rules").glob("*.test.yml"))
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text("utf-8")
RUNBOOK = (ROOT / "deploy" / "runbook.md").read_text("utf-8")
ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}


def check(promtool: str, *arguments: object) -> None:
    done = subprocess.run(
        [promtool, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_its_configuration_and_the_rules(promtool: str) -> None:
    for file in ("prometheus.yml", "one-machine.yml"):
        check(promtool, "check", "config", "--lint=all", PROMETHEUS / file)
    check(promtool, "check", "rules", "--lint=all", *sorted(PROMETHEUS.glob("rules/*.yml")))


def jobs(file: str) -> dict[str, dict[str, Any]]:
    told = yaml.safe_load((PROMETHEUS / file).read_text("utf-8"))
    return {job["job_name"]: job for job in told["scrape_configs"]}


def test_processes_on_one_machine_are_watched_under_the_same_names_at_their_own_ports() -> None:
    ports = {
        name: [
            int(target.removeprefix("127.0.0.1:"))
            for group in job["static_configs"]
            for target in group["targets"]
        ]
        for name, job in jobs("one-machine.yml").items()
    }
    settings = Settings()
    workers = re.findall(r"DRAGOMAN_WEB_PORT=(\d+) .*dragoman worker$", DEPLOYMENT, re.MULTILINE)
    assert ports == {
        "dragoman-worker": [int(port) for port in workers],
        "dragoman-intake": [settings.intake_port],
        "dragoman-api": [settings.api_port],
    }
    assert settings.web_port in ports["dragoman-worker"]
    assert list(ports) == list(jobs("prometheus.yml"))


def test_each_alert_fires_when_it_should_and_keeps_still_when_not(promtool: str) -> None:
    check(promtool, "test", "rules", *TESTS)


def test_no_alert_is_without_a_case_where_it_fires_and_one_where_it_does_not() -> None:
    cases = sorted(
        (case["alertname"], bool(case["exp_alerts"]))
        for file in TESTS
        for test in yaml.safe_load(file.read_text("utf-8"))["tests"]
        for case in test["alert_rule_test"]
    )
    tried = {name: {fires for _, fires in each} for name, each in groupby(cases, lambda c: c[0])}
    assert tried == {name: {True, False} for name in ALERTS}


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_an_alert_says_how_bad_it_is_what_it_means_and_where_to_read_on(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["description"].endswith(".")
    assert rule["annotations"]["runbook_url"] == f"deploy/runbook.md#{name.lower()}"


def test_the_runbook_has_a_heading_for_each_alert_and_for_no_other() -> None:
    assert sorted(re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE)) == sorted(ALERTS)


def test_each_heading_says_what_it_means_where_to_look_and_what_helps() -> None:
    sections = re.split(r"^#{1,2} ", RUNBOOK, flags=re.MULTILINE)
    for section in sections:
        if section.split("\n", 1)[0] in ALERTS:
            assert re.findall(r"^\*\*(.+?)\*\*", section, re.MULTILINE) == [
                "Means",
                "First look",
                "Remedy",
            ], section[:40]


def commands_in_runbook() -> list[str]:
    return sorted(set(re.findall(r"`dragoman ([^`]+?)(?: > [^`]*)?`", RUNBOOK)))


@pytest.mark.parametrize("line", commands_in_runbook())
def test_each_command_of_the_runbook_exists_with_its_options(line: str) -> None:
    command: click.Command = dragoman
    words = line.split()
    while isinstance(command, click.Group) and words:
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, line
        command = found
    options = {option for param in command.params for option in param.opts}
    assert {word for word in words if word.startswith("-")} <= options


@pytest.mark.parametrize("anchor", sorted(set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK))))
def test_no_link_within_the_runbook_leads_nowhere(anchor: str) -> None:
    assert anchor in {name.lower() for name in ALERTS}


def test_every_metric_a_rule_asks_for_is_one_of_ours() -> None:
    assert named_in(rule["expr"] for rule in rules()) <= our_series()


def test_what_a_rule_asks_for_as_recorded_is_recorded() -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    assert recorded_in(rule["expr"] for rule in rules()) <= recorded
