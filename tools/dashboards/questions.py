"""What the dashboards ask: one dashboard a question, its panels in the order one would look.

Nothing of Grafana's own is here; `build.py` makes its JSON of this. Windows are written out, so
that each query is a whole one that Prometheus can check.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, and what its lines are called: labels in double braces."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `unit` is one of Grafana's; a `bars` panel shows the latest values alone."""

    title: str
    about: str
    queries: tuple[Query, ...]
    unit: str = "short"
    kind: Literal["lines", "stat", "bars"] = "lines"
    warn_above: float | None = None
    """From here on a value is shown in red."""


@dataclass(frozen=True, slots=True)
class Question:
    """One dashboard. `name` is its file, and part of its address."""

    name: str
    title: str
    about: str
    panels: tuple[Panel, ...]


def _quantile(q: float, metric: str, by: str = "") -> str:
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({q}, sum by ({labels}) (rate({metric}_bucket[5m])))"


THROUGH = Question(
    "getting-through",
    "Are stories getting through?",
    "Canaries, workers and the time from a story to its alert.",
    (
        Panel(
            "Last canary, by partition",
            "Age of the last canary that came to its end. One that grows is a partition on which "
            "no story comes through.",
            (Query("dragoman:canary_age:seconds", "partition {{partition}}"),),
            "s",
        ),
        Panel(
            "Time of a canary",
            "From the raw topic to deliveries.",
            (
                Query(_quantile(0.5, "dragoman_canary_seconds"), "half"),
                Query(_quantile(0.99, "dragoman_canary_seconds"), "99 %"),
            ),
            "s",
        ),
        Panel(
            "Canaries a minute",
            "Sent, and come to their end.",
            (
                Query("sum(rate(dragoman_canary_sent_total[5m])) * 60", "sent"),
                Query("sum(rate(dragoman_canary_seconds_count[5m])) * 60", "arrived"),
            ),
        ),
        Panel(
            "Workers that read",
            "Those whose /readyz says so, of those that answer.",
            (
                Query("sum(dragoman_ready)", "ready"),
                Query('count(up{job="dragoman-worker"} == 1)', "answer"),
            ),
            kind="stat",
        ),
        Panel(
            "Stories a second",
            "Items parsed by what became of them, without canaries.",
            (Query("sum by (outcome) (rate(dragoman_items_total[5m]))", "{{outcome}}"),),
        ),
        Panel(
            "From publication to alert",
            "By the agency's clock. Stories under embargo and archives take their own time.",
            (
                Query(_quantile(0.5, "dragoman_publication_to_alert_seconds"), "half"),
                Query(_quantile(0.95, "dragoman_publication_to_alert_seconds"), "95 %"),
            ),
            "s",
        ),
        Panel(
            "From arrival to alert",
            "What we ourselves take.",
            (
                Query(_quantile(0.5, "dragoman_arrival_to_alert_seconds"), "half"),
                Query(_quantile(0.95, "dragoman_arrival_to_alert_seconds"), "95 %"),
            ),
            "s",
        ),
        Panel(
            "Sources that are silent or fail",
            "1: silent for longer than the sources file allows, or failing.",
            (
                Query("max by (source) (dragoman_source_silent)", "{{source}} silent"),
                Query("max by (source) (dragoman_source_failing)", "{{source}} fails"),
            ),
            kind="bars",
            warn_above=1,
        ),
        Panel(
            "Last item of each source",
            "How long ago it came.",
            (
                Query(
                    "time() - max by (source) (dragoman_source_last_item_timestamp_seconds > 0)",
                    "{{source}}",
                ),
            ),
            "s",
            "bars",
        ),
    ),
)

