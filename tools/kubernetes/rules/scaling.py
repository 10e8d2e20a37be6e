"""Who scales what: KEDA by the lag of a role that reads, an HPA the APIs, nobody both, nobody the relay."""

from collections import Counter
from collections.abc import Iterator

from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.registry import common, groups, read
from tools.kubernetes.variables import profile_of
from tools.kubernetes.workloads import Workload, of_services

SCALERS = ("ScaledObject", "HorizontalPodAutoscaler")
READING = ("consume", "stream")


def scalers_have_one_target_each(overlay: Overlay) -> Iterator[str]:
    """KEDA makes an HPA of its own: two that pull one Deployment fight."""
    scalers = overlay.of(*SCALERS)
    known = {workload.name for workload in of_services(overlay)}
    for scaler in scalers:
        if (name := _target(scaler)) not in known:
            yield f"{title(scaler)}: scales {name!r}, which is no workload of ours"
    for name, count in Counter(_target(each) for each in scalers).items():
        if count > 1:
            yield f"Deployment/{name}: {count} scalers pull it: {', '.join(_pulling(name, scalers))}"


def _pulling(name: str, scalers: list[Json]) -> list[str]:
    return [title(each) for each in scalers if _target(each) == name]


def the_relay_is_never_scaled(overlay: Overlay) -> Iterator[str]:
    """Of several relays one works; more would only wait."""
    for scaler, workload in _pairs(overlay):
        if "relay" in workload.roles:
            yield f"{title(scaler)}: {workload.title} runs the relay, which is never scaled"


def lag_scales_what_reads_and_load_what_answers(overlay: Overlay) -> Iterator[str]:
    for scaler, workload in _pairs(overlay):
        reads = bool(set(READING) & set(workload.roles))
        if scaler["kind"] == "ScaledObject" and not reads:
            yield f"{title(scaler)}: {workload.title} reads no topic"
        if scaler["kind"] == "HorizontalPodAutoscaler" and "api" not in workload.roles:
            yield f"{title(scaler)}: {workload.title} answers no requests"


def no_more_readers_than_partitions(overlay: Overlay) -> Iterator[str]:
    """A reader without a partition is idle. Each trigger names the group and the topics of its workload."""
    for scaler, workload in _pairs(overlay):
        if scaler["kind"] != "ScaledObject":
            continue
        partitions = common(profile_of(overlay)).partitions
        most = scaler["spec"].get("maxReplicaCount", 100)
        if most > partitions:
            yield f"{title(scaler)}: maxReplicaCount {most} is more than the {partitions} partitions"
        for trigger in scaler["spec"]["triggers"]:
            yield from _misdirected(scaler, workload, trigger)


def _misdirected(scaler: Json, workload: Workload, trigger: Json) -> Iterator[str]:
    if trigger["type"] not in {"kafka", "apache-kafka"}:
        return
    told, service = trigger["metadata"], str(workload.service)
    own = {group for role, group in groups(service).items() if role in workload.roles}
    if told.get("consumerGroup") not in own:
        yield f"{title(scaler)}: group {told.get('consumerGroup')} is not {workload.title}'s: {', '.join(sorted(own))}"
    if (topic := told.get("topic")) and topic not in read(service):
        yield f"{title(scaler)}: {service} does not read {topic}"


def _target(scaler: Json) -> str:
    return str(scaler["spec"]["scaleTargetRef"]["name"])


def _pairs(overlay: Overlay) -> Iterator[tuple[Json, Workload]]:
    known = {workload.name: workload for workload in of_services(overlay)}
    for scaler in overlay.of(*SCALERS):
        if workload := known.get(_target(scaler)):
            yield scaler, workload
