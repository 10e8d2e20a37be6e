"""A way through the network has two ends: what one policy lets out another lets in; nobody who is needed is cut off."""

from collections.abc import Iterator

from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.rules.reaching import ASKED
from tools.kubernetes.traffic import (
    CONTROL,
    GATEWAY,
    KEDA,
    MONGODB,
    MONITORING,
    NAME,
    NAMESPACES,
    PERCONA,
    REPLICATION,
    Pods,
    elsewhere,
    leaves,
    lets_in,
    lets_out,
    meant,
    namespace,
    pods,
    policies,
    rules_of,
    selected,
)
from tools.kubernetes.workloads import Workload, of_services, selects, workloads

PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]
Way = tuple[Pods, Pods, int | str]


def policies_speak_of_somebody(overlay: Overlay) -> Iterator[str]:
    """A policy without pods, or a peer that nobody is, is a slip of a label."""
    known = pods(overlay)
    for policy in overlay.of("NetworkPolicy"):
        if not selected(policy, known):
            yield f"{title(policy)}: selects no pod"
    for policy in policies(overlay):
        for peer in (each for _, each, _ in _rules(policy) if "podSelector" in each):
            if "namespaceSelector" not in peer and not meant(peer, policy, known):
                yield f"{title(policy)}: a peer of it is no pod here: {peer['podSelector']}"


def both_ends_agree(overlay: Overlay) -> Iterator[str]:
    """Each way that a policy opens between pods of the overlay, its other end opens too."""
    known = pods(overlay)
    for policy in policies(overlay):
        for direction, peer, port in _rules(policy):
            for own in selected(policy, known):
                for other in meant(peer, policy, known):
                    yield from _one_sided(title(policy), direction, (own, other, port), overlay)


def _one_sided(policy: str, direction: str, way: Way, overlay: Overlay) -> Iterator[str]:
    own, other, port = way
    if direction == "egress" and not lets_in(other, own, port, overlay):
        yield f"{policy}: lets {own.title} out to {other.title}:{port}, which does not let it in"
    if direction == "ingress" and not lets_out(other, own, port, overlay):
        yield f"{policy}: lets {other.title} in at {own.title}:{port}, and nothing lets it out"


def needed_ways_are_open(overlay: Overlay) -> Iterator[str]:
    """Also where both ends are missing: databases and brokers among themselves, operators, gateway, monitoring."""
    for source, target, port in _needed(overlay):
        if not lets_out(source, target, port, overlay):
            yield f"{source.title}: no NetworkPolicy lets it out to {target.title}:{port}"
        if not lets_in(target, source, port, overlay):
            yield f"{target.title}: no NetworkPolicy lets {source.title} in at {port}"


def operators_pods_reach_the_outside(overlay: Overlay) -> Iterator[str]:
    """A database with backups its storage, Strimzi's entity operator the API server."""
    known = {each.title: each for each in pods(overlay)}
    kept = [title(each) for each in overlay.of("PerconaServerMongoDB") if each["spec"].get("backup", {}).get("enabled")]
    for name in (*kept, *(each for each in known if each.endswith(" entity-operator"))):
        if not leaves(known[name], 443, overlay):
            yield f"{name}: no NetworkPolicy lets it out of the cluster (443)"


def namespaces_are_called_by_their_names(overlay: Overlay) -> Iterator[str]:
    """One label, one name that is installed: a misspelt one lets nobody in, an empty one everybody."""
    for policy in policies(overlay):
        for _, peer, _ in _rules(policy):
            asked = peer.get("namespaceSelector")
            if asked is not None and (set(asked) != {"matchLabels"} or set(asked["matchLabels"]) != {NAME}):
                yield f"{title(policy)}: a namespace is chosen by {NAME} alone"
            elif asked and (name := asked["matchLabels"][NAME]) not in NAMESPACES:
                yield f"{title(policy)}: namespace {name!r} is none of {', '.join(sorted(NAMESPACES))}"


def outside_is_not_inside(overlay: Overlay) -> Iterator[str]:
    """Who may go to any address may not go to private ones."""
    for policy in overlay.of("NetworkPolicy"):
        for block in (peer["ipBlock"] for _, peer, _ in _rules(policy) if "ipBlock" in peer):
            if block["cidr"] == "0.0.0.0/0" and (missing := sorted(set(PRIVATE) - set(block.get("except", [])))):
                yield f"{title(policy)}: any address without except {', '.join(missing)}"


def _rules(policy: Json) -> Iterator[tuple[str, Json, int | str]]:
    """Direction, peer and port of each way; rules without a peer or a port are another rule's."""
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for rule in rules_of(policy, direction):
            for peer in rule.get(peers, []):
                yield from ((direction, peer, each["port"]) for each in rule.get("ports", []) if "port" in each)


def _needed(overlay: Overlay) -> Iterator[Way]:
    known = {each.title: each for each in pods(overlay)}
    for each in overlay.of("PerconaServerMongoDB"):
        database = known[title(each)]
        yield database, database, MONGODB
        yield elsewhere(PERCONA), database, MONGODB
        yield from ((who, database, MONGODB) for who in _of_service(str(each["metadata"]["name"]), overlay, known))
    for each in overlay.of("Kafka"):
        yield from _of_kafka(each, overlay, known)
    yield from _of_processes(overlay, known)


def _of_service(database: str, overlay: Overlay, known: dict[str, Pods]) -> list[Pods]:
    """Whose database it is: `orders-db` is asked by all that is called orders."""
    name = database.removesuffix("-db")
    return [known[each.title] for each in workloads(overlay) if each.labels.get("app.kubernetes.io/name") == name]


def _of_kafka(cluster: Json, overlay: Overlay, known: dict[str, Pods]) -> Iterator[Way]:
    kafka, operator = known[f"{title(cluster)} kafka"], known[f"{title(cluster)} entity-operator"]
    yield from ((kafka, kafka, port) for port in (REPLICATION, CONTROL))
    yield operator, kafka, CONTROL
    asking = [known[each.title] for each in workloads(overlay) if _asks_kafka(each)]
    watching = [elsewhere(KEDA)] if overlay.of("ScaledObject") else []
    for listener in cluster["spec"]["kafka"].get("listeners", []):
        yield from ((each, kafka, int(listener["port"])) for each in (*asking, *watching))


def _asks_kafka(workload: Workload) -> bool:
    tools = any(program.module.startswith("tools.") for program in workload.programs)
    return tools or bool(set(ASKED["KAFKA_BOOTSTRAP_SERVERS"]) & set(workload.roles))


def _of_processes(overlay: Overlay, known: dict[str, Pods]) -> Iterator[Way]:
    """The gateway asks whatever is routed to, monitoring every process."""
    watched = bool(overlay.of("PodMonitor", "PrometheusRule"))
    for workload in of_services(overlay) if watched else []:
        yield elsewhere(MONITORING), known[workload.title], "http"
    routed = {
        (namespace(route), backend["name"])
        for route in overlay.of("HTTPRoute")
        for rule in route["spec"].get("rules", [])
        for backend in rule.get("backendRefs", [])
    }
    for service in (each for each in overlay.of("Service") if (namespace(each), each["metadata"]["name"]) in routed):
        selector = {"matchLabels": service["spec"].get("selector", {})}
        for those in known.values():
            if those.namespace == namespace(service) and selects(selector, those.labels):
                yield elsewhere(GATEWAY), those, service["spec"]["ports"][0].get("targetPort", 0)
