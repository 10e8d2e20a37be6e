"""Slips that every schema takes and that cut somebody off or break a promise: rule, slip, complaint."""

from collections.abc import Sequence

from tests.unit.manifests.operated import ANYWHERE, PRIVATE, namespace, those
from tests.unit.manifests.spoiling import CONTAINER, POD, Spoil, add, drop, put, without
from tools.kubernetes.rules import Rule
from tools.kubernetes.rules.answering import (
    both_ends_agree,
    namespaces_are_called_by_their_names,
    needed_ways_are_open,
    operators_pods_reach_the_outside,
    outside_is_not_inside,
    policies_speak_of_somebody,
)
from tools.kubernetes.rules.values import (
    databases_keep_their_promises,
    kafka_loses_nothing,
    monitors_set_what_alerts_ask_by,
    nothing_is_switched_off,
    scalers_may_look,
    secrets_are_the_services_own,
    senders_keep_to_a_rate,
    the_audit_log_only_grows,
    the_gateway_is_encrypted,
    the_gateway_trusts_whom_the_services_trust,
)

RELAY, CONSUME, API = "Deployment/orders-relay", "NetworkPolicy/orders-consume", "NetworkPolicy/orders-api"
DATABASE, STORE, KAFKA = "NetworkPolicy/orders-db", "PerconaServerMongoDB/orders-db", "Kafka/market"
PEER, WAYS_IN = ("spec", "ingress", 0, "from"), ("spec", "ingress", 0)
SECRET = (*CONTAINER, "env", 0, "valueFrom", "secretKeyRef", "name")
LISTENER, CONFIG = ("spec", "kafka", "listeners", 0), ("spec", "kafka", "config")
ROLES = (*LISTENER, "networkPolicyPeers", 0, "podSelector", "matchExpressions", 0, "values")
PROVIDER = ("spec", "jwt", "providers", 0)
MONITOR = ("spec", "podMetricsEndpoints", 0, "relabelings", 0, "targetLabel")
EVERYTHING = {"resource": {"db": "orders", "collection": ""}}
OTHER = those({"app.kubernetes.io/name": "order"})
ANOTHER: Spoil = put(KAFKA, (*LISTENER, "networkPolicyPeers", 1), namespace("kedas"))
BACKUP_AWAY = drop(DATABASE, ("spec", "egress", 1))

WAYS: Sequence[tuple[Rule, Spoil, str]] = [
    (policies_speak_of_somebody, put(DATABASE, (*PEER, 0), OTHER), "a peer of it is no pod here"),
    (policies_speak_of_somebody, put(DATABASE, ("spec", "podSelector"), OTHER["podSelector"]), "selects no pod"),
    (both_ends_agree, without(DATABASE), "lets Deployment/orders-api out to PerconaServerMongoDB/orders-db:27017"),
    (both_ends_agree, put(DATABASE, (*WAYS_IN, "ports"), [{"port": 27018}]), "which does not let it in"),
    (both_ends_agree, put(DATABASE, ("spec", "policyTypes"), ["Egress"]), "which does not let it in"),
    (both_ends_agree, drop(CONSUME, ("spec", "egress", 0)), "lets Deployment/orders-consume in at"),
    (both_ends_agree, without("NetworkPolicy/kafka"), "lets Kafka/market kafka in at Kafka/market kafka:9090"),
    (both_ends_agree, without("NetworkPolicy/entity-operator"), "entity-operator in at Kafka/market kafka:9091"),
    (both_ends_agree, put(KAFKA, ROLES, ["relay", "stream"]), "lets Deployment/orders-consume out to Kafka/market"),
    (needed_ways_are_open, without(DATABASE), "orders-db: no NetworkPolicy lets it out to PerconaServerMongoDB"),
    (needed_ways_are_open, drop(DATABASE, (*PEER, 1)), "lets PerconaServerMongoDB/orders-db in at 27017"),
    (needed_ways_are_open, put(DATABASE, (*PEER, 2), namespace("psmd")), "lets Namespace/psmdb in at 27017"),
    (needed_ways_are_open, ANOTHER, "lets Namespace/keda in at 9092"),
    (needed_ways_are_open, without("NetworkPolicy/kafka"), "lets it out to Kafka/market kafka:9090"),
    (
        needed_ways_are_open,
        without(CONSUME),
        "orders-consume: no NetworkPolicy lets Namespace/monitoring in",
    ),
    (needed_ways_are_open, put(API, (*PEER, 0), namespace("envoy-gateway")), "lets Namespace/envoy-gateway-system in"),
    (operators_pods_reach_the_outside, BACKUP_AWAY, "PerconaServerMongoDB/orders-db: no NetworkPolicy lets it out"),
    (operators_pods_reach_the_outside, without("NetworkPolicy/entity-operator"), "Kafka/market entity-operator: no"),
    (namespaces_are_called_by_their_names, put(CONSUME, (*PEER, 0), namespace("monitorin")), "namespace 'monitorin'"),
    (namespaces_are_called_by_their_names, put(API, (*PEER, 0), {"namespaceSelector": {}}), "is chosen by"),
    (namespaces_are_called_by_their_names, ANOTHER, "Kafka/market: namespace 'kedas' is none of"),
    (outside_is_not_inside, drop(DATABASE, ("spec", "egress", 1, "to", 0, "ipBlock", "except")), "without except 10."),
    (
        outside_is_not_inside,
        put(DATABASE, ("spec", "egress", 1, "to"), [{"ipBlock": {**ANYWHERE["ipBlock"], "except": PRIVATE[1:]}}]),
        "without except 10.0.0.0/8",
    ),
]

