"""Values on which a promise hangs: each is right in every schema and wrong for us when it is another."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from shared.mongo import AUDIT, LONGEST_TRANSACTION_SECONDS
from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.registry import SERVICES, common
from tools.kubernetes.rules.kafka import allows, rules_of
from tools.kubernetes.variables import profile_of, told_to
from tools.kubernetes.workloads import LASTING, Workload, of_services, workloads

LABELS = {
    "service": "__meta_kubernetes_pod_label_app_kubernetes_io_name",
    "role": "__meta_kubernetes_pod_label_app_kubernetes_io_component",
}
"""What alerts and dashboards ask by, and where a PodMonitor has it from."""
LOOK = {"find", "changeStream", "listCollections", "listIndexes", "collStats", "dbStats"}
MAY_WITH_AUDIT = LOOK | {"insert", "createIndex", "createCollection"}
Wanted = Mapping[str, Any]


def kafka_loses_nothing(overlay: Overlay) -> Iterator[str]:
    settings = common(profile_of(overlay))
    copies, safe = settings.replication_factor, settings.min_insync_replicas
    wanted = {
        "auto.create.topics.enable": False,
        "unclean.leader.election.enable": False,
        "default.replication.factor": copies,
        "min.insync.replicas": safe,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": safe,
    }
    for cluster in overlay.of("Kafka"):
        spec = cluster["spec"]["kafka"]
        yield from _otherwise(cluster, spec.get("config", {}), wanted)
        yield from _otherwise(cluster, spec.get("authorization", {}), {"type": "simple"})
        for listener in spec.get("listeners", []):
            yield from _otherwise(cluster, listener, {"tls": True})
            yield from _otherwise(cluster, listener.get("authentication", {}), {"type": "scram-sha-512"})


def databases_keep_their_promises(overlay: Overlay) -> Iterator[str]:
    """In production they are replica sets of three with backups and an oplog kept all day."""
    for database in overlay.of("PerconaServerMongoDB"):
        spec = database["spec"]
        yield from _otherwise(database, spec.get("tls", {}), {"mode": "requireTLS"})
        for members in spec["replsets"]:
            told = (yaml.safe_load(members.get("configuration", "")) or {}).get("setParameter", {})
            yield from _otherwise(database, told, {"transactionLifetimeLimitSeconds": LONGEST_TRANSACTION_SECONDS})
            if profile_of(overlay) == "production":
                yield from _otherwise(database, members, {"size": 3})
        if profile_of(overlay) == "production":
            yield from _otherwise(database, spec.get("backup", {}), {"enabled": True})
            yield from _otherwise(database, spec.get("backup", {}).get("pitr", {}), {"enabled": True})


def the_audit_log_only_grows(overlay: Overlay) -> Iterator[str]:
    """No role of a process changes or drops what stands in it, by its name or by that of everything."""
    for database in overlay.of("PerconaServerMongoDB"):
        for role in database["spec"].get("roles", []):
            for each in role["privileges"]:
                kept = each["resource"].get("db") is not None and each["resource"].get("collection") in {"", AUDIT}
                if kept and (more := sorted(set(each["actions"]) - MAY_WITH_AUDIT)):
                    yield f"{title(database)}: {role['role']} may {', '.join(more)} in the audit log"


def the_gateway_is_encrypted(overlay: Overlay) -> Iterator[str]:
    """Outside a laptop's cluster."""
    for gateway in overlay.of("Gateway") if profile_of(overlay) == "production" else []:
        for listener in gateway["spec"]["listeners"]:
            yield from _otherwise(gateway, listener, {"protocol": "HTTPS"})
            yield from _otherwise(gateway, listener.get("tls", {}), {"mode": "Terminate"})


def the_gateway_trusts_whom_the_services_trust(overlay: Overlay) -> Iterator[str]:
    """A route that asks for a token is chosen by a policy that names issuer, keys and audience of every service."""
    tokens = [each for each in overlay.of("SecurityPolicy") if "jwt" in each["spec"]]
    chosen = [each.get("matchLabels") for policy in tokens for each in policy["spec"].get("targetSelectors", [])]
    for route in overlay.of("HTTPRoute"):
        labels = route["metadata"].get("labels", {}).items()
        if ("bachat-haat.in/auth", "required") in labels and not any(
            each and each.items() <= labels for each in chosen
        ):
            yield f"{title(route)}: no SecurityPolicy asks its callers for a token"
    for workload in of_services(overlay):
        told = told_to(workload, workload.programs[0].container, overlay)
        for policy in tokens:
            yield from _distrusted(policy, workload, told)


