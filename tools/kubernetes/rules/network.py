"""Who may reach whom: nobody by default, and each workload by a policy of its own."""

from collections.abc import Iterator

from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.workloads import concerns, workloads

DIRECTIONS = ["Egress", "Ingress"]


def namespaces_deny_by_default(overlay: Overlay) -> Iterator[str]:
    """A policy that selects every pod, speaks of both directions and allows none."""
    closed = {each["metadata"].get("namespace", "") for each in overlay.of("NetworkPolicy") if _denies(each["spec"])}
    for namespace in sorted({workload.namespace for workload in workloads(overlay)} - closed):
        yield f"Namespace/{namespace}: has no NetworkPolicy that denies everything by default"


def _denies(spec: Json) -> bool:
    nothing = not spec.get("podSelector") and not spec.get("ingress") and not spec.get("egress")
    return nothing and sorted(spec.get("policyTypes", [])) == DIRECTIONS


def workloads_have_a_network_policy(overlay: Overlay) -> Iterator[str]:
    """Each says whom it reaches; a policy for all pods, such as one for DNS, is not enough."""
    named = [each for each in overlay.of("NetworkPolicy") if each["spec"].get("podSelector")]
    for workload in workloads(overlay):
        own = [each for each in named if concerns(each, workload, each["spec"]["podSelector"])]
        if not own:
            yield f"{workload.title}: no NetworkPolicy of its own selects it"
        for policy in own:
            yield from _open_doors(policy)


def _open_doors(policy: Json) -> Iterator[str]:
    """A rule without a peer or without a port lets everybody through, or anything."""
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for rule in policy["spec"].get(direction, []):
            if not rule.get(peers) or not rule.get("ports"):
                yield f"{title(policy)}: a rule of {direction} without {peers} or ports is open"
