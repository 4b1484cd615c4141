"""deploy/Dockerfile, as far as it can be seen without an engine that builds it.

Its style is hadolint's to judge. What it copies must be there, nothing else may be in its context,
and the wheel that it makes of just that must be whole. With `--long` all its steps in Python are
carried out, with all dependencies.
"""

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from deployed import IMAGES_PINNED, ROOT, tool

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
HEALTH = ROOT / "deploy" / "image" / "health.py"


def instructions(kind: str) -> list[str]:
    """The arguments of the instructions of this kind, each on one line."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", "", text)
    return re.findall(rf"^{kind} (.+)$", joined, flags=re.MULTILINE)


def copied() -> dict[str, str]:
    """What is copied from the checkout, by the places it comes to below /build."""
    found = {}
    for line in instructions("COPY"):
        *sources, target = line.split()
        if not line.startswith("--from") and not target.startswith("/"):
            for source in sources:
                inside = Path(target) / Path(source).name if target.endswith("/") else Path(target)
                found[str(inside)] = source
    return found


def context(directory: Path) -> Path:
    """/build, as the build stage has it after all its copying."""
    for inside, source in copied().items():
        place = directory / inside
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(
                ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__", "*.so")
            )
        else:
            shutil.copy(ROOT / source, place)
    return directory


def test_hadolint_has_nothing_to_say(tmp_path: Path) -> None:
    planted = tmp_path / "Dockerfile"
    planted.write_text(DOCKERFILE.read_text().replace("slim-bookworm@", "latest@") + "RUN cd /x\n")

    for file, code in ((DOCKERFILE, 0), (planted, 1)):
        done = subprocess.run(
            [tool("hadolint"), str(file)], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code, done.stdout


def test_the_base_is_pinned_and_whoever_runs_is_nobody() -> None:
    bases = [line.split("=", 1)[1] for line in instructions("ARG") if line.startswith("BASE=")]

    assert [bool(re.match(IMAGES_PINNED, base)) for base in bases] == [True]
    assert all(line.startswith("${BASE}") for line in instructions("FROM"))
    assert instructions("USER") == ["10001:10001"]
    assert instructions("ENTRYPOINT") == ['["dragoman"]']
    # The same Python as the suite runs on, where it runs on that of the image.
    assert bases[0].startswith("python:3.11.")


def test_all_that_is_copied_is_there_and_let_into_the_context() -> None:
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)

    for line in instructions("COPY"):
        for source in line.split()[:-1]:
            if line.startswith("--from"):
                break
            assert (ROOT / source).exists(), source
            assert any(Path(source).is_relative_to(each) for each in let_in), source
    assert all((ROOT / each).exists() for each in let_in)


def test_the_wheel_is_whole_though_it_is_made_of_what_is_copied_alone(tmp_path: Path) -> None:
    build = context(tmp_path / "build")
    command = f"{sys.executable} -m pip wheel -q --no-deps --no-build-isolation -w dist ."
    subprocess.run(
        [*command.split(), "--disable-pip-version-check"],
        cwd=build,
        env={"PATH": os.environ["PATH"], "HATCH_BUILD_HOOKS_ENABLE": "0"},
        check=True,
        timeout=120,
    )
    (wheel,) = (build / "dist").glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())

    listed = subprocess.run(
        ["git", "ls-files", "schemas", "streams"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tracked = listed.stdout.split()
    missing = {name for name in tracked if (ROOT / name).exists()} - names
    assert missing == set()
    assert any(name.endswith("entry_points.txt") for name in names)


def test_all_steps_in_python_work(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("installs everything anew: with --long")
    build = context(tmp_path / "build")
    home = tmp_path / "opt"
    for step in instructions("RUN"):
        if "apt-get" in step or "useradd" in step:
            continue
        subprocess.run(
            step.replace("/opt/dragoman", str(home)).replace("/build", str(build)),
            shell=True,
            cwd=build,
            env={"PATH": os.environ["PATH"], "COMPILED": "0"},
            check=True,
            timeout=290,
        )

    done = subprocess.run(
        [str(home / "bin" / "dragoman"), "analyze", "streams/data/sample/wire.jsonl"],
        cwd=build,
        capture_output=True,
        text=True,
        check=True,
    )
    golden = ROOT / "tests" / "golden" / "sample-readings.jsonl"
    assert done.stdout == golden.read_text()


@pytest.fixture
def page() -> Iterator[tuple[int, list[int]]]:
    """A port, and the status that it answers with."""
    status = [200]

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status[0] if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port, status
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_health_check_tells_a_page_from_none_and_from_a_failing_one(
    page: tuple[int, list[int]],
) -> None:
    port, status = page

    def check(*arguments: str, **variables: str) -> int:
        return subprocess.run(
            [sys.executable, str(HEALTH), *arguments],
            env=variables,
            capture_output=True,
            timeout=30,
            check=False,
        ).returncode

    assert check(str(port)) == 0
    assert check(DRAGOMAN_WEB_PORT=str(port)) == 0
    status[0] = 503
    assert check(str(port)) == 1
    assert check("1") == 1
