"""Where Apache Kafka's jars come from: pinned by deploy/kafka/pom.xml, copied once by Maven.

They lie in build/kafka/libs of the checkout, with a stamp that says which pom they belong to; a
changed pom has them fetched anew. Jars that are there need no Maven, only Java. Nothing here
knows how a broker is set up or started.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from streams.shell.brokers import BrokerNotInstalledError
from streams.shell.brokers.process import last_words

_CHECKOUT = Path(__file__).resolve().parents[3]
POM = _CHECKOUT / "deploy" / "kafka" / "pom.xml"
LOGGING = POM.with_name("log4j2.properties")
JARS = _CHECKOUT / "build" / "kafka" / "libs"

_STAMP = ".pom-sha256"
_FETCH_S = 600
_JAVA_AT_LEAST = 17  # Kafka 4 brokers need it: kafka.apache.org/documentation, "Java version"


def find_java() -> str:
    """The path of a Java that can run the broker. Raises BrokerNotInstalledError."""
    java = shutil.which("java")
    remedy = f"install a Java runtime, version {_JAVA_AT_LEAST} or newer (OpenJDK will do)"
    if java is None:
        raise BrokerNotInstalledError(f"Apache Kafka needs Java, and there is none: {remedy}")
    said = subprocess.run(  # noqa: S603 - the Java of this machine, fixed arguments
        [java, "-version"], capture_output=True, text=True, check=False, timeout=60
    ).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < _JAVA_AT_LEAST:
        first = said.strip().partition("\n")[0]
        raise BrokerNotInstalledError(f"{java} cannot run Apache Kafka ({first}): {remedy}")
    return java


def jars_are_here(pom: Path = POM, jars: Path = JARS) -> bool:
    """Whether the jars of this very pom have been copied.

    Raises BrokerNotInstalledError when there is no pom.
    """
    wanted, stamp = _digest(pom), jars / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


def fetch_jars(pom: Path = POM, jars: Path = JARS) -> Path:
    """The directory with the pom's jars, after copying them if they are not there.

    The copy takes seconds to minutes, needs Maven and a network or Maven's own cache, and
    raises BrokerNotInstalledError when any of it is missing. Several processes may fetch at
    once: each copies for itself, and the first to finish stays, as a broker may run from it.
    """
    if jars_are_here(pom, jars):
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerNotInstalledError(
            f"Apache Kafka's jars are not in {jars} and there is no Maven to copy them: install "
            "Maven (the command `mvn`), or bring that directory from a machine that has it"
        )
    fresh = jars.with_name(f"{jars.name}.{os.getpid()}")
    try:
        _copy(maven, pom, fresh)
        (fresh / _STAMP).write_text(_digest(pom), encoding="ascii")
        if not jars_are_here(pom, jars):
            shutil.rmtree(jars, ignore_errors=True)
            fresh.rename(jars)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return jars


def _copy(maven: str, pom: Path, into: Path) -> None:
    command = [
        *(maven, "--batch-mode", "--quiet", "--file", str(pom)),
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={into}",
    ]
    try:
        done = subprocess.run(  # noqa: S603 - the Maven of this machine, our own pom
            command, capture_output=True, text=True, check=False, timeout=_FETCH_S
        )
    except subprocess.TimeoutExpired:
        raise BrokerNotInstalledError(
            f"Maven did not bring Apache Kafka's jars within {_FETCH_S} s: see to the network, "
            f"or run it by hand: {' '.join(command)}"
        ) from None
    if done.returncode != 0:
        raise BrokerNotInstalledError(
            "Apache Kafka's jars could not be brought; Maven says:\n"
            f"{last_words(done.stdout + done.stderr)}\n"
            f"See to the network or to Maven's settings.xml, and try: {' '.join(command)}"
        )


def _digest(pom: Path) -> str:
    try:
        return hashlib.sha256(pom.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise BrokerNotInstalledError(
            f"{pom} is not there: a local Apache Kafka needs Dragoman's checkout, installed with "
            "`pip install --editable`; with the package alone, give DRAGOMAN_BROKER a cluster"
        ) from None