def _distrusted(policy: Json, workload: Workload, told: Wanted) -> Iterator[str]:
    for each in policy["spec"]["jwt"]["providers"]:
        has = (each["issuer"], each["remoteJWKS"]["uri"], each["audiences"])
        wants = (told.get("ISSUER"), told.get("JWKS_URL"), [told.get("AUDIENCE") or common("production").audience])
        if has != wants:
            yield f"{title(policy)}: trusts {has}, {workload.title} {wants}"


def nothing_is_switched_off(overlay: Overlay) -> Iterator[str]:
    """No workload without pods, no nightly job that never runs."""
    for workload in workloads(overlay):
        if workload.document["kind"] in LASTING and workload.replicas < 1:
            yield f"{workload.title}: replicas has to be 1 or more"
        if workload.document["spec"].get("suspend"):
            yield f"{workload.title}: is suspended"
    for scaler in overlay.of("ScaledObject", "HorizontalPodAutoscaler"):
        if scaler["spec"].get("minReplicaCount", scaler["spec"].get("minReplicas", 1)) < 1:
            yield f"{title(scaler)}: leaves no pod"


def monitors_set_what_alerts_ask_by(overlay: Overlay) -> Iterator[str]:
    for monitor in overlay.of("PodMonitor"):
        for endpoint in monitor["spec"]["podMetricsEndpoints"]:
            has = {each.get("targetLabel"): each.get("sourceLabels") for each in endpoint.get("relabelings", [])}
            yield from _otherwise(monitor, has, {label: [source] for label, source in LABELS.items()})


def senders_keep_to_a_rate(overlay: Overlay) -> Iterator[str]:
    """A provider counts all of us, SEND_RATE one process: without it the scaler multiplies what the provider hears."""
    for workload in of_services(overlay) if profile_of(overlay) == "production" else []:
        told = told_to(workload, workload.programs[0].container, overlay)
        if "consume" in workload.roles and told.get("SMS_PROVIDER_URL") and not float(told.get("SEND_RATE") or 0):
            yield f"{workload.title}: SEND_RATE has to be the provider's limit divided by the most pods"


def secrets_are_the_services_own(overlay: Overlay) -> Iterator[str]:
    """A password of another service would open its data, or shut this one out."""
    for workload in workloads(overlay):
        own = workload.labels.get("app.kubernetes.io/name")
        for name in sorted(_secrets(workload)):
            if others := sorted(set(SERVICES) & set(name.split("-")) - {own}):
                yield f"{workload.title}: its Secret {name} is that of {', '.join(others)}"
        for container in workload.containers:
            user = told_to(workload, container, overlay).get("KAFKA_USERNAME")
            if user and user != own:
                yield f"{workload.title}: KAFKA_USERNAME is {user}, not {own}"


def _secrets(workload: Workload) -> set[str]:
    variables = [each for container in workload.containers for each in container.get("env", [])]
    asked = [each.get("valueFrom", {}).get("secretKeyRef", {}).get("name") for each in variables]
    whole = [each for container in workload.containers for each in container.get("envFrom", [])]
    asked += [each.get("secretRef", {}).get("name") for each in whole]
    asked += [each.get("secret", {}).get("secretName") for each in workload.spec.get("volumes", [])]
    return {str(name) for name in asked if name}


def scalers_may_look(overlay: Overlay) -> Iterator[str]:
    """Where Kafka is ours, a trigger's user is there and may describe its group and topic."""
    access = {each["metadata"]["name"]: each["spec"] for each in overlay.of("TriggerAuthentication")}
    users = {f"kafka-{each['metadata']['name']}": each for each in overlay.of("KafkaUser")}
    for scaler in overlay.of("ScaledObject") if overlay.of("Kafka") else []:
        for trigger in scaler["spec"]["triggers"]:
            given = access.get(trigger.get("authenticationRef", {}).get("name"), {}).get("secretTargetRef", [])
            user = next((users[each["name"]] for each in given if each["name"] in users), None)
            if user is None:
                yield f"{title(scaler)}: no KafkaUser looks for it"
            else:
                yield from _blind(scaler, trigger["metadata"], user)


def _blind(scaler: Json, told: Json, user: Json) -> Iterator[str]:
    for kind, name in (("topic", told["topic"]), ("group", told["consumerGroup"])):
        if not allows(rules_of(user), kind, name, "Describe"):
            yield f"{title(scaler)}: {title(user)} may not Describe {kind} {name}"


def _otherwise(document: Json, has: Wanted, wanted: Wanted) -> Iterator[str]:
    for name, value in wanted.items():
        if has.get(name) != value:
            yield f"{title(document)}: {name} is {has.get(name)}, must be {value}"
