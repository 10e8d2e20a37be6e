"""How every pod has to be: nobody's user, nothing to write to, no token, bounded, watched, pinned."""

from collections.abc import Iterator

from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.registry import roles_of
from tools.kubernetes.workloads import IMAGE, of_services, program_of, strings, workloads

HARDENED: Json = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
HOST = ("hostNetwork", "hostPID", "hostIPC")
UNWANTED = ("bitnami", "ingress-nginx")
STOP_SECONDS = 45
"""What `shared.process` may need to finish its requests (10 + 5) and its roles (20), and some."""


def pods_run_as_nobody(overlay: Overlay) -> Iterator[str]:
    """A numeric user that is not root, the runtime's seccomp profile, nothing of the host."""
    for workload in workloads(overlay):
        context = workload.spec.get("securityContext", {})
        if not context.get("runAsNonRoot") or not context.get("runAsUser"):
            yield f"{workload.title}: the pod needs runAsNonRoot and a runAsUser other than 0"
        if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{workload.title}: the pod needs seccompProfile RuntimeDefault"
        yield from (f"{workload.title}: {name} is not for us" for name in HOST if workload.spec.get(name))
        if any("hostPath" in volume for volume in workload.spec.get("volumes", [])):
            yield f"{workload.title}: a hostPath volume is not for us"


def containers_are_locked_down(overlay: Overlay) -> Iterator[str]:
    """No escalation, a root file system that cannot be written, no capability."""
    for workload in workloads(overlay):
        for container in workload.containers:
            has = container.get("securityContext", {})
            wrong = [name for name, value in HARDENED.items() if has.get(name) != value]
            wrong += [name for name in ("privileged",) if has.get(name)]
            if wrong or has.get("runAsUser") == 0:
                yield f"{workload.title}: {container['name']}: securityContext: {', '.join(wrong or ['runAsUser'])}"


def no_pod_holds_a_token(overlay: Overlay) -> Iterator[str]:
    """Nothing here speaks to the API server; each workload has an account of its own or its service's."""
    for workload in workloads(overlay):
        if workload.spec.get("automountServiceAccountToken") is not False:
            yield f"{workload.title}: the pod needs automountServiceAccountToken: false"
        if workload.spec.get("serviceAccountName", "default") == "default":
            yield f"{workload.title}: the pod needs a serviceAccountName of its own"
    for account in overlay.of("ServiceAccount"):
        if account.get("automountServiceAccountToken") is not False:
            yield f"{title(account)}: needs automountServiceAccountToken: false"


def resources_are_bounded(overlay: Overlay) -> Iterator[str]:
    """What it asks for, and a limit of memory; a limit of processor time would only slow it."""
    for workload in workloads(overlay):
        for container in workload.containers:
            has = container.get("resources", {})
            asked = [f"requests.{name}" for name in ("cpu", "memory") if name not in has.get("requests", {})]
            limited = [] if "memory" in has.get("limits", {}) else ["limits.memory"]
            if asked or limited:
                yield f"{workload.title}: {container['name']}: resources lack {', '.join(asked + limited)}"


def services_answer_probes(overlay: Overlay) -> Iterator[str]:
    """Started, ready and alive are three questions; only readiness may hang on a server."""
    paths = {"startupProbe": ("/livez", "/readyz"), "readinessProbe": ("/readyz",), "livenessProbe": ("/livez",)}
    for workload in of_services(overlay):
        for program in workload.programs:
            for name, allowed in paths.items():
                asked = program.container.get(name, {}).get("httpGet", {}).get("path")
                if asked not in allowed:
                    yield f"{workload.title}: {name} has to ask {' or '.join(allowed)}, not {asked}"


def services_are_given_time_to_stop(overlay: Overlay) -> Iterator[str]:
    """A pause until nobody sends to it any more (the images have no shell), then time for what is under way."""
    for workload in of_services(overlay):
        pauses = [_pause(program.container) for program in workload.programs]
        if None in pauses:
            yield f"{workload.title}: needs lifecycle.preStop.sleep.seconds"
        needed = STOP_SECONDS + max(pause or 0 for pause in pauses)
        if workload.spec.get("terminationGracePeriodSeconds", 30) < needed:
            yield f"{workload.title}: terminationGracePeriodSeconds has to be {needed} or more"


def _pause(container: Json) -> int | None:
    seconds = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds")
    return int(seconds) if seconds is not None else None


def images_are_pinned(overlay: Overlay) -> Iterator[str]:
    """A digest, or a tag that is not `latest`."""
    for workload in workloads(overlay):
        for container in workload.containers:
            image = str(container.get("image", ""))
            tag = image.rpartition("/")[2].partition(":")[2]
            if "@sha256:" not in image and tag in {"", "latest"}:
                yield f"{workload.title}: {container['name']}: image {image!r} is not pinned"


def nothing_retired_is_used(overlay: Overlay) -> Iterator[str]:
    """ingress-nginx is retired and Bitnami's free images are gone; neither comes in by any field."""
    for document in overlay.documents:
        for text in strings(document):
            yield from (f"{title(document)}: {text[:80]!r} names {name}" for name in UNWANTED if name in text.lower())


def images_hold_what_they_start(overlay: Overlay) -> Iterator[str]:
    """A service's image has that service alone; what names no module starts nothing."""
    for workload in workloads(overlay):
        for container in workload.containers:
            if not IMAGE.search(container.get("image", "")):
                continue
            program = program_of(container)
            if program is None:
                yield f"{workload.title}: {container['name']}: args have to begin with a module"
            elif program.image != (program.service or "dev"):
                yield f"{workload.title}: bachat-haat/{program.image} has no {program.module}"


def every_role_runs(overlay: Overlay) -> Iterator[str]:
    """A service that is there is there whole: each role it has is a workload."""
    running: dict[str, set[str]] = {}
    for workload in of_services(overlay):
        running.setdefault(str(workload.service), set()).update(workload.roles)
    for service, roles in running.items():
        if missing := roles_of(service) - roles:
            yield f"services.{service}: no workload runs {', '.join(sorted(missing))}"
        if unknown := roles - roles_of(service):
            yield f"services.{service}: has no role {', '.join(sorted(unknown))}"