REFUSED = Question(
    "refused",
    "What is refused, and why?",
    "Dead letters by hop and reason, and what the sources send.",
    (
        Panel(
            "Share that is refused, by hop",
            "Over a quarter of an hour; above a twentieth somebody should look.",
            (Query("dragoman:dead_letters:ratio_rate15m", "{{hop}}"),),
            "percentunit",
        ),
        Panel(
            "Dead letters by reason, last hour",
            "dragoman dead-letters list shows them.",
            (
                Query(
                    "sum by (hop, reason) (increase(dragoman_dead_letters_total[1h]))",
                    "{{hop}}: {{reason}}",
                ),
            ),
            kind="bars",
        ),
        Panel(
            "Items by source and outcome, last hour",
            "As the intake's account of its sources has them.",
            (
                Query(
                    "sum by (source, outcome) (increase(dragoman_source_items_total[1h]))",
                    "{{source}}: {{outcome}}",
                ),
            ),
            kind="bars",
        ),
        Panel(
            "Sends the brokers did not confirm",
            "By worker. What was not confirmed is sent again, or the worker stops.",
            (
                Query(
                    "sum by (instance) (increase(dragoman_send_errors_total[5m]))", "{{instance}}"
                ),
            ),
        ),
    ),
)

REACHING = Question(
    "reaching",
    "Are alerts reaching people?",
    "Deliveries by channel, what waits, and how long it takes.",
    (
        Panel(
            "Oldest alert that is due",
            "Due and not brought. Digests and quiet hours are no delay.",
            (Query("max(dragoman_deliveries_oldest_due_age_seconds)", "oldest"),),
            "s",
            "stat",
            warn_above=300,
        ),
        Panel(
            "Alerts that are due and wait",
            "All workers together.",
            (Query("sum(dragoman_deliveries_waiting)", "waiting"),),
            kind="stat",
        ),
        Panel(
            "Deliveries a minute, by channel and outcome",
            "Tries that failed are made again; what is given up is not.",
            (Query("dragoman:deliveries:rate15m * 60", "{{channel}}: {{outcome}}"),),
        ),
        Panel(
            "From alert to delivery",
            "95 % are brought within this time, by channel.",
            (
                Query(
                    _quantile(0.95, "dragoman_delivery_duration_seconds", "channel"), "{{channel}}"
                ),
            ),
            "s",
        ),
        Panel(
            "Alerts a minute",
            "Raised, by kind: what there is to bring.",
            (Query("sum by (kind) (rate(dragoman_alerts_total[15m])) * 60", "{{kind}}"),),
        ),
    ),
)

BEHIND = Question(
    "behind",
    "How far behind are we?",
    "Lag by topic, pace by hop, tables and recovery.",
    (
        Panel(
            "Age of the oldest message that is not handled",
            "By topic. parse reads stories.raw.v1, read stories.v1, fold reports.v1, deliver "
            "alerts.v1.",
            (Query("dragoman:consumer_lag:seconds", "{{topic}}"),),
            "s",
        ),
        Panel(
            "Messages that are not handled",
            "By topic.",
            (Query("dragoman:consumer_lag:messages", "{{topic}}"),),
        ),
        Panel(
            "Messages a second, by hop",
            "Canaries among them.",
            (Query("dragoman:handled:rate5m", "{{hop}}"),),
        ),
        Panel(
            "Time a message takes, by hop",
            "99 % take less, the brokers' confirmation in it.",
            (Query(_quantile(0.99, "dragoman_stage_duration_seconds", "hop"), "{{hop}}"),),
            "s",
        ),
        Panel(
            "Since a message was last handled",
            "By worker. With messages waiting, more than two minutes is a standstill.",
            (Query("dragoman_last_progress_age_seconds", "{{instance}}"),),
            "s",
        ),
        Panel(
            "Handled and not committed",
            "By worker, since when. More than a minute, and commits have stopped.",
            (Query("dragoman_uncommitted_age_seconds", "{{instance}}"),),
            "s",
        ),
        Panel(
            "Commits a second",
            "By worker.",
            (Query("rate(dragoman_commits_total[5m])", "{{instance}}"),),
        ),
        Panel(
            "Partitions that are read",
            "By topic, all workers together: as many as the topic has.",
            (Query("sum by (topic) (dragoman_assigned_partitions)", "{{topic}}"),),
            kind="bars",
        ),
        Panel(
            "Keys in tables",
            "All workers together.",
            (Query("sum by (table) (dragoman_table_keys)", "{{table}}"),),
        ),
        Panel(
            "Recovery",
            "How long rebalances took, tables and all, and how long one that is under way has.",
            (
                Query(_quantile(0.9, "dragoman_recovery_duration_seconds"), "took (90 %)"),
                Query("max(dragoman_recovering_seconds)", "under way"),
            ),
            "s",
        ),
        Panel(
            "Rebalances in half an hour",
            "By worker. One for each deployment is usual.",
            (
                Query(
                    "sum by (instance) (increase(dragoman_rebalances_total[30m]))", "{{instance}}"
                ),
            ),
        ),
        Panel(
            "What reads",
            "Versions of the service, and of the reader with its data files.",
            (
                Query("count by (version) (dragoman_build_info)", "version {{version}}"),
                Query(
                    "count by (reader, knowledge) (dragoman_knowledge_info)",
                    "{{reader}}, {{knowledge}}",
                ),
            ),
            kind="stat",
        ),
    ),
)

