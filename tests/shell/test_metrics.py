"""The metrics keep the naming rules, and their labels have closed sets of values."""

import re
import subprocess
from importlib.metadata import version

import pytest
from alert_events import event
from prometheus_client.parser import text_string_to_metric_families

from schemas.alerts import ALERT_KINDS, Alert
from schemas.dead_letters import REASONS
from schemas.subscriptions import CHANNEL_KINDS
from streams.shell.agents import HOPS
from streams.shell.lag import Behind
from streams.shell.metrics import DELIVERY_OUTCOMES, ITEM_OUTCOMES, NONE, OTHER, Metrics, Vocabulary

WORDS = Vocabulary(languages=("de", "en"), topics=("migration", "trade"), countries=("EC", "PE"))
UNITS = (
    "_seconds",
    "_bytes",
    "_total",
    "_keys",
    "_partitions",
    "_ready",
    "_info",
    "_messages",
    "_waiting",
)


def alert(country: str | None, *topics: str) -> Alert:
    return event(1).data.model_copy(update={"country": country, "topics": topics})


@pytest.fixture
def metrics() -> Metrics:
    metrics = Metrics(HOPS, WORDS)
    metrics.items.labels("story").inc()
    metrics.readings.labels(metrics.language("de")).inc()
    metrics.deliveries.labels("log", "delivered").inc()
    metrics.reports.labels("trip").inc()
    metrics.table_keys.labels("stories").set(1)
    metrics.assigned.labels("stories.v1").set(4)
    metrics.arrival_to_alert.observe(0.2)
    metrics.raised(alert("EC", "migration", "chess"))
    metrics.raised(alert(None))
    metrics.raised(alert("ZZ", "trade"))
    metrics.behind({"stories.v1": Behind(3, 2.5)})
    metrics.canary_arrival.labels("3").set(1.8e9)
    metrics.knowledge_info.labels("rules/3", "0123").set(1)
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
        "language": {*WORDS.languages, OTHER},
        "country": {*WORDS.countries, OTHER, NONE},
        "partition": {"3"},
        "version": {version("dragoman")},
        "reader": {"rules/3"},
        "knowledge": {"0123"},
        "outcome": {*ITEM_OUTCOMES, *DELIVERY_OUTCOMES},
        "channel": set(CHANNEL_KINDS),
        "table": {"stories", "dossiers", "trays"},
        "topic": {"stories.v1", *WORDS.topics, OTHER, NONE},
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


def test_an_alert_counts_once_for_its_destination_and_for_each_of_its_topics(
    metrics: Metrics,
) -> None:
    counted = {
        (sample.name, *sample.labels.values()): sample.value
        for counter in (metrics.destinations, metrics.topics)
        for family in counter.collect()
        for sample in family.samples
        if sample.value
    }
    assert counted == {
        ("dragoman_alert_destinations_total", "EC"): 1,
        ("dragoman_alert_destinations_total", NONE): 1,
        ("dragoman_alert_destinations_total", OTHER): 1,
        ("dragoman_alert_topics_total", "trip.new", "migration"): 1,
        ("dragoman_alert_topics_total", "trip.new", "trade"): 1,
        ("dragoman_alert_topics_total", "trip.new", OTHER): 1,
        ("dragoman_alert_topics_total", "trip.new", NONE): 1,
    }
    # Countries nobody has gone to yet are there, or the first alert would be missed.
    assert 'dragoman_alert_destinations_total{country="PE"} 0.0' in metrics.exposition().decode()


def test_two_apps_do_not_mix(metrics: Metrics) -> None:
    other = Metrics(HOPS, WORDS).exposition().decode()
    assert 'dragoman_items_total{outcome="story"} 0.0' in other


def test_promtool_finds_no_fault(metrics: Metrics, promtool: str) -> None:
    check = subprocess.run(
        [promtool, "check", "metrics"],
        input=metrics.exposition(),
        capture_output=True,
        check=False,
        timeout=180,
    )
    assert (check.returncode, check.stdout + check.stderr) == (0, b"")
