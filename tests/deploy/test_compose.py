"""docker-compose.yml: what Compose itself makes of it, and whether all it names is there."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deployed import (
    IMAGES_PINNED,
    ROOT,
    check_settings,
    kafka_format,
    parse_command,
    tool,
    unknown_settings,
)

from streams.shell.brokers import BrokerNotInstalledError
from streams.shell.intake.entries import load_sources

FILE = ROOT / "docker-compose.yml"
PROFILES = ("sample",)


def compose(*arguments: str, file: Path = FILE, **variables: str) -> dict[str, Any]:
    """The whole model as Compose resolves it; fails with what Compose says."""
    done = subprocess.run(
        [tool("docker-compose"), "-f", str(file), *arguments, "config", "--format", "json"],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    model: dict[str, Any] = json.loads(done.stdout)
    return model


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return compose(*(word for name in PROFILES for word in ("--profile", name)))


def ours(model: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from (
        (name, service)
        for name, service in model["services"].items()
        if service["image"].startswith("dragoman:")
    )


def test_compose_takes_the_file_as_it_is_and_with_every_profile(whole: dict[str, Any]) -> None:
    default = compose()

    assert set(whole["services"]) - set(default["services"]) == {"sample"}
    assert default["services"]["worker"]["deploy"]["replicas"] == 2


def test_workers_are_as_many_as_one_says() -> None:
    assert compose(WORKERS="3")["services"]["worker"]["deploy"]["replicas"] == 3


def test_a_name_that_compose_does_not_know_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "docker-compose.yml"
    file.write_text(FILE.read_text().replace("stop_grace_period", "stop_grace_time"))

    with pytest.raises(AssertionError, match="stop_grace_time"):
        compose(file=file)


def test_every_setting_is_one_and_every_process_of_ours_would_start_on_them(
    whole: dict[str, Any], tmp_path: Path
) -> None:
    for name, service in ours(whole):
        environment = service.get("environment", {})
        assert unknown_settings(environment) == set(), name
        check_settings(environment, tmp_path / name)


def test_every_command_is_one_of_the_command_line(whole: dict[str, Any]) -> None:
    commands = {name: parse_command(service["command"]) for name, service in ours(whole)}

    assert commands["worker"] == "dragoman worker"
    assert commands["intake"] == "dragoman intake"
    assert commands["sample"] == "dragoman ingest"


def test_what_is_mounted_from_the_checkout_is_there_and_cannot_be_written_to(
    whole: dict[str, Any],
) -> None:
    for name, service in whole["services"].items():
        for mount in service.get("volumes", ()):
            if mount["type"] == "bind":
                assert Path(mount["source"]).exists(), (name, mount["source"])
                assert mount.get("read_only"), (name, mount["source"])
            else:
                assert mount["source"] in whole["volumes"], (name, mount)


def test_volumes_are_all_used(whole: dict[str, Any]) -> None:
    used = {m["source"] for s in whole["services"].values() for m in s.get("volumes", ())}

    assert set(whole["volumes"]) <= used


def test_images_of_others_are_pinned_by_version_and_digest(whole: dict[str, Any]) -> None:
    others = set(whole["services"]) - {name for name, _ in ours(whole)}

    assert "kafka" in others
    for name in others:
        assert re.match(IMAGES_PINNED, whole["services"][name]["image"]), name


def test_what_is_ours_may_write_only_where_it_must_and_gain_no_right(
    whole: dict[str, Any],
) -> None:
    for name, service in ours(whole):
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        written = [m["target"] for m in service.get("volumes", ()) if not m.get("read_only")]
        assert written in ([], ["/var/lib/dragoman"]), name


def test_nothing_is_published_but_on_this_machine(whole: dict[str, Any]) -> None:
    published = [
        (name, port)
        for name, service in whole["services"].items()
        for port in service.get("ports", ())
    ]

    assert published
    assert all(port["host_ip"] == "127.0.0.1" for _, port in published)


def test_the_health_check_asks_the_port_that_the_service_has(whole: dict[str, Any]) -> None:
    intake = whole["services"]["intake"]

    assert intake["healthcheck"]["test"][-1] == "6067"
    assert "DRAGOMAN_INTAKE_PORT" not in intake["environment"]


def test_the_sources_that_are_mounted_can_be_used(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "compose" / "sources.toml").read_text()
    (tmp_path / "drop").mkdir()
    file = tmp_path / "sources.toml"
    file.write_text(text.replace('"/drop"', f'"{tmp_path}/drop"'))

    assert [source.name for source in load_sources(file)] == ["drop"]
    assert '"/drop"' in text


@pytest.mark.kafka
def test_kafka_itself_takes_the_settings_of_the_broker(
    whole: dict[str, Any], tmp_path: Path
) -> None:
    environment = whole["services"]["kafka"]["environment"]
    try:
        command = kafka_format(environment, tmp_path)
    except BrokerNotInstalledError as missing:
        pytest.skip(str(missing))

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "data" / "meta.properties").exists()