VALUES: Sequence[tuple[Rule, Spoil, str]] = [
    (kafka_loses_nothing, put(KAFKA, (*CONFIG, "min.insync.replicas"), 1), "min.insync.replicas is 1, must be 2"),
    (kafka_loses_nothing, put(KAFKA, (*CONFIG, "auto.create.topics.enable"), True), "auto.create.topics.enable is"),
    (kafka_loses_nothing, put(KAFKA, (*LISTENER, "tls"), False), "tls is False"),
    (kafka_loses_nothing, drop(KAFKA, (*LISTENER, "authentication")), "type is None, must be scram-sha-512"),
    (kafka_loses_nothing, drop(KAFKA, ("spec", "kafka", "authorization")), "type is None, must be simple"),
    (
        databases_keep_their_promises,
        put(STORE, ("spec", "replsets", 0, "configuration"), "setParameter: {transactionLifetimeLimitSeconds: 60}"),
        "transactionLifetimeLimitSeconds is 60, must be 5",
    ),
    (databases_keep_their_promises, put(STORE, ("spec", "replsets", 0, "size"), 1), "size is 1, must be 3"),
    (databases_keep_their_promises, put(STORE, ("spec", "tls", "mode"), "allowTLS"), "mode is allowTLS"),
    (databases_keep_their_promises, put(STORE, ("spec", "backup", "enabled"), False), "enabled is False"),
    (databases_keep_their_promises, drop(STORE, ("spec", "backup", "pitr")), "enabled is None"),
    (
        the_audit_log_only_grows,
        add(STORE, ("spec", "roles", 0, "privileges", 0, "actions"), "update"),
        "orders-process may update in the audit log",
    ),
    (
        the_audit_log_only_grows,
        put(STORE, ("spec", "roles", 0, "privileges", 0), {**EVERYTHING, "actions": ["remove"]}),
        "orders-process may remove in the audit log",
    ),
    (the_gateway_is_encrypted, put("Gateway/market", ("spec", "listeners", 0, "protocol"), "HTTP"), "protocol is HTTP"),
    (the_gateway_is_encrypted, drop("Gateway/market", ("spec", "listeners", 0, "tls")), "mode is None"),
    (
        the_gateway_trusts_whom_the_services_trust,
        put("SecurityPolicy/token", (*PROVIDER, "issuer"), "https://other.test"),
        "trusts ('https://other.test'",
    ),
    (
        the_gateway_trusts_whom_the_services_trust,
        put("SecurityPolicy/token", (*PROVIDER, "audiences"), ["other"]),
        "['other']",
    ),
    (the_gateway_trusts_whom_the_services_trust, without("SecurityPolicy/token"), "asks its callers for a token"),
    (nothing_is_switched_off, put(RELAY, ("spec", "replicas"), 0), "replicas has to be 1"),
    (nothing_is_switched_off, put("ScaledObject/orders-consume", ("spec", "minReplicaCount"), 0), "leaves no pod"),
    (monitors_set_what_alerts_ask_by, put("PodMonitor/orders", MONITOR, "svc"), "service is None, must be"),
    (
        senders_keep_to_a_rate,
        put("ConfigMap/orders", ("data", "SMS_PROVIDER_URL"), "https://sms.test"),
        "Deployment/orders-consume: SEND_RATE has to be",
    ),
    (secrets_are_the_services_own, put(RELAY, SECRET, "catalog-mongodb"), "Secret catalog-mongodb is that of catalog"),
    (
        secrets_are_the_services_own,
        put(RELAY, (*POD, "volumes"), [{"name": "ca", "secret": {"secretName": "stalls-db-ssl"}}]),
        "Secret stalls-db-ssl is that of stalls",
    ),
    (
        secrets_are_the_services_own,
        add(RELAY, (*CONTAINER, "env"), {"name": "KAFKA_USERNAME", "value": "notify"}),
        "KAFKA_USERNAME is notify, not orders",
    ),
    (scalers_may_look, without("KafkaUser/keda"), "no KafkaUser looks for it"),
    (scalers_may_look, without("TriggerAuthentication/kafka"), "no KafkaUser looks for it"),
    (scalers_may_look, drop("KafkaUser/keda", ("spec", "authorization", "acls", 0)), "may not Describe group orders."),
]
