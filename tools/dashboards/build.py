"""Makes Grafana's JSON of the questions: `python -m tools.dashboards.build`, or `make dashboards`.

Writes `deploy/grafana/dashboards/*.json`, which are kept in the repository; a test holds that they
are up to date. What is asked stands in `questions.py`.
"""

from pathlib import Path

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    dashboard,
    prometheus,
    stat,
    timeseries,
)
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import (
    BigValueTextMode,
    LegendDisplayMode,
    LegendPlacement,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef, Threshold, ThresholdsMode

from tools.dashboards.questions import QUESTIONS, Panel, Question

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "grafana" / "dashboards"
SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
_WIDTH, _HEIGHT = 12, 8


def built(question: Question) -> str:
    """The dashboard as JSON, the same each time."""
    made = (
        dashboard.Dashboard(question.title)
        .uid(f"dragoman-{question.name}")
        .description(question.about)
        .tags(["dragoman"])
        .time("now-3h", "now")
        .refresh("30s")
        .timezone("utc")
        .readonly()
    )
    for panel in question.panels:
        made.with_panel(_panel(panel))
    return JSONEncoder(sort_keys=True, indent=1).encode(made.build()) + "\n"


def _panel(panel: Panel) -> "bargauge.Panel | stat.Panel | timeseries.Panel":
    made: bargauge.Panel | stat.Panel | timeseries.Panel
    if panel.kind == "stat":
        made = stat.Panel().text_mode(BigValueTextMode.VALUE_AND_NAME).reduce_options(_latest())
    elif panel.kind == "bars":
        made = bargauge.Panel().orientation(VizOrientation.HORIZONTAL).reduce_options(_latest())
    else:
        made = timeseries.Panel().legend(
            common.VizLegendOptions()
            .show_legend(True)
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
        )
    made.title(panel.title).description(panel.about).unit(panel.unit).datasource(SOURCE)
    made.span(_WIDTH).height(_HEIGHT).thresholds(_thresholds(panel.warn_above))
    for number, query in enumerate(panel.queries):
        target = (
            prometheus.Dataquery()
            .expr(query.expr)
            .legend_format(query.legend)
            .ref_id(chr(ord("A") + number))
        )
        made.with_target(target.instant() if panel.kind == "bars" else target.range())
    return made


def _latest() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"])


def _thresholds(warn_above: float | None) -> dashboard.ThresholdsConfig:
    steps = [Threshold(value=None, color="green")]
    if warn_above is not None:
        steps.append(Threshold(value=warn_above, color="red"))
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def main() -> None:
    """Writes all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for question in QUESTIONS:
        FOLDER.joinpath(f"{question.name}.json").write_text(built(question), "utf-8")


if __name__ == "__main__":
    main()
