"""One service with everything around it, as an overlay renders: what every rule is content with."""

from copy import deepcopy
from typing import Any

from shared.contracts import TOPICS
from shared.kafka import topic_settings
from tests.unit.manifests.operated import BROKERS, DATABASE, namespace, operated, those
from tools.kubernetes.overlays import Json, Overlay
from tools.kubernetes.registry import common, groups, read, written

NAMESPACE = "haat"
ROLES = ("api", "relay", "consume", "stream")


def overlay() -> Overlay:
    """Orders with its four roles, network, servers, scaling, topics, user. A copy each time: a test may spoil it."""
    around = [
        _namespace(),
        _account(),
        _service(),
        _configured(),
        _denying(),
        _names(),
        _route(),
        _monitor(),
        *_scalers(),
        *_topics(),
        _user(),
        *operated(),
    ]
    runs = [document for role in ROLES for document in (_deployment(role), _budget(role), _policy(role))]
    return Overlay("tests/sound", tuple(deepcopy([*around, *runs])))


def _document(version: str, kind: str, name: str, **fields: Any) -> Json:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, **fields}


def _labels(role: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": "orders", "app.kubernetes.io/component": role}


def _namespace() -> Json:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels}}


def _account() -> Json:
    return _document("v1", "ServiceAccount", "orders", automountServiceAccountToken=False)


def _service() -> Json:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    return _document("v1", "Service", "orders", spec={"selector": _labels("api"), "ports": ports})


def _configured() -> Json:
    servers = {"KAFKA_BOOTSTRAP_SERVERS": "kafka:9092", "HTTP_HOST": "0.0.0.0", "HTTP_PORT": "8000"}  # noqa: S104  in a pod
    issuer = {"ISSUER": "https://haat.test", "JWKS_URL": "https://haat.test/jwks.json"}
    return _document("v1", "ConfigMap", "orders", data={**servers, **issuer, "PROFILE": "production"})


def _denying() -> Json:
    spec = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    return _document("networking.k8s.io/v1", "NetworkPolicy", "default-deny", spec=spec)


def _names() -> Json:
    asked = {"to": [namespace("kube-system")], "ports": [{"port": 53, "protocol": "UDP"}]}
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [asked]}
    return _document("networking.k8s.io/v1", "NetworkPolicy", "names", spec=spec)


def _route() -> Json:
    spec = {"rules": [{"backendRefs": [{"name": "orders", "port": 80}]}]}
    route = _document("gateway.networking.k8s.io/v1", "HTTPRoute", "orders", spec=spec)
    route["metadata"]["labels"] = {"bachat-haat.in/auth": "required"}
    return route


def _monitor() -> Json:
    pod = "__meta_kubernetes_pod_label_app_kubernetes_io_"
    told = {"service": "name", "role": "component"}
    labelled = [{"sourceLabels": [f"{pod}{source}"], "targetLabel": label} for label, source in told.items()]
    spec = {
        "selector": {"matchLabels": {"app.kubernetes.io/name": "orders"}},
        "podMetricsEndpoints": [{"port": "http", "relabelings": labelled}],
    }
    return _document("monitoring.coreos.com/v1", "PodMonitor", "orders", spec=spec)


def _deployment(role: str) -> Json:
    template = {"metadata": {"labels": _labels(role)}, "spec": _pod(role)}
    spec = {"replicas": 2, "selector": {"matchLabels": _labels(role)}, "template": template}
    return _document("apps/v1", "Deployment", f"orders-{role}", spec=spec)


def _pod(role: str) -> Json:
    spread = {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway"}
    return {
        "serviceAccountName": "orders",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 60,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
        "topologySpreadConstraints": [{**spread, "labelSelector": {"matchLabels": _labels(role)}}],
        "containers": [_container(role)],
    }


def _container(role: str) -> Json:
    locked = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    hidden = {"secretKeyRef": {"name": "orders-mongodb", "key": "uri"}}
    return {
        "name": "app",
        "image": "registry.test/bachat-haat/orders:0.1.0",
        "args": ["services.orders", role],
        "envFrom": [{"configMapRef": {"name": "orders"}}],
        "env": [{"name": "MONGODB_URI", "valueFrom": hidden}, {"name": "HOLD_SECONDS", "value": "900"}],
        "ports": [{"name": "http", "containerPort": 8000}],
        "securityContext": locked,
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
        "startupProbe": {"httpGet": {"path": "/livez", "port": "http"}},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}},
        "livenessProbe": {"httpGet": {"path": "/livez", "port": "http"}},
        "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
    }


def _budget(role: str) -> Json:
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": _labels(role)}}
    return _document("policy/v1", "PodDisruptionBudget", f"orders-{role}", spec=spec)


def _policy(role: str) -> Json:
    keys = {"to": [{"ipBlock": {"cidr": "198.51.100.0/24"}}], "ports": [{"port": 443}]}
    kafka = {"to": [those(BROKERS)], "ports": [{"port": 9092}]}
    reached = [{"to": [those(DATABASE)], "ports": [{"port": 27017}]}, keys if role == "api" else kafka]
    asking = ["envoy-gateway-system", "monitoring"] if role == "api" else ["monitoring"]
    heard = [{"from": [namespace(each)], "ports": [{"port": "http"}]} for each in asking]
    both = {"policyTypes": ["Ingress", "Egress"], "ingress": heard, "egress": reached}
    spec = {"podSelector": {"matchLabels": _labels(role)}, **both}
    return _document("networking.k8s.io/v1", "NetworkPolicy", f"orders-{role}", spec=spec)


def _scalers() -> list[Json]:
    watched = {"consumerGroup": "orders.reactions", "topic": "catalog.products"}
    lag = {"type": "kafka", "metadata": watched, "authenticationRef": {"name": "kafka"}}
    by_lag = {"scaleTargetRef": {"name": "orders-consume"}, "minReplicaCount": 2, "maxReplicaCount": 48}
    load = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders-api"}}
    return [
        _document("keda.sh/v1alpha1", "ScaledObject", "orders-consume", spec={**by_lag, "triggers": [lag]}),
        _document(
            "autoscaling/v2", "HorizontalPodAutoscaler", "orders-api", spec={**load, "minReplicas": 2, "maxReplicas": 6}
        ),
    ]


def _topics() -> list[Json]:
    settings = common("production")
    spec = {"partitions": 48, "replicas": 3, "config": {**topic_settings(settings), "cleanup.policy": "delete"}}
    return [_document("kafka.strimzi.io/v1", "KafkaTopic", name, spec=spec) for name in TOPICS]


def _user() -> Json:
    stream = f"{groups('orders')['stream'].rpartition('-')[0]}-"
    everything = ["Create", "Write", "Read", "Describe", "DescribeConfigs"]
    acls = [
        _may("topic", "*", ["Describe", "DescribeConfigs"]),
        *(_may("topic", topic, ["Write"]) for topic in sorted(written("orders"))),
        *(_may("topic", topic, ["Read"]) for topic in sorted(read("orders"))),
        _may("topic", stream, everything, "prefix"),
        _may("group", "orders.reactions", ["Read"]),
        _may("group", stream, ["Read"], "prefix"),
    ]
    spec = {"authentication": {"type": "tls"}, "authorization": {"type": "simple", "acls": acls}}
    return _document("kafka.strimzi.io/v1", "KafkaUser", "orders", spec=spec)


def _may(kind: str, name: str, operations: list[str], pattern: str = "literal") -> Json:
    return {"resource": {"type": kind, "name": name, "patternType": pattern}, "operations": operations}
