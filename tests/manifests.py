"""Rules for Kubernetes manifests that no schema has: names lead to something, nobody is root.

Each rule gives faults in words, so that a test can plant one and see it told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from deployed import parse_command, unknown_settings

from schemas.topics import TOPICS
from streams.shell.agents import HOPS
from streams.shell.app import SOURCES

Manifest = dict[str, Any]
Manifests = Sequence[Manifest]
WORKLOADS = ("Deployment", "StatefulSet", "Job")
TABLELESS = {"parse"}


def workloads(manifests: Manifests) -> Iterator[Manifest]:
    yield from (each for each in manifests if each["kind"] in WORKLOADS)


def name_of(manifest: Manifest) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


def pod_of(workload: Manifest) -> dict[str, Any]:
    pod: dict[str, Any] = workload["spec"]["template"]["spec"]
    return pod


def container_of(workload: Manifest) -> dict[str, Any]:
    (container,) = pod_of(workload)["containers"]
    assert isinstance(container, dict)
    return container


def is_ours(workload: Manifest) -> bool:
    return str(container_of(workload)["image"]).startswith("dragoman:")


def labels_of(workload: Manifest) -> dict[str, str]:
    labels: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return labels


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector takes these labels; knows the operator In alone."""
    wanted = selector.get("matchLabels", {}).items()
    among = selector.get("matchExpressions", ())
    return wanted <= labels.items() and all(labels.get(e["key"]) in e["values"] for e in among)


def ports_of(workload: Manifest) -> dict[str, int]:
    return {port["name"]: port["containerPort"] for port in container_of(workload).get("ports", ())}


def environment_of(workload: Manifest, manifests: Manifests) -> dict[str, str]:
    """The variables as the container has them; what comes from elsewhere is a word in its place."""
    maps = {m["metadata"]["name"]: m.get("data", {}) for m in named(manifests, "ConfigMap")}
    container = container_of(workload)
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        found |= maps.get(source["configMapRef"]["name"], {})
    for each in container.get("env", ()):
        found[each["name"]] = each.get("value", "from-elsewhere")
    return found


def named(manifests: Manifests, kind: str) -> list[Manifest]:
    return [each for each in manifests if each["kind"] == kind]


def hops_of(workload: Manifest) -> set[str]:
    arguments = container_of(workload).get("args", [])
    if arguments[:1] != ["worker"]:
        return set()
    return set(arguments[2].split(",")) if "--only" in arguments else set(HOPS)


def faults(manifests: Manifests) -> list[str]:
    """All that is wrong."""
    return [fault for rule in RULES for fault in rule(manifests)]


def _names(manifests: Manifests) -> Iterator[str]:
    seen = [name_of(each) for each in manifests]
    yield from (f"{name} is there twice" for name in set(seen) if seen.count(name) > 1)
    yield from (
        f"{name_of(each)} is in no namespace of ours"
        for each in manifests
        if each["metadata"].get("namespace") != "dragoman"
    )


def _selectors(manifests: Manifests) -> Iterator[str]:
    for each in workloads(manifests):
        if each["kind"] != "Job" and not selects(each["spec"]["selector"], labels_of(each)):
            yield f"{name_of(each)} does not select its own pods"
        wanted = each["spec"].get("serviceName")
        if wanted and wanted not in [s["metadata"]["name"] for s in named(manifests, "Service")]:
            yield f"{name_of(each)} has no service {wanted}"
    for each in (*named(manifests, "PodDisruptionBudget"), *named(manifests, "Service")):
        selector = each["spec"]["selector"]
        match = selector if "matchLabels" in selector else {"matchLabels": selector}
        chosen = [w for w in workloads(manifests) if selects(match, labels_of(w))]
        if len(chosen) != 1:
            yield f"{name_of(each)} selects {len(chosen)} workloads"
            continue
        for port in each["spec"].get("ports", ()):
            if ports_of(chosen[0]).get(port["targetPort"]) != port["port"]:
                yield f"{name_of(each)}: port {port} is none of {name_of(chosen[0])}"


def _policies(manifests: Manifests) -> Iterator[str]:
    policies = named(manifests, "NetworkPolicy")
    for each in policies:
        chosen = [
            w for w in workloads(manifests) if selects(each["spec"]["podSelector"], labels_of(w))
        ]
        if not chosen:
            yield f"{name_of(each)} is about no pod"
        for rule in each["spec"].get("ingress", ()):
            for port in rule["ports"]:
                yield from (
                    f"{name_of(each)}: {name_of(w)} has no port {port['port']}"
                    for w in chosen
                    if port["port"] not in ports_of(w)
                )
    closed = [p for p in policies if "ingress" not in p["spec"] and "egress" not in p["spec"]]
    for each in workloads(manifests):
        if is_ours(each) and not any(
            selects(p["spec"]["podSelector"], labels_of(each)) for p in closed
        ):
            yield f"{name_of(each)} is under no policy that closes it"


