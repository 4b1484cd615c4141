"""A newsroom in small, watched by a real Prometheus with the shipped configuration and rules.

What fails here fails for real, and raises its one alert and no other. Times are the shipped ones,
all made shorter by one factor (`watching`): `after_s` is what somebody on call would wait.
"""

import json
import signal
import subprocess
from collections.abc import Iterator

import pytest
from desk import DRAGOMAN
from metric_names import ROOT
from newsroom import CANARY_EVERY_S, DESK, LATE, SILENCE_S, Newsroom, watched_newsroom
from watching import FASTER, quicker
from worker_process import Place, get, send_raw, until

from streams.shell.agents import HOPS

LOOKS_S = 2 * 15
"""A scrape and an evaluation."""

QUERIES = {
    f"{file.stem}, {panel['title']}, {target['refId']}": target["expr"]
    for file in sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
    for panel in json.loads(file.read_text("utf-8"))["panels"]
    for target in panel["targets"]
}


@pytest.fixture(scope="module")
def _newsroom(tmp_path_factory: pytest.TempPathFactory, prometheus: str) -> Iterator[Newsroom]:
    with watched_newsroom(tmp_path_factory.mktemp("newsroom"), prometheus) as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(_newsroom: Newsroom) -> Newsroom:
    return _newsroom.made_whole()


@pytest.mark.parametrize(
    ("shipped", "made"),
    [
        pytest.param("15s", "1500ms", id="a duration"),
        pytest.param("rate(a_total[5m]) > 5", "rate(a_total[30000ms]) > 5", id="a count stays"),
        pytest.param("max(a_seconds) > 300", "max(a_seconds) > 30", id="a number of seconds"),
        pytest.param("b:a:seconds > 60", "b:a:seconds > 6", id="recorded seconds"),
        pytest.param("min(a_seconds) > 5 * b", "min(a_seconds) > 5 * b", id="a factor stays"),
        pytest.param("a:rate5m / 2 > 0.05", "a:rate5m / 2 > 0.05", id="a name stays"),
        pytest.param("a[1h] offset 5m", "a[360000ms] offset 30000ms", id="an offset"),
    ],
)
def test_all_times_are_made_shorter_alike(shipped: str, made: str) -> None:
    assert quicker(shipped) == made


def _with_name(text: str) -> str | None:
    return text if "Steinmeier" in text else None


def shown_of(place: Place, pages: str) -> str:
    """What people see: the alert log, the pages, and a replay of the record."""
    told = until("it is in the log", lambda: _with_name(place.alert_log.read_text("utf-8")))
    replayed = subprocess.run(
        [DRAGOMAN, "replay", "--topic"],
        env=place.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Steinmeier" in replayed
    return told + replayed + json.dumps([get(pages + "/leaders"), get(pages + "/alerts")])


def test_while_all_is_well_each_panel_shows_something_and_nobody_a_canary(
    newsroom: Newsroom,
) -> None:
    watcher = newsroom.watcher
    # A worker that came back counts from 0.
    raised = "sum(max_over_time(dragoman_alerts_total[1h])) > 20"
    until("alerts are raised", lambda: watcher.ask(raised))
    newsroom.api.get("/v1/leaders")
    missing = {asked: expr for asked, expr in QUERIES.items() if not watcher.ask(expr)}
    for asked, expr in missing.items():
        until(asked, lambda expr=expr: watcher.ask(expr), 20)
    until("a trail from end to end", lambda: HOPS in newsroom.collector.trails())
    interval = watcher.ask("dragoman:canary_interval:seconds")[0]["value"][1]
    assert float(interval) * FASTER == CANARY_EVERY_S
    assert "canary" not in shown_of(newsroom.place, newsroom.worker.wait_ready())
    assert watcher.firing() == set()


def test_a_worker_is_killed_and_comes_back_without_a_hop(newsroom: Newsroom) -> None:
    watcher = newsroom.watcher
    with watcher.failure("DragomanNoWorker", after_s=60 + LOOKS_S) as told:
        newsroom.end_workers()
        told()
        until("canaries are late as well", lambda: watcher.ask(LATE))
        newsroom.start_worker("parse", "read", "fold")
    # Canaries go in as before. Nobody takes what comes out.
    with watcher.failure("DragomanCanaryLost", after_s=5 * 60 + 60 + LOOKS_S) as told:
        told()
        newsroom.add_worker("deliver")


@pytest.mark.parametrize(
    ("which", "alert", "after_s"),
    [("worker", "DragomanNoWorker", 60), ("api", "DragomanApiDown", 120)],
)
def test_a_process_is_there_and_does_not_answer(
    newsroom: Newsroom, which: str, alert: str, after_s: float
) -> None:
    process = getattr(newsroom, which).process
    with newsroom.watcher.failure(alert, after_s=after_s + LOOKS_S) as told:
        process.send_signal(signal.SIGSTOP)
        try:
            told()
        finally:
            process.send_signal(signal.SIGCONT)


def test_a_worker_answers_and_does_nothing(newsroom: Newsroom) -> None:
    """A connection of its client hangs, the only one by which messages come."""
    watcher = newsroom.watcher
    with watcher.failure("DragomanWorkerStalled", after_s=120 + 60 + LOOKS_S) as told:
        newsroom.passage.hold()
        told()
        until("canaries are late as well", lambda: watcher.ask(LATE))
        newsroom.passage.let_go()


def test_a_feed_falls_silent(newsroom: Newsroom) -> None:
    with newsroom.watcher.failure("DragomanFeedSilent", after_s=SILENCE_S + 60 + LOOKS_S) as told:
        newsroom.wire.stop()
        told()
        newsroom.wire.go_on()


def test_a_subscriber_refuses_what_is_brought(newsroom: Newsroom) -> None:
    with newsroom.watcher.failure("DragomanAlertsNotReaching", after_s=300 + 120 + LOOKS_S) as told:
        newsroom.ends.away.add(DESK)
        newsroom.wire.tell(
            "Noboa to visit Japan",
            "QUITO - President Daniel Noboa will travel to Japan on Tuesday, his office said.",
        )
        told()
        newsroom.ends.away.clear()


def test_a_feed_sends_garbage_for_a_while(newsroom: Newsroom) -> None:
    with newsroom.watcher.failure("DragomanDeadLettersRising", after_s=300 + LOOKS_S) as told:
        send_raw(newsroom.place.bootstrap, [b"\x00 garbage %d" % number for number in range(20)])
        told()
