"""Who may reach whom: nobody by default, and each workload by a policy of its own."""

from collections.abc import Iterator

from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.workloads import Workload, concerns, policies_of, ports_out, workloads

DIRECTIONS = ["Egress", "Ingress"]
NAMES = 53


def namespaces_deny_by_default(overlay: Overlay) -> Iterator[str]:
    """A policy that selects every pod, speaks of both directions and allows none."""
    closed = {each["metadata"].get("namespace", "") for each in overlay.of("NetworkPolicy") if _denies(each["spec"])}
    for namespace in sorted({workload.namespace for workload in workloads(overlay)} - closed):
        yield f"Namespace/{namespace}: has no NetworkPolicy that denies everything by default"


def _denies(spec: Json) -> bool:
    nothing = not spec.get("podSelector") and not spec.get("ingress") and not spec.get("egress")
    return nothing and sorted(spec.get("policyTypes", [])) == DIRECTIONS


def workloads_have_a_network_policy(overlay: Overlay) -> Iterator[str]:
    """A role of a service has one that selects it alone; a job may share one, but not that of all pods."""
    named = [each for each in overlay.of("NetworkPolicy") if each["spec"].get("podSelector")]
    running = workloads(overlay)
    for policy in (each for each in named if _selected(each, running)):
        yield from _open_doors(policy)
    for workload in running:
        selecting = [each for each in named if concerns(each, workload, each["spec"]["podSelector"])]
        own = [each for each in selecting if _selected(each, running) == [workload.title]]
        if not (own if workload.service else selecting):
            yield f"{workload.title}: no NetworkPolicy of its own selects it"


def _selected(policy: Json, running: list[Workload]) -> list[str]:
    return [each.title for each in running if concerns(policy, each, policy["spec"]["podSelector"])]


def _open_doors(policy: Json) -> Iterator[str]:
    """A rule without a peer or without a port lets everybody through, or anything."""
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for rule in policy["spec"].get(direction, []):
            if not rule.get(peers) or not rule.get("ports"):
                yield f"{title(policy)}: a rule of {direction} without {peers} or ports is open"


def names_can_be_asked_for(overlay: Overlay) -> Iterator[str]:
    """Without the port of DNS a pod finds nobody, whatever else it may reach."""
    for workload in workloads(overlay):
        if NAMES not in ports_out(workload, overlay):
            yield f"{workload.title}: no NetworkPolicy lets it ask for names ({NAMES})"


def routes_lead_to_pods_that_let_them_in(overlay: Overlay) -> Iterator[str]:
    """Each backend of an HTTPRoute is a Service of the overlay, whose pods hear another namespace: the gateway's."""
    services = {
        (each["metadata"].get("namespace", ""), each["metadata"]["name"]): each for each in overlay.of("Service")
    }
    for route in overlay.of("HTTPRoute"):
        backends = [each for rule in route["spec"].get("rules", []) for each in rule.get("backendRefs", [])]
        for name, port in sorted({(each["name"], each.get("port")) for each in backends}):
            service = services.get((route["metadata"].get("namespace", ""), name))
            if not service or port not in {each["port"] for each in service["spec"]["ports"]}:
                yield f"{title(route)}: leads to {name}:{port}, which is no Service here"
            else:
                yield from _shut(service, overlay)


def _shut(service: Json, overlay: Overlay) -> Iterator[str]:
    selector = {"matchLabels": service["spec"].get("selector", {})}
    for workload in (each for each in workloads(overlay) if concerns(service, each, selector)):
        own = [each["spec"] for each in policies_of(workload, overlay)]
        peers = [peer for spec in own for rule in spec.get("ingress", []) for peer in rule.get("from", [])]
        if not any("namespaceSelector" in peer for peer in peers):
            yield f"{workload.title}: is routed to, and no NetworkPolicy lets another namespace in"
