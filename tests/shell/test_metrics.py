"""The metrics keep the naming rules, and their labels have closed sets of values."""

import re
import shutil
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from schemas.alerts import ALERT_KINDS
from schemas.dead_letters import REASONS
from schemas.subscriptions import CHANNEL_KINDS
from streams.shell.agents import HOPS
from streams.shell.metrics import DELIVERY_OUTCOMES, OTHER, Metrics

LANGUAGES = ("de", "en")
UNITS = ("_seconds", "_bytes", "_total", "_keys", "_partitions", "_ready", "_waiting")


@pytest.fixture
def metrics() -> Metrics:
    metrics = Metrics(HOPS, LANGUAGES)
    metrics.items.labels("story").inc()
    metrics.readings.labels(metrics.language("de")).inc()
    metrics.deliveries.labels("log", "delivered").inc()
    metrics.reports.labels("trip").inc()
    metrics.table_keys.labels("stories").set(1)
    metrics.assigned.labels("stories.v1").set(4)
    metrics.arrival_to_alert.observe(0.2)
    return metrics


def test_every_metric_has_our_prefix_a_unit_and_a_help_text(metrics: Metrics) -> None:
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        name = family.name + ("_total" if family.type == "counter" else "")
        assert re.fullmatch(r"dragoman_[a-z_]+", name)
        assert name.endswith(UNITS), name
        assert family.documentation.endswith("."), name


def test_only_counters_end_in_total(metrics: Metrics) -> None:
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        totals = [sample.name for sample in family.samples if sample.name.endswith("_total")]
        assert bool(totals) == (family.type == "counter"), family.name


def test_no_label_can_name_a_leader_or_a_story(metrics: Metrics) -> None:
    closed = {
        "hop": set(HOPS),
        "reason": set(REASONS),
        "kind": {*ALERT_KINDS, "trip", "invitation", "withdrawal"},
        "language": {*LANGUAGES, OTHER},
        "outcome": {"story", "refused", *DELIVERY_OUTCOMES},
        "channel": set(CHANNEL_KINDS),
        "table": {"stories", "dossiers", "trays"},
        "topic": {"stories.v1"},
    }
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        for sample in family.samples:
            for label, value in sample.labels.items():
                assert label == "le" or value in closed[label], (family.name, label, value)


def test_a_language_nobody_declared_is_counted_as_other(metrics: Metrics) -> None:
    assert [metrics.language(code) for code in ("de", "yo", "und")] == ["de", OTHER, OTHER]


def test_alerts_and_dead_letters_are_there_before_the_first(metrics: Metrics) -> None:
    text = metrics.exposition().decode()
    assert 'dragoman_alerts_total{kind="retracted"} 0.0' in text
    assert 'dragoman_dead_letters_total{hop="read",reason="unexpected"} 0.0' in text


def test_two_apps_do_not_mix(metrics: Metrics) -> None:
    assert 'dragoman_items_total{outcome="story"}' not in Metrics(HOPS, ()).exposition().decode()


def test_promtool_finds_no_fault(metrics: Metrics) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("no promtool on this machine")
    check = subprocess.run(
        [promtool, "check", "metrics"],
        input=metrics.exposition(),
        capture_output=True,
        check=False,
        timeout=180,
    )
    assert (check.returncode, check.stdout + check.stderr) == (0, b"")
