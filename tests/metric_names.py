"""Which metrics the code has, and which the shipped rules and dashboards ask for."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import CollectorRegistry

from streams.shell.agents import HOPS
from streams.shell.api.metrics import ApiMetrics
from streams.shell.intake.pages import SourceMetrics
from streams.shell.metrics import Metrics, Vocabulary

ROOT = Path(__file__).resolve().parents[1]
PROMETHEUS = ROOT / "deploy" / "prometheus"

_PARTS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
_NAME = re.compile(r"(?<![\w:])dragoman_[a-z0-9_]+")


def rules() -> list[dict[str, Any]]:
    """All rules that are shipped, those that record and those that alert."""
    files = sorted(PROMETHEUS.glob("rules/*.yml"))
    loaded = [yaml.safe_load(file.read_text("utf-8")) for file in files]
    return [rule for file in loaded for group in file["groups"] for rule in group["rules"]]


def our_series() -> set[str]:
    """All that our pages of metrics may have."""
    return {series for _, parts in families() for series in parts}


def registries() -> tuple[CollectorRegistry, ...]:
    """Of a worker, of the intake, and of the API."""
    return Metrics(HOPS, Vocabulary()).registry, SourceMetrics([]).registry, ApiMetrics().registry


def families() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each metric of the code, as the code names it, and the series it is exported as."""
    for registry in registries():
        for family in registry.collect():
            yield family.name, tuple(family.name + part for part in _PARTS[family.type])


def named_in(expressions: Iterable[str]) -> set[str]:
    """The series that the expressions ask for; what a rule records has colons in its name."""
    return {name for each in expressions for name in _NAME.findall(each)}


def recorded_in(expressions: Iterable[str]) -> set[str]:
    """The recorded series that the expressions ask for."""
    return {name for each in expressions for name in re.findall(r"dragoman:[a-z0-9_:]+", each)}
