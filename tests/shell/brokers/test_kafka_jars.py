from hashlib import sha256
from pathlib import Path

import pytest

from streams.shell.brokers import BrokerNotInstalledError
from streams.shell.brokers.kafka_jars import POM, fetch_jars, find_java, jars_are_here


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that is the whole PATH."""
    directory = tmp_path / "programs"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    return directory


@pytest.fixture
def pom(tmp_path: Path) -> Path:
    file = tmp_path / "pom.xml"
    file.write_text("<project/>")
    return file


def put(directory: Path, name: str, script: str) -> None:
    program = directory / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


# Stands for Maven: puts one jar where it is told to, and counts its calls.
COPIES = """
for word in "$@"; do case "$word" in -DoutputDirectory=*) into="${word#*=}";; esac; done
/bin/mkdir -p "$into" && echo jar > "$into/kafka.jar" && echo call >> "${0%/*}/calls"
"""


@pytest.mark.parametrize(
    ("script", "says"),
    [
        pytest.param(None, "needs Java, and there is none", id="none"),
        pytest.param("echo 'openjdk version \"11.0.2\"' >&2", 'version "11.0.2"', id="too-old"),
        pytest.param("echo 'java version \"1.8.0_292\"' >&2", "1.8.0_292", id="old-numbering"),
        pytest.param("echo 'Unable to locate a Java Runtime.' >&2; exit 1", "Unable", id="stub"),
    ],
)
def test_a_missing_or_unfit_java_is_told_with_the_remedy(
    script: str | None, says: str, programs: Path
) -> None:
    if script is not None:
        put(programs, "java", script)
    with pytest.raises(BrokerNotInstalledError) as told:
        find_java()
    assert says in str(told.value)
    assert "install a Java runtime, version 17 or newer" in str(told.value)


def test_a_java_new_enough_is_taken(programs: Path) -> None:
    put(programs, "java", "echo 'openjdk version \"25\" 2025-09-16' >&2")
    assert find_java() == str(programs / "java")


def test_jars_that_are_there_need_no_maven(programs: Path, pom: Path, tmp_path: Path) -> None:
    put(programs, "mvn", COPIES)
    jars = fetch_jars(pom, tmp_path / "build" / "libs")
    (programs / "mvn").unlink()
    assert fetch_jars(pom, jars) == jars
    assert (jars / "kafka.jar").exists()


def test_a_changed_pom_has_its_jars_fetched_anew(programs: Path, pom: Path, tmp_path: Path) -> None:
    put(programs, "mvn", COPIES)
    jars = fetch_jars(pom, tmp_path / "libs")
    (jars / "of-the-old-version.jar").write_text("old")
    pom.write_text("<project><!-- newer --></project>")
    assert not jars_are_here(pom, jars)
    fetch_jars(pom, jars)
    assert jars_are_here(pom, jars)
    assert not (jars / "of-the-old-version.jar").exists()
    assert (programs / "calls").read_text().count("call") == 2


def test_what_another_process_has_brought_meanwhile_stays(
    programs: Path, pom: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "libs"
    stamp = sha256(pom.read_bytes()).hexdigest()
    meanwhile = f"/bin/mkdir {theirs}; echo theirs > {theirs}/kafka.jar"
    put(programs, "mvn", f"{COPIES}\n{meanwhile}; printf {stamp} > {theirs}/.pom-sha256")
    assert (fetch_jars(pom, theirs) / "kafka.jar").read_text() == "theirs\n"
    assert sorted(path.name for path in tmp_path.glob("libs*")) == ["libs"]


def test_no_jars_and_no_maven_is_told_with_the_remedy(
    programs: Path, pom: Path, tmp_path: Path
) -> None:
    with pytest.raises(BrokerNotInstalledError, match="install Maven"):
        fetch_jars(pom, tmp_path / "libs")


def test_what_maven_says_when_it_fails_is_passed_on_and_nothing_is_left_half_copied(
    programs: Path, pom: Path, tmp_path: Path
) -> None:
    put(programs, "mvn", f"{COPIES}\necho '[ERROR] Unknown host'; exit 1")
    with pytest.raises(BrokerNotInstalledError, match="Unknown host"):
        fetch_jars(pom, tmp_path / "build" / "libs")
    assert list((tmp_path / "build").iterdir()) == []


def test_without_a_checkout_the_pom_is_missed_by_name(tmp_path: Path) -> None:
    with pytest.raises(BrokerNotInstalledError, match=r"no-pom.xml is not there: .*checkout"):
        fetch_jars(tmp_path / "no-pom.xml", tmp_path / "libs")


def test_the_pom_of_this_checkout_is_found() -> None:
    assert "<artifactId>kafka_2.13</artifactId>" in POM.read_text()
