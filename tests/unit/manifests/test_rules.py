from collections.abc import Sequence

import pytest

from tests.unit.manifests.operated import document
from tests.unit.manifests.sound import overlay
from tests.unit.manifests.spoiling import CONTAINER, POD, Spoil, add, drop, put, twice, without
from tests.unit.manifests.wrong_ways import VALUES, WAYS
from tools.kubernetes.overlays import Json, Overlay
from tools.kubernetes.rules import RULES, Rule
from tools.kubernetes.rules.environment import (
    nothing_unsafe_is_told,
    services_are_heard,
    sources_of_variables_are_there,
    values_are_taken,
    variables_are_settings,
)
from tools.kubernetes.rules.kafka import topics_are_the_published_channels, users_may_what_their_service_does
from tools.kubernetes.rules.network import (
    names_can_be_asked_for,
    namespaces_deny_by_default,
    routes_lead_to_pods_that_let_them_in,
    workloads_have_a_network_policy,
)
from tools.kubernetes.rules.placing import (
    namespaces_are_restricted,
    pods_are_spread,
    selectors_find_their_own_pods,
    workloads_survive_a_drain,
)
from tools.kubernetes.rules.pods import (
    containers_are_locked_down,
    every_role_runs,
    images_are_pinned,
    images_hold_what_they_start,
    no_pod_holds_a_token,
    nothing_retired_is_used,
    pods_run_as_nobody,
    resources_are_bounded,
    services_answer_probes,
    services_are_given_time_to_stop,
)
from tools.kubernetes.rules.reaching import processes_reach_what_they_are_told
from tools.kubernetes.rules.references import (
    monitors_scrape_every_process,
    mounts_have_volumes,
    probes_ask_open_ports,
)
from tools.kubernetes.rules.scaling import (
    lag_scales_what_reads_and_load_what_answers,
    no_more_readers_than_partitions,
    scalers_have_one_target_each,
    the_relay_is_never_scaled,
)
from tools.kubernetes.rules.values import nothing_is_switched_off

API, RELAY, CONSUME = "Deployment/orders-api", "Deployment/orders-relay", "Deployment/orders-consume"
KEDA, HPA = "ScaledObject/orders-consume", "HorizontalPodAutoscaler/orders-api"
TOPIC, USER, ACLS = "KafkaTopic/orders.orders", "KafkaUser/orders", ("spec", "authorization", "acls")
CONFIG = "ConfigMap/orders"
REACHED, MONITOR = "NetworkPolicy/orders-relay", "PodMonitor/orders"
WRITES_STOCK = {"resource": {"type": "topic", "name": "catalog.products"}, "operations": ["Write"]}
READS_ALL = {"resource": {"type": "topic", "name": "*"}, "operations": ["Read"]}
JOINS_CATALOG = {"resource": {"type": "group", "name": "cat", "patternType": "prefix"}, "operations": ["All"]}
ALL_OF_ORDERS = {"app.kubernetes.io/name": "orders"}
TOOL = {"name": "tool", "image": "bachat-haat/dev:0.1.0", "args": ["tools.audit"], "env": [{"name": "HOLD_SECONDS"}]}
FAULT_POINT = {"name": "FAULT_POINTS", "value": "relay"}
LOOSE: Json = {"from": [{"podSelector": {}}]}