WORLD = Question(
    "world",
    "What is the world doing?",
    "Trips and invitations as alerts, by kind, topic and country, and what the wires say.",
    (
        Panel(
            "Alerts of the last day, by kind",
            "One for each change of what we believe.",
            (Query("sum by (kind) (increase(dragoman_alerts_total[1d]))", "{{kind}}"),),
            kind="bars",
        ),
        Panel(
            "Alerts of the last day, by topic",
            "An alert of several topics counts for each.",
            (Query("sum by (topic) (increase(dragoman_alert_topics_total[1d]))", "{{topic}}"),),
            kind="bars",
        ),
        Panel(
            "Where they go: the last day",
            "The fifteen countries with the most alerts.",
            (
                Query(
                    "topk(15, sum by (country) "
                    '(increase(dragoman_alert_destinations_total{country!="none"}[1d])))',
                    "{{country}}",
                ),
            ),
            kind="bars",
        ),
        Panel(
            "Alerts an hour, by kind",
            "Over the last three hours.",
            (Query("sum by (kind) (rate(dragoman_alerts_total[3h])) * 3600", "{{kind}}"),),
        ),
        Panel(
            "Editions an hour, by language",
            "Read, without canaries.",
            (
                Query(
                    "sum by (language) (rate(dragoman_readings_total[1h])) * 3600", "{{language}}"
                ),
            ),
        ),
        Panel(
            "Reports an hour, by kind",
            "What stories claim, before it is known whether it is new.",
            (Query("sum by (kind) (rate(dragoman_reports_total[1h])) * 3600", "{{kind}}"),),
        ),
    ),
)

_ASKED = '{operation!~"health|readiness|metrics"}'

ASKED = Question(
    "asked",
    "Are those who ask answered?",
    "The API: who answers, how soon, what fails, and whether it knows what is new.",
    (
        Panel(
            "APIs that are ready",
            "Those that have read what there was, of those that answer.",
            (
                Query("sum(dragoman_api_ready)", "ready"),
                Query('count(up{job="dragoman-api"} == 1)', "answer"),
            ),
            kind="stat",
        ),
        Panel(
            "Topics that cannot be followed",
            "By API. What it shows of them grows old.",
            (Query("dragoman_api_troubled_topics", "{{instance}}"),),
            warn_above=1,
        ),
        Panel(
            "Answers a second, by outcome",
            "5xx are faults of ours, or of the brokers. Probes and scrapes are left out.",
            (
                Query(
                    f"sum by (outcome) (rate(dragoman_api_requests_total{_ASKED}[5m]))",
                    "{{outcome}}",
                ),
            ),
        ),
        Panel(
            "Share that fails",
            "Over five minutes; above a twentieth somebody should look at once.",
            (Query("dragoman:api_errors:ratio_rate5m", "5xx"),),
            "percentunit",
            warn_above=0.05,
        ),
        Panel(
            "Time to an answer, by operation",
            "95 % take less. Streams are left out.",
            (
                Query(
                    _quantile(0.95, "dragoman_api_request_duration_seconds", "operation"),
                    "{{operation}}",
                ),
            ),
            "s",
        ),
        Panel(
            "Clients that follow alerts",
            "Streams that are open, all APIs together.",
            (Query("sum(dragoman_api_open_streams)", "streams"),),
        ),
    ),
)

QUESTIONS = (THROUGH, REFUSED, REACHING, ASKED, BEHIND, WORLD)
