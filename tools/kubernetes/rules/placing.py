"""Where pods are and how they are found: namespaces, spread, disruption, selectors."""

from collections.abc import Iterator

from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.workloads import Workload, concerns, of_services, selects, workloads

ENFORCED = "pod-security.kubernetes.io/enforce"


def namespaces_are_restricted(overlay: Overlay) -> Iterator[str]:
    """Pod Security `restricted`, enforced; nothing of ours runs in a namespace that the overlay does not bring."""
    brought = {each["metadata"]["name"]: each["metadata"].get("labels", {}) for each in overlay.of("Namespace")}
    for name, labels in brought.items():
        if labels.get(ENFORCED) != "restricted":
            yield f"Namespace/{name}: needs the label {ENFORCED}: restricted"
    for workload in workloads(overlay):
        if workload.namespace not in brought:
            yield f"{workload.title}: runs in namespace {workload.namespace!r}, which the overlay does not bring"


def workloads_survive_a_drain(overlay: Overlay) -> Iterator[str]:
    """Exactly one PodDisruptionBudget each, and one that lets a node be drained."""
    budgets = overlay.of("PodDisruptionBudget")
    for workload in workloads(overlay):
        own = [each for each in budgets if concerns(each, workload, each["spec"].get("selector"))]
        if workload.lasting and len(own) != 1:
            yield f"{workload.title}: {len(own)} PodDisruptionBudgets select it, not one"
        for budget in own:
            yield from _room(budget, fewest(workload, overlay))


def _room(budget: Json, replicas: int) -> Iterator[str]:
    spec = budget["spec"]
    needed = spec.get("minAvailable")
    if spec.get("maxUnavailable") in {0, "0%"} or needed == "100%":
        yield f"{title(budget)}: no node could ever be drained"
    elif isinstance(needed, int) and needed >= replicas:
        yield f"{title(budget)}: minAvailable {needed} of {replicas} leaves no pod to move"


def fewest(workload: Workload, overlay: Overlay) -> int:
    """Its replicas, or the fewest that an autoscaler leaves it."""
    for scaler in overlay.of("ScaledObject", "HorizontalPodAutoscaler"):
        if scaler["spec"]["scaleTargetRef"]["name"] == workload.name:
            return int(scaler["spec"].get("minReplicaCount", scaler["spec"].get("minReplicas", 1)))
    return workload.replicas


def pods_are_spread(overlay: Overlay) -> Iterator[str]:
    """Of one service and role, by a selector that is really its own."""
    for workload in of_services(overlay):
        constraints = workload.spec.get("topologySpreadConstraints", [])
        if not any(_counts(each, workload, workload) for each in constraints):
            yield f"{workload.title}: no topologySpreadConstraint selects its own pods"
        others = [other for other in of_services(overlay) if other.title != workload.title]
        for each in constraints:
            if caught := [other.title for other in others if _counts(each, workload, other)]:
                yield f"{workload.title}: its spread also counts {', '.join(caught)}"


def _counts(constraint: Json, workload: Workload, other: Workload) -> bool:
    """Whether the constraint of one counts the pods of the other: the labels it names have to be equal besides."""
    same = [workload.labels.get(key) == other.labels.get(key) for key in constraint.get("matchLabelKeys", [])]
    return all(same) and selects(constraint.get("labelSelector"), other.labels)


def selectors_find_their_own_pods(overlay: Overlay) -> Iterator[str]:
    """A Deployment selects its template; a Service finds a pod, and the ports it names are there."""
    running = workloads(overlay)
    for workload in running:
        if workload.lasting and not selects(workload.document["spec"]["selector"], workload.labels):
            yield f"{workload.title}: its selector does not find its own pods"
    for service in overlay.of("Service"):
        selector = {"matchLabels": service["spec"].get("selector") or {"": "nothing"}}
        found = [each for each in running if concerns(service, each, selector)]
        if not found and service["spec"].get("type") != "ExternalName":
            yield f"{title(service)}: selects no pod"
        for workload in found:
            yield from _missing_ports(service, workload)


def _missing_ports(service: Json, workload: Workload) -> Iterator[str]:
    opened = [port for container in workload.containers for port in container.get("ports", [])]
    known = {port.get("name") for port in opened} | {port["containerPort"] for port in opened}
    for port in service["spec"]["ports"]:
        if port.get("targetPort", port["port"]) not in known:
            yield f"{title(service)}: {workload.title} opens no port {port.get('targetPort', port['port'])}"