BREAKS: Sequence[tuple[Rule, Spoil, str]] = [
    (pods_run_as_nobody, put(API, (*POD, "securityContext", "runAsUser"), 0), "runAsUser other than 0"),
    (pods_run_as_nobody, drop(API, (*POD, "securityContext", "seccompProfile")), "RuntimeDefault"),
    (pods_run_as_nobody, put(API, (*POD, "hostNetwork"), True), "hostNetwork is not for us"),
    (pods_run_as_nobody, put(API, (*POD, "volumes"), [{"name": "x", "hostPath": {"path": "/"}}]), "hostPath"),
    (
        containers_are_locked_down,
        put(API, (*CONTAINER, "securityContext", "readOnlyRootFilesystem"), False),
        "readOnlyRoot",
    ),
    (containers_are_locked_down, put(API, (*CONTAINER, "securityContext", "privileged"), True), "privileged"),
    (containers_are_locked_down, drop(API, (*CONTAINER, "securityContext", "capabilities")), "capabilities"),
    (containers_are_locked_down, put(API, (*CONTAINER, "securityContext", "runAsUser"), 0), "runAsUser"),
    (no_pod_holds_a_token, drop(API, (*POD, "automountServiceAccountToken")), "pod needs automountServiceAccountToken"),
    (no_pod_holds_a_token, drop(API, (*POD, "serviceAccountName")), "serviceAccountName of its own"),
    (no_pod_holds_a_token, drop("ServiceAccount/orders", ("automountServiceAccountToken",)), "ServiceAccount/orders"),
    (resources_are_bounded, drop(API, (*CONTAINER, "resources", "limits", "memory")), "lack limits.memory"),
    (resources_are_bounded, drop(API, (*CONTAINER, "resources", "requests", "cpu")), "lack requests.cpu"),
    (services_answer_probes, put(API, (*CONTAINER, "livenessProbe", "httpGet", "path"), "/readyz"), "livenessProbe"),
    (services_answer_probes, drop(RELAY, (*CONTAINER, "startupProbe")), "startupProbe has to ask"),
    (services_are_given_time_to_stop, drop(API, (*CONTAINER, "lifecycle")), "preStop.sleep"),
    (services_are_given_time_to_stop, put(API, (*POD, "terminationGracePeriodSeconds"), 49), "has to be 50"),
    (images_are_pinned, put(API, (*CONTAINER, "image"), "registry.test:5000/bachat-haat/orders"), "is not pinned"),
    (images_are_pinned, put(API, (*CONTAINER, "image"), "bachat-haat/orders:latest"), "is not pinned"),
    (nothing_retired_is_used, put(API, (*CONTAINER, "image"), "docker.io/bitnami/mongodb:8"), "names bitnami"),
    (nothing_retired_is_used, put("Service/orders", ("metadata", "annotations"), {"a": "ingress-nginx"}), "ingress"),
    (
        images_hold_what_they_start,
        put(API, (*CONTAINER, "args"), ["services.catalog", "api"]),
        "has no services.catalog",
    ),
    (images_hold_what_they_start, drop(API, (*CONTAINER, "args")), "begin with a module"),
    (every_role_runs, without("Deployment/orders-stream"), "no workload runs stream"),
    (every_role_runs, put(API, (*CONTAINER, "args"), ["services.orders", "api", "cook"]), "has no role cook"),
    (namespaces_are_restricted, drop("Namespace/haat", ("metadata", "labels")), "enforce: restricted"),
    (namespaces_are_restricted, put(API, ("metadata", "namespace"), "default"), "does not bring"),
    (workloads_survive_a_drain, without("PodDisruptionBudget/orders-api"), "0 PodDisruptionBudgets"),
    (workloads_survive_a_drain, twice("PodDisruptionBudget/orders-api", "second"), "2 PodDisruptionBudgets"),
    (
        workloads_survive_a_drain,
        put("PodDisruptionBudget/orders-api", ("spec", "maxUnavailable"), 0),
        "ever be drained",
    ),
    (workloads_survive_a_drain, put("PodDisruptionBudget/orders-relay", ("spec", "minAvailable"), 2), "leaves no pod"),
    (pods_are_spread, drop(API, (*POD, "topologySpreadConstraints")), "no topologySpreadConstraint"),
    (pods_are_spread, put(API, (*POD, "topologySpreadConstraints", 0, "labelSelector"), {}), "also counts"),
    (
        selectors_find_their_own_pods,
        put(API, (*POD[:-1], "metadata", "labels"), {"app.kubernetes.io/name": "other"}),
        "does not find its own",
    ),
    (selectors_find_their_own_pods, put("Service/orders", ("spec", "selector"), {"a": "b"}), "selects no pod"),
    (
        selectors_find_their_own_pods,
        put("Service/orders", ("spec", "ports", 0, "targetPort"), 9000),
        "opens no port 9000",
    ),
    (namespaces_deny_by_default, without("NetworkPolicy/default-deny"), "denies everything by default"),
    (namespaces_deny_by_default, put("NetworkPolicy/default-deny", ("spec", "ingress"), [{}]), "denies everything"),
    (namespaces_deny_by_default, put("NetworkPolicy/default-deny", ("spec", "policyTypes"), ["Ingress"]), "denies"),
    (workloads_have_a_network_policy, without("NetworkPolicy/orders-relay"), "no NetworkPolicy of its own"),
    (
        workloads_have_a_network_policy,
        put(REACHED, ("spec", "podSelector", "matchLabels"), ALL_OF_ORDERS),
        "of its own",
    ),
    (names_can_be_asked_for, without("NetworkPolicy/names"), "lets it ask for names (53)"),
    (routes_lead_to_pods_that_let_them_in, without("Service/orders"), "leads to orders:80"),
    (
        routes_lead_to_pods_that_let_them_in,
        put("Service/orders", ("spec", "ports", 0, "port"), 81),
        "leads to orders:80",
    ),
    (routes_lead_to_pods_that_let_them_in, drop("NetworkPolicy/orders-api", ("spec", "ingress")), "is routed to"),
    (workloads_have_a_network_policy, put("NetworkPolicy/orders-api", ("spec", "ingress"), [LOOSE]), "is open"),
    (
        processes_reach_what_they_are_told,
        put(REACHED, ("spec", "egress", 0, "ports"), [{"port": 9092}]),
        "reach MongoDB",
    ),
    (
        processes_reach_what_they_are_told,
        put(REACHED, ("spec", "egress", 1, "ports"), [{"port": 27017}]),
        "reach KAFKA",
    ),
    (
        processes_reach_what_they_are_told,
        drop("NetworkPolicy/orders-api", ("spec", "egress", 1)),
        "reach JWKS_URL (443)",
    ),
    (mounts_have_volumes, put(API, (*CONTAINER, "volumeMounts"), [{"name": "a", "mountPath": "/a"}]), "no volume a"),
    (mounts_have_volumes, put(API, (*POD, "volumes"), [{"name": "x", "configMap": {"name": "y"}}]), "ConfigMap/y"),
    (probes_ask_open_ports, put(API, (*CONTAINER, "livenessProbe", "httpGet", "port"), "web"), "asks port web"),
    (monitors_scrape_every_process, put(MONITOR, ("spec", "selector", "matchLabels"), {"a": "b"}), "no PodMonitor"),
    (monitors_scrape_every_process, put(MONITOR, ("metadata", "namespace"), "monitoring"), "no PodMonitor"),
    (
        monitors_scrape_every_process,
        put(MONITOR, ("spec", "podMetricsEndpoints", 0, "port"), "metrics"),
        "no PodMonitor",
    ),
    (scalers_have_one_target_each, put(HPA, ("spec", "scaleTargetRef", "name"), "orders-consume"), "2 scalers pull"),
    (scalers_have_one_target_each, put(HPA, ("spec", "scaleTargetRef", "name"), "orders"), "no workload of ours"),
    (the_relay_is_never_scaled, put(KEDA, ("spec", "scaleTargetRef", "name"), "orders-relay"), "runs the relay"),
    (
        lag_scales_what_reads_and_load_what_answers,
        put(KEDA, ("spec", "scaleTargetRef", "name"), "orders-api"),
        "reads no topic",
    ),
    (
        lag_scales_what_reads_and_load_what_answers,
        put(HPA, ("spec", "scaleTargetRef", "name"), "orders-stream"),
        "answers no requests",
    ),
    (no_more_readers_than_partitions, put(KEDA, ("spec", "maxReplicaCount"), 49), "more than the 48 partitions"),
    (no_more_readers_than_partitions, drop(KEDA, ("spec", "maxReplicaCount")), "maxReplicaCount 100"),
    (
        no_more_readers_than_partitions,
        put(KEDA, ("spec", "triggers", 0, "metadata", "consumerGroup"), "catalog.reactions"),
        "group catalog.reactions is not",
    ),
    (
        no_more_readers_than_partitions,
        put(KEDA, ("spec", "triggers", 0, "metadata", "topic"), "stalls.calls"),
        "does not read stalls.calls",
    ),
    (topics_are_the_published_channels, without(TOPIC), "KafkaTopic/orders.orders: is missing"),
    (topics_are_the_published_channels, put(TOPIC, ("spec", "topicName"), "orders.others"), "is no channel"),
    (topics_are_the_published_channels, put(TOPIC, ("spec", "partitions"), 12), "partitions is 12, must be 48"),
    (topics_are_the_published_channels, put(TOPIC, ("spec", "config", "retention.ms"), "604800000"), "must be -1"),
    (topics_are_the_published_channels, put(TOPIC, ("spec", "config", "cleanup.policy"), "compact"), "compacted"),
    (users_may_what_their_service_does, without(USER), "KafkaUser/orders: is missing"),
    (users_may_what_their_service_does, add(USER, ACLS, WRITES_STOCK), "need not Write catalog.products"),
    (users_may_what_their_service_does, add(USER, ACLS, READS_ALL), "need not Read stalls.calls"),
    (users_may_what_their_service_does, add(USER, ACLS, JOINS_CATALOG), "need not Read group catalog.reactions"),
    (users_may_what_their_service_does, put(USER, ACLS, []), "may not Write orders.orders"),
    (users_may_what_their_service_does, put(USER, ACLS, []), "may not Read group orders.reactions"),
    (users_may_what_their_service_does, put(USER, ACLS, []), "may not Create orders.demand"),
    (users_may_what_their_service_does, put(USER, ACLS, []), "may not DescribeConfigs"),
    (sources_of_variables_are_there, without(CONFIG), "takes all of ConfigMap/orders"),
    (
        sources_of_variables_are_there,
        add(
            API,
            (*CONTAINER, "env"),
            {"name": "ISSUER", "valueFrom": {"configMapKeyRef": {"name": "orders", "key": "x"}}},
        ),
        "no orders/x is there",
    ),
    (variables_are_settings, put(CONFIG, ("data", "HOLD_SECOND"), "9"), "HOLD_SECOND is no setting"),
    (variables_are_settings, drop(CONFIG, ("data", "ISSUER")), "the setting ISSUER of services.orders is missing"),
    (variables_are_settings, put(RELAY, CONTAINER, TOOL), "HOLD_SECONDS is no setting of tools.audit"),
    (variables_are_settings, put(RELAY, CONTAINER, TOOL), "the setting MONGODB_URI of tools.audit is missing"),
    (values_are_taken, put(CONFIG, ("data", "LOG_LEVEL"), "LOUD"), "LOG_LEVEL='LOUD'"),
    (values_are_taken, put(CONFIG, ("data", "KAFKA_CA_FILE"), "/etc/kafka/ca.crt"), "does not point to a file"),
    (values_are_taken, put(CONFIG, ("data", "JWKS_URL"), "keys"), "JWKS_URL='keys'"),
    (services_are_heard, drop(CONFIG, ("data", "HTTP_HOST")), "HTTP_HOST has to be 0.0.0.0"),
    (services_are_heard, put(CONFIG, ("data", "HTTP_PORT"), "9000"), "HTTP_PORT is not a containerPort"),
    (nothing_unsafe_is_told, add(API, (*CONTAINER, "env"), FAULT_POINT), "FAULT_POINTS is for tests"),
    *WAYS,
    *VALUES,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_overlay_keeps_every_rule(rule: Rule) -> None:
    assert list(rule(overlay())) == []


@pytest.mark.parametrize(("rule", "spoil", "complaint"), BREAKS, ids=[f"{e[0].__name__}: {e[2]}" for e in BREAKS])
def test_a_spoilt_overlay_breaks_the_rule(rule: Rule, spoil: Spoil, complaint: str) -> None:
    assert [fault for fault in rule(spoil(overlay())) if complaint in fault]


def test_every_rule_is_seen_to_fail() -> None:
    assert {rule for rule, _, _ in BREAKS} == set(RULES)


def test_a_nightly_job_that_is_suspended_is_said() -> None:
    pod: Json = {"spec": {"containers": []}}
    spec = {"suspend": True, "jobTemplate": {"spec": {"template": pod}}}
    nightly = document("batch/v1", "CronJob", "orders-audit", spec=spec)
    assert list(nothing_is_switched_off(Overlay("tests/nightly", (nightly,)))) == ["CronJob/orders-audit: is suspended"]


def test_a_budget_is_held_against_what_a_scaler_leaves() -> None:
    spoilt = put("PodDisruptionBudget/orders-api", ("spec",), _one_stays())(overlay())
    assert list(workloads_survive_a_drain(spoilt)) == []
    fewer = put(HPA, ("spec", "minReplicas"), 1)(spoilt)
    assert list(workloads_survive_a_drain(fewer)) == [
        "PodDisruptionBudget/orders-api: minAvailable 1 of 1 leaves no pod to move"
    ]


def _one_stays() -> dict[str, object]:
    labels = {"app.kubernetes.io/name": "orders", "app.kubernetes.io/component": "api"}
    return {"minAvailable": 1, "selector": {"matchLabels": labels}}


def test_a_file_of_a_setting_may_lie_in_what_is_mounted() -> None:
    told = put(CONFIG, ("data", "KAFKA_CA_FILE"), "/etc/kafka/ca.crt")(overlay())
    assert len(list(values_are_taken(told))) == 4
    mounted = put(API, (*CONTAINER, "volumeMounts"), [{"name": "kafka", "mountPath": "/etc/kafka"}])(told)
    assert len(list(values_are_taken(mounted))) == 3


def test_a_service_of_the_overlay_is_reached_at_the_port_of_its_pods() -> None:
    told = put(CONFIG, ("data", "JWKS_URL"), "http://orders.haat.svc/jwks.json")(overlay())
    assert any("JWKS_URL (8000 or http)" in fault for fault in processes_reach_what_they_are_told(told))
    opened = put("NetworkPolicy/orders-api", ("spec", "egress", 1, "ports"), [{"port": "http"}])(told)
    assert list(processes_reach_what_they_are_told(opened)) == []
