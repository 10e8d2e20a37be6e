"""Who may speak to whom: NetworkPolicies as a network reads them, for our pods, the operators' and other namespaces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.workloads import selects, workloads

NAME = "kubernetes.io/metadata.name"
DATABASE, CLUSTER = "PerconaServerMongoDB", "Kafka"
GATEWAY, MONITORING, STRIMZI, PERCONA, KEDA = "envoy-gateway-system", "monitoring", "strimzi", "psmdb", "keda"
NAMESPACES = frozenset({"kube-system", "observability", GATEWAY, MONITORING, STRIMZI, PERCONA, KEDA})
"""The namespaces of others that a policy may name: docs/kubernetes.md installs the operators there."""
REPLICATION, CONTROL, MONGODB = 9090, 9091, 27017
Port = int | str


@dataclass(frozen=True)
class Pods:
    """Pods that are alike; `ports` are their named ports. Without labels: all of another namespace."""

    title: str
    namespace: str
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)

    def number(self, port: Port) -> Port:
        return self.ports.get(port, port) if isinstance(port, str) else port


def pods(overlay: Overlay) -> list[Pods]:
    """Of workloads, and those that operators will make of what the overlay asks them for."""
    return [*_of_workloads(overlay), *_of_databases(overlay), *_of_clusters(overlay)]


def elsewhere(namespace: str) -> Pods:
    return Pods(f"Namespace/{namespace}", namespace)


def _of_workloads(overlay: Overlay) -> Iterator[Pods]:
    for each in workloads(overlay):
        opened = [port for container in each.containers for port in container.get("ports", [])]
        named = {str(port["name"]): int(port["containerPort"]) for port in opened if "name" in port}
        yield Pods(each.title, each.namespace, each.labels, named)


def _of_databases(overlay: Overlay) -> Iterator[Pods]:
    for each in overlay.of(DATABASE):
        labels = {"app.kubernetes.io/name": "percona-server-mongodb", "app.kubernetes.io/instance": _name(each)}
        yield Pods(title(each), namespace(each), labels)


def _of_clusters(overlay: Overlay) -> Iterator[Pods]:
    for each in overlay.of(CLUSTER):
        for part in ("kafka", "entity-operator"):
            labels = {"strimzi.io/cluster": _name(each), "strimzi.io/name": f"{_name(each)}-{part}"}
            yield Pods(f"{title(each)} {part}", namespace(each), labels)


def policies(overlay: Overlay) -> list[Json]:
    """Those of the overlay, and those that Strimzi will make of its listeners' peers."""
    return [*overlay.of("NetworkPolicy"), *(_of_strimzi(each) for each in overlay.of(CLUSTER))]


def _of_strimzi(cluster: Json) -> Json:
    kafka = {"podSelector": {"matchLabels": {"strimzi.io/name": f"{_name(cluster)}-kafka"}}}
    operator = {"podSelector": {"matchLabels": {"strimzi.io/name": f"{_name(cluster)}-entity-operator"}}}
    over = {"namespaceSelector": {"matchLabels": {NAME: STRIMZI}}}
    listeners = cluster["spec"]["kafka"].get("listeners", [])
    rules: list[Json] = [
        {"from": [kafka], "ports": [{"port": REPLICATION}]},
        {"from": [kafka, operator, over], "ports": [{"port": CONTROL}]},
        *({"from": each.get("networkPolicyPeers", []), "ports": [{"port": each["port"]}]} for each in listeners),
    ]
    spec = {**kafka, "policyTypes": ["Ingress"], "ingress": rules}
    return {"kind": cluster["kind"], "metadata": cluster["metadata"], "spec": spec}


def rules_of(policy: Json, direction: str) -> list[Json]:
    """A rule of a direction that the policy's types do not name counts for nothing."""
    spec = policy["spec"]
    return list(spec.get(direction, [])) if direction.capitalize() in spec.get("policyTypes", []) else []


def selected(policy: Json, known: list[Pods]) -> list[Pods]:
    return [each for each in known if _speaks_of(policy, each)]


def meant(peer: Json, policy: Json, known: list[Pods]) -> list[Pods]:
    return [each for each in known if _is(each, peer, policy)]


def lets_out(source: Pods, target: Pods, port: Port, overlay: Overlay) -> bool:
    """Nothing of ours keeps another namespace from asking. `port` as the target's policies or pods call it."""
    return source.namespace != target.namespace or _passes(source, target, "egress", target.number(port), overlay)


def lets_in(target: Pods, source: Pods, port: Port, overlay: Overlay) -> bool:
    return _passes(target, source, "ingress", target.number(port), overlay)


def leaves(source: Pods, port: int, overlay: Overlay) -> bool:
    """Whether it may leave the cluster at this port: to an address, or to anything."""
    rules = [rule for each in policies(overlay) if _speaks_of(each, source) for rule in rules_of(each, "egress")]
    open_ = [rule for rule in rules if any("ipBlock" in peer for peer in rule.get("to", [])) or not rule.get("to")]
    return any(port == each.get("port") for rule in open_ for each in rule.get("ports", []))


def _passes(own: Pods, other: Pods, direction: str, port: Port, overlay: Overlay) -> bool:
    listening = own if direction == "ingress" else other
    peers = "from" if direction == "ingress" else "to"
    for policy in (each for each in policies(overlay) if _speaks_of(each, own)):
        for rule in rules_of(policy, direction):
            known = not rule.get(peers) or any(_is(other, peer, policy) for peer in rule[peers])
            ports = {listening.number(each["port"]) for each in rule.get("ports", []) if "port" in each}
            if known and (port in ports or not rule.get("ports")):
                return True
    return False


def _speaks_of(policy: Json, those: Pods) -> bool:
    return namespace(policy) == those.namespace and selects(policy["spec"].get("podSelector"), those.labels)


def _is(those: Pods, peer: Json, policy: Json) -> bool:
    if "ipBlock" in peer:
        return False
    if "namespaceSelector" in peer:
        inside = selects(peer["namespaceSelector"], {NAME: those.namespace})
    else:
        inside = those.namespace == namespace(policy)
    return inside and selects(peer.get("podSelector"), those.labels)


def namespace(document: Json) -> str:
    return str(document["metadata"].get("namespace", ""))


def _name(document: Json) -> str:
    return str(document["metadata"]["name"])
