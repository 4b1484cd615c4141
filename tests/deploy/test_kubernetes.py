"""deploy/kubernetes, built by kustomize itself and held against Kubernetes' schemas and our rules.

No cluster is asked for anything. KEDA's schemas are not to be had offline: of its objects only what
our rules know is checked.
"""

import copy
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from deployed import IMAGES_PINNED, ROOT, check_settings, tool
from manifests import (
    Manifest,
    container_of,
    environment_of,
    faults,
    hops_of,
    is_ours,
    name_of,
    named,
    pod_of,
    workloads,
)

from streams.shell.agents import HOPS
from streams.shell.intake.entries import load_sources

FOLDER = ROOT / "deploy" / "kubernetes"
KUBERNETES = "1.37"
BUILT = ("one-node", "production", "scaling")


@cache
def _text(which: str) -> str:
    folder = FOLDER / "overlays" / which
    if which != "scaling":
        return _kustomize(folder)
    # As the production overlay says to add it.
    folder = FOLDER / "overlays" / "production"
    whole = yaml.safe_load((folder / "kustomization.yaml").read_text())
    whole["components"] = ["../../components/scaling"]
    return _kustomize(folder, yaml.safe_dump(whole))


def _kustomize(folder: Path, instead: str | None = None) -> str:
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(FOLDER, f"{place}/kubernetes")
        there = Path(place) / "kubernetes" / folder.relative_to(FOLDER)
        if instead is not None:
            (there / "kustomization.yaml").write_text(instead)
        done = subprocess.run(
            [tool("kubectl"), "kustomize", str(there)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def built(which: str) -> list[Manifest]:
    """The manifests of an overlay; `scaling` is production with that component."""
    return copy.deepcopy(_parsed(which))


@cache
def _parsed(which: str) -> list[Manifest]:
    return list(yaml.load_all(_text(which), yaml.CSafeLoader))


def find(manifests: list[Manifest], name: str) -> Any:
    return next(each for each in manifests if name_of(each) == name)


@pytest.mark.parametrize("which", ["one-node", "scaling"])
def test_every_manifest_is_as_kubernetes_wants_it_to_the_last_key(which: str) -> None:
    for manifest in built(which):
        if not manifest["apiVersion"].startswith("keda.sh/"):
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_a_key_that_kubernetes_does_not_know_is_refused() -> None:
    worker = find(built("one-node"), "StatefulSet/dragoman-worker")
    worker["spec"]["template"]["spec"]["enableServiceLink"] = False

    with pytest.raises(kubernetes_validate.ValidationError, match="enableServiceLink"):
        kubernetes_validate.validate(worker, KUBERNETES, strict=True)


@pytest.mark.parametrize("which", BUILT)
def test_all_names_lead_somewhere_and_nobody_may_more_than_needed(which: str) -> None:
    assert faults(built(which)) == []


def _worker(manifests: list[Manifest]) -> Any:
    return find(manifests, "StatefulSet/dragoman-worker")


def _unset(path: str) -> Callable[[list[Manifest]], None]:
    def plant(manifests: list[Manifest]) -> None:
        *way, last = path.split(".")
        place = pod_of(_worker(manifests))
        for step in way:
            place = place[int(step) if step.isdecimal() else step]
        del place[last]

    return plant


def _set(name: str, path: str, value: object) -> Callable[[list[Manifest]], None]:
    def plant(manifests: list[Manifest]) -> None:
        *way, last = path.split(".")
        place = find(manifests, name)
        for step in way:
            place = place[int(step) if step.isdecimal() else step]
        place[int(last) if last.isdecimal() else last] = value

    return plant


CONTAINER = "spec.template.spec.containers.0"


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (_unset("enableServiceLinks"), "is given variables of services"),
        (_unset("securityContext.runAsNonRoot"), "may run as root"),
        (_unset("securityContext.seccompProfile"), "seccomp"),
        (_unset("containers.0.securityContext.readOnlyRootFilesystem"), "write to its root"),
        (_unset("containers.0.resources.limits"), "all memory"),
        (_unset("containers.0.startupProbe"), "has no startupProbe"),
        (_unset("volumes"), "volume tmp is mounted"),
        (
            _set("Service/dragoman-worker", "spec.ports.0.port", 6067),
            "is none of StatefulSet/dragoman-worker",
        ),
        (
            _set("PodDisruptionBudget/dragoman-parse", "spec.selector.matchLabels", {"a": "b"}),
            "selects 0 workloads",
        ),
        (
            _set("NetworkPolicy/dragoman-push", "spec.ingress.0.ports.0.port", "pull"),
            "no port pull",
        ),
        (
            _set(
                "StatefulSet/dragoman-worker",
                f"{CONTAINER}.envFrom.0.configMapRef.name",
                "dragoman-setting",
            ),
            "there is no config map",
        ),
        (
            _set("StatefulSet/dragoman-worker", f"{CONTAINER}.env.1.name", "DRAGOMAN_STOER"),
            "there is no setting DRAGOMAN_STOER",
        ),
        (
            _set(
                "StatefulSet/dragoman-worker", f"{CONTAINER}.livenessProbe.httpGet.path", "/readyz"
            ),
            "is killed while",
        ),
        (
            _set("Deployment/dragoman-parse", f"{CONTAINER}.args.2", "parse,fold"),
            "keeps tables and has no disk",
        ),
        (
            _set("StatefulSet/dragoman-worker", f"{CONTAINER}.args.2", "read,fold"),
            "the hop deliver is run 0 times",
        ),
        (_set("StatefulSet/dragoman-worker", "spec.replicas", 13), "more workers than partitions"),
        (
            _set("Deployment/dragoman-parse", f"{CONTAINER}.env.0.value", "dragoman"),
            "the group dragoman keeps copies and runs different hops",
        ),
        (_set("StatefulSet/dragoman-worker", "spec.replicas", 1), "nobody is left to keep"),
        (
            _set("ScaledObject/dragoman-parse", "spec.triggers.0.metadata.topic", "alerts.v1"),
            "is not read by",
        ),
        (_set("ScaledObject/dragoman-parse", "spec.maxReplicaCount", 13), "more workers than"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_told(plant: Callable[[list[Manifest]], None], told: str) -> None:
    manifests = built("scaling")
    plant(manifests)

    assert any(told in fault for fault in faults(manifests)), faults(manifests)


def test_a_command_that_is_none_is_refused_as_the_command_line_does() -> None:
    manifests = built("one-node")
    container_of(_worker(manifests))["args"] = ["worker", "--olny", "read"]

    with pytest.raises(Exception, match="--olny"):
        faults(manifests)


@pytest.mark.parametrize("which", BUILT)
def test_every_process_of_ours_would_start_on_its_settings(which: str, tmp_path: Path) -> None:
    manifests = built(which)
    for each in filter(is_ours, workloads(manifests)):
        check_settings(environment_of(each, manifests), tmp_path / each["metadata"]["name"])


@pytest.mark.parametrize("which", BUILT)
def test_images_of_others_are_pinned_by_version_and_digest(which: str) -> None:
    for each in workloads(built(which)):
        image = container_of(each)["image"]
        assert re.match(IMAGES_PINNED, image) or image == "dragoman:0.1.0", name_of(each)


def test_workers_with_tables_keep_them_on_disks_and_with_each_other() -> None:
    manifests = built("production")
    worker = _worker(manifests)
    environment = environment_of(worker, manifests)

    assert hops_of(worker) == set(HOPS) - {"parse"}
    assert (environment["DRAGOMAN_STORE"], environment["DRAGOMAN_STANDBY_REPLICAS"]) == (
        "rocksdb",
        "1",
    )
    assert environment["DRAGOMAN_GROUP_INSTANCE_ID"] == "from-elsewhere"
    (mount,) = [m for m in container_of(worker)["volumeMounts"] if m["name"] == "tables"]
    assert environment["DRAGOMAN_DATA_DIR"].startswith(mount["mountPath"] + "/")


@pytest.mark.parametrize("which", BUILT)
def test_no_secret_is_in_a_manifest_and_each_that_is_asked_for_is_explained(which: str) -> None:
    manifests = built(which)
    overlay = "production" if which == "scaling" else which
    explained = (FOLDER / "overlays" / overlay / "kustomization.yaml").read_text()
    asked = set(_secrets(manifests))

    assert named(manifests, "Secret") == []
    assert asked
    for name in asked:
        component = name.removeprefix("dragoman-broker-")
        assert name in explained or re.search(rf"\b{component}\b", explained), name


def _secrets(node: Any) -> list[str]:
    """Names of secrets, wherever they are referred to."""
    found: list[str] = []
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "secretKeyRef":
                found.append(value["name"])
            elif key == "secretName":
                found.append(value)
            elif key == "secretTargetRef":
                found += [each["name"] for each in value]
            else:
                found += _secrets(value)
    elif isinstance(node, list):
        found += [name for each in node for name in _secrets(each)]
    return found


def test_the_sources_can_be_used(tmp_path: Path) -> None:
    text = find_sources(built("production"))
    key = tmp_path / "desk"
    key.write_text("a-key-that-is-long-enough-to-be-one")
    file = tmp_path / "sources.toml"
    file.write_text(text.replace("/run/secrets/dragoman/push/desk", str(key)))

    assert [source.name for source in load_sources(file)] == ["desk"]
    assert str(key) in file.read_text()


def find_sources(manifests: list[Manifest]) -> str:
    (found,) = [
        m["data"]["sources.toml"] for m in named(manifests, "ConfigMap") if "sources" in name_of(m)
    ]
    return str(found)


def test_the_trial_s_kafka_is_told_what_the_one_of_compose_is() -> None:
    """Kafka itself judges that one (tests/deploy/test_compose.py)."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    compose = services["kafka"]["environment"]
    env = container_of(find(built("one-node"), "StatefulSet/kafka"))["env"]
    trial = {each["name"]: each["value"] for each in env}

    assert trial.keys() == compose.keys()
    assert {key for key in trial if trial[key] != compose[key]} == {
        "CLUSTER_ID",
        "KAFKA_LISTENERS",
        "KAFKA_ADVERTISED_LISTENERS",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
        "KAFKA_CONTROLLER_QUORUM_VOTERS",
        "KAFKA_LOG_DIRS",
    }
