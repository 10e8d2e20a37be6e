"""What operators run beside the service of the sound overlay: its database, brokers, the gateway; and their ways."""

from typing import Any

from shared.contracts import TOPICS
from tools.kubernetes.overlays import Json

NAMESPACE = "haat"
PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]
ANYWHERE: Json = {"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE}}
DATABASE: Json = {"app.kubernetes.io/name": "percona-server-mongodb", "app.kubernetes.io/instance": "orders-db"}
BROKERS: Json = {"strimzi.io/name": "market-kafka"}
OPERATOR: Json = {"strimzi.io/name": "market-entity-operator"}
ORDERS: Json = {"app.kubernetes.io/name": "orders"}
READING: Json = {"key": "app.kubernetes.io/component", "operator": "In", "values": ["relay", "consume", "stream"]}


def document(version: str, kind: str, name: str, **fields: Any) -> Json:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, **fields}


def those(labels: Json) -> Json:
    return {"podSelector": {"matchLabels": labels}}


def namespace(name: str) -> Json:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def policy(name: str, labels: Json, **ways: list[Json]) -> Json:
    types = [direction.capitalize() for direction in ways]
    return document("networking.k8s.io/v1", "NetworkPolicy", name, spec={**those(labels), "policyTypes": types, **ways})


def operated() -> list[Json]:
    return [_database(), *_ways(), _kafka(), _gateway(), _token(), *_watching()]


def _ways() -> list[Json]:
    heard = {"from": [those(ORDERS), those(DATABASE), namespace("psmdb")], "ports": [{"port": 27017}]}
    asked = {"to": [those(DATABASE)], "ports": [{"port": 27017}]}
    kept = {"to": [ANYWHERE], "ports": [{"port": 443}]}
    replicated = {"to": [those(BROKERS)], "ports": [{"port": 9090}, {"port": 9091}]}
    controlled = {"to": [those(BROKERS)], "ports": [{"port": 9091}]}
    return [
        policy("orders-db", DATABASE, ingress=[heard], egress=[asked, kept]),
        policy("kafka", BROKERS, egress=[replicated]),
        policy("entity-operator", OPERATOR, egress=[controlled, {"ports": [{"port": 443}]}]),
    ]


def _database() -> Json:
    members = {"size": 3, "configuration": "setParameter:\n  transactionLifetimeLimitSeconds: 5\n"}
    backup = {"enabled": True, "pitr": {"enabled": True}}
    log = {"resource": {"db": "orders", "collection": "audit"}, "actions": ["find", "insert"]}
    roles = [{"role": "orders-process", "privileges": [log]}]
    spec = {"tls": {"mode": "requireTLS"}, "replsets": [members], "backup": backup, "roles": roles}
    return document("psmdb.percona.com/v1", "PerconaServerMongoDB", "orders-db", spec=spec)


def _kafka() -> Json:
    config = {
        "auto.create.topics.enable": False,
        "unclean.leader.election.enable": False,
        "default.replication.factor": 3,
        "min.insync.replicas": 2,
        "offsets.topic.replication.factor": 3,
        "transaction.state.log.replication.factor": 3,
        "transaction.state.log.min.isr": 2,
    }
    asking = {"podSelector": {"matchLabels": ORDERS, "matchExpressions": [READING]}}
    listener = {"port": 9092, "tls": True, "authentication": {"type": "scram-sha-512"}}
    listener["networkPolicyPeers"] = [asking, namespace("keda")]
    kafka = {"listeners": [listener], "authorization": {"type": "simple"}, "config": config}
    return document("kafka.strimzi.io/v1", "Kafka", "market", spec={"kafka": kafka})


def _gateway() -> Json:
    listener = {"name": "https", "protocol": "HTTPS", "port": 443, "tls": {"mode": "Terminate"}}
    return document("gateway.networking.k8s.io/v1", "Gateway", "market", spec={"listeners": [listener]})


def _token() -> Json:
    keys = {"uri": "https://haat.test/jwks.json"}
    provider = {"issuer": "https://haat.test", "audiences": ["bachat-haat"], "remoteJWKS": keys}
    chosen = [{"kind": "HTTPRoute", "matchLabels": {"bachat-haat.in/auth": "required"}}]
    spec = {"targetSelectors": chosen, "jwt": {"providers": [provider]}}
    return document("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "token", spec=spec)


def _watching() -> list[Json]:
    """KEDA's user, and how it is given to a trigger."""
    looked = [("group", "orders.reactions"), *(("topic", topic) for topic in TOPICS)]
    acls = [{"resource": {"type": kind, "name": name}, "operations": ["Describe"]} for kind, name in looked]
    given = [{"parameter": "password", "name": "kafka-keda", "key": "password"}]
    return [
        document("kafka.strimzi.io/v1", "KafkaUser", "keda", spec={"authorization": {"type": "simple", "acls": acls}}),
        document("keda.sh/v1alpha1", "TriggerAuthentication", "kafka", spec={"secretTargetRef": given}),
    ]