def _references(manifests: Manifests) -> Iterator[str]:
    maps = {m["metadata"]["name"] for m in named(manifests, "ConfigMap")}
    for each in workloads(manifests):
        pod, container = pod_of(each), container_of(each)
        asked = {s["configMapRef"]["name"] for s in container.get("envFrom", ())}
        asked |= {v["configMap"]["name"] for v in pod.get("volumes", ()) if "configMap" in v}
        yield from (f"{name_of(each)}: there is no config map {name}" for name in asked - maps)
        volumes = {v["name"] for v in pod.get("volumes", ())}
        volumes |= {v["metadata"]["name"] for v in each["spec"].get("volumeClaimTemplates", ())}
        mounted = {m["name"] for m in container.get("volumeMounts", ())}
        for name in volumes ^ mounted:
            yield f"{name_of(each)}: volume {name} is mounted and not there, or the other way"
        for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
            probe = container.get(kind, {})
            handler = probe.get("httpGet") or probe.get("tcpSocket")
            if each["kind"] != "Job" and handler is None:
                yield f"{name_of(each)} has no {kind}"
            elif handler is not None and handler["port"] not in ports_of(each):
                yield f"{name_of(each)}: {kind} asks a port that is not there"
            elif kind == "livenessProbe" and handler and "readyz" in handler.get("path", ""):
                yield f"{name_of(each)} is killed while it reads its tables back"
    accounts = {a["metadata"]["name"] for a in named(manifests, "ServiceAccount")}
    for each in workloads(manifests):
        if pod_of(each).get("serviceAccountName", "default") not in accounts | {"default"}:
            yield f"{name_of(each)}: there is no such service account"


def _rights(manifests: Manifests) -> Iterator[str]:
    for each in workloads(manifests):
        pod, container = pod_of(each), container_of(each)
        whole, own = pod.get("securityContext", {}), container.get("securityContext", {})
        wanted = {
            "may run as root": whole.get("runAsNonRoot") is True and whole.get("runAsUser", 0) > 0,
            "has no seccomp profile": whole.get("seccompProfile") == {"type": "RuntimeDefault"},
            "may gain rights": own.get("allowPrivilegeEscalation") is False,
            "has capabilities": own.get("capabilities") == {"drop": ["ALL"]},
            "may write to its root": own.get("readOnlyRootFilesystem") is True or not is_ours(each),
            "has a token of the cluster": pod.get("automountServiceAccountToken") is False,
            "is given variables of services": pod.get("enableServiceLinks") is False,
            "asks for no memory": "memory" in container["resources"].get("requests", {}),
            "may take all memory": "memory" in container["resources"].get("limits", {}),
        }
        yield from (f"{name_of(each)} {fault}" for fault, holds in wanted.items() if not holds)


def _ours(manifests: Manifests) -> Iterator[str]:
    for each in filter(is_ours, workloads(manifests)):
        unknown = unknown_settings(environment_of(each, manifests))
        yield from (f"{name_of(each)}: there is no setting {name}" for name in unknown)
        parse_command(container_of(each)["args"])
        if hops_of(each) - TABLELESS and each["kind"] != "StatefulSet":
            yield f"{name_of(each)} keeps tables and has no disk of its own"
    run = [hop for each in workloads(manifests) for hop in hops_of(each)]
    yield from (f"the hop {hop} is run {run.count(hop)} times" for hop in HOPS if hop not in run)


def _enough_partitions(manifests: Manifests) -> Iterator[str]:
    for each in filter(hops_of, workloads(manifests)):
        partitions = int(environment_of(each, manifests).get("DRAGOMAN_PARTITIONS", "4"))
        if each["spec"].get("replicas", 1) > partitions:
            yield f"{name_of(each)}: more workers than partitions"
        standby = int(environment_of(each, manifests).get("DRAGOMAN_STANDBY_REPLICAS", "0"))
        if standby >= each["spec"].get("replicas", standby + 1):
            yield f"{name_of(each)}: nobody is left to keep the copies"


def _groups(manifests: Manifests) -> Iterator[str]:
    """Copies are kept only where all workers of a group run the same hops."""
    groups: dict[str, list[Manifest]] = {}
    for each in filter(hops_of, workloads(manifests)):
        app = environment_of(each, manifests).get("DRAGOMAN_APP_ID", "dragoman")
        groups.setdefault(app, []).append(each)
    for app, members in groups.items():
        copies = [environment_of(m, manifests).get("DRAGOMAN_STANDBY_REPLICAS") for m in members]
        if any(int(each or 0) for each in copies) and any(
            hops_of(members[0]) != hops_of(m) for m in members
        ):
            yield f"the group {app} keeps copies and runs different hops"


def _scaling(manifests: Manifests) -> Iterator[str]:
    targets = {(w["kind"], w["metadata"]["name"]): w for w in workloads(manifests)}
    topics = {topic.name for topic in TOPICS}
    known = {m["metadata"]["name"] for m in named(manifests, "TriggerAuthentication")}
    for each in named(manifests, "ScaledObject"):
        spec = each["spec"]
        target = targets.get((spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"]))
        if target is None:
            yield f"{name_of(each)} scales nothing"
            continue
        environment = environment_of(target, manifests)
        if "replicas" in target["spec"]:
            yield f"{name_of(each)} and a manifest both say how many"
        if spec["maxReplicaCount"] > int(environment.get("DRAGOMAN_PARTITIONS", "4")):
            yield f"{name_of(each)}: more workers than partitions"
        for trigger in spec["triggers"]:
            said = trigger["metadata"]
            if said["topic"] not in topics & {SOURCES[h].name for h in hops_of(target)}:
                yield f"{name_of(each)}: {said['topic']} is not read by {name_of(target)}"
            if said["consumerGroup"] != environment.get("DRAGOMAN_APP_ID", "dragoman"):
                yield f"{name_of(each)}: another group"
            if said["bootstrapServers"] != environment.get("DRAGOMAN_BROKER"):
                yield f"{name_of(each)}: other brokers"
            if trigger["authenticationRef"]["name"] not in known:
                yield f"{name_of(each)}: no such authentication"


RULES: tuple[Callable[[Manifests], Iterator[str]], ...] = (
    _names,
    _selectors,
    _policies,
    _references,
    _rights,
    _ours,
    _enough_partitions,
    _groups,
    _scaling,
)
