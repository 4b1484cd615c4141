import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.shell.brokers import BrokerStartError
from streams.shell.brokers.process import (
    LOOPBACK,
    BrokerProcess,
    free_ports,
    last_words,
    require_free,
)
from streams.shell.brokers.tansu import EmbeddedTansu

PATIENCE_S = 120


def shell(script: str, tmp_path: Path) -> BrokerProcess:
    return BrokerProcess("The broker", ["/bin/sh", "-c", script], tmp_path / "log")


def has_written(tmp_path: Path, text: str) -> bool:
    log = tmp_path / "log"
    return log.exists() and text in log.read_text()


def test_a_process_that_ends_is_told_with_its_status_and_its_last_words(tmp_path: Path) -> None:
    process = shell("echo no disk left; exit 3", tmp_path)
    process.start()
    with pytest.raises(BrokerStartError) as told:
        process.wait_until(lambda: False, PATIENCE_S)
    process.kill()
    assert str(told.value) == (
        "The broker ended with exit status 3; the end of its log:\nno disk left"
    )


def test_a_process_that_never_answers_is_told_with_what_it_wrote_so_far(tmp_path: Path) -> None:
    process = shell("echo thinking; exec sleep 60", tmp_path)
    process.start()
    process.wait_until(lambda: has_written(tmp_path, "thinking"), PATIENCE_S)
    with pytest.raises(BrokerStartError, match=r"did not answer within 0.1 s;[^\0]*thinking"):
        process.wait_until(lambda: False, timeout_s=0.1)
    process.kill()


def test_only_the_last_lines_of_a_long_log_are_told(tmp_path: Path) -> None:
    process = shell("seq 1 1000; exit 1", tmp_path)
    process.start()
    with pytest.raises(BrokerStartError) as told:
        process.wait_until(lambda: False, PATIENCE_S)
    process.kill()
    assert str(told.value).splitlines()[1:] == [str(number) for number in range(981, 1001)]


def test_stop_kills_a_process_that_will_not_end_and_what_it_started(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    # Both the shell and its child hold the pipe open and are deaf to a request to end.
    script = f'exec 3>"{held}"; trap "" TERM; sleep 300 & echo deaf; wait; sleep 300'
    process = shell(script, tmp_path)
    process.start()
    with held.open("rb") as pipe:
        process.wait_until(lambda: has_written(tmp_path, "deaf"), PATIENCE_S)
        process.terminate()
        assert process.is_running
        process.stop(grace_s=0.2)
        assert not process.is_running
        # At its end, and so readable, as soon as nobody is left to write to it.
        assert select.select([pipe], [], [], PATIENCE_S)[0] == [pipe]
        assert pipe.read() == b""


def test_stopping_what_was_never_started_or_has_ended_is_no_error(tmp_path: Path) -> None:
    process = shell("exit 0", tmp_path)
    process.stop(grace_s=1)
    process.start()
    process.stop(grace_s=PATIENCE_S)
    process.stop(grace_s=1)


def test_a_taken_port_is_told_before_anything_is_started() -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BrokerStartError, match=f"port {port} on 127.0.0.1 is taken"):
            EmbeddedTansu(port=port).start()
    require_free(port)


def test_free_ports_are_different_and_out_of_the_range_lent_to_clients() -> None:
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert all(20_000 <= port < 32_000 for port in ports)


def test_a_stack_trace_does_not_bury_what_is_wrong() -> None:
    trace = "\n".join(f"\tat org.apache.kafka.Deep.call(Deep.java:{line})" for line in range(99))
    assert last_words(f"Invalid value none\n{trace}\n") == "Invalid value none"


OWNER = """
import sys
from streams.shell.brokers.tansu import EmbeddedTansu
with EmbeddedTansu() as broker:
    print(broker.bootstrap, flush=True)
    sys.stdin.read()
"""


@pytest.mark.broker
@pytest.mark.parametrize(
    "blow",
    [
        pytest.param(signal.SIGINT, id="ctrl-c"),
        pytest.param(signal.SIGTERM, id="terminated-with-no-chance-to-clean-up"),
        pytest.param(signal.SIGKILL, id="killed"),
    ],
)
def test_a_broker_does_not_outlive_its_owner(
    blow: signal.Signals, tmp_path: Path, until_hung_up: Callable[[socket.socket], None]
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER],
        env={**os.environ, "TMPDIR": str(tmp_path)},  # whoever is killed cannot tidy up
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        host, port = owner.stdout.readline().strip().split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
            owner.send_signal(blow)
            until_hung_up(connection)
        assert owner.wait(PATIENCE_S) != 0
