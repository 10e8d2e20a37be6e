"""ScaledObjects: consumers by the lag of their group, never more than a topic has partitions."""

from shared.service import Service
from tools.manifests.objects import Json, made
from tools.manifests.registry import CLUSTER, PRODUCTION, SERVICES, read

API = "keda.sh/v1alpha1"
BOOTSTRAP = f"{CLUSTER}-kafka-bootstrap.bachat-haat.svc:9093"
LAG = 2_000  # events one process works off in some seconds (docs/bench.md)


def scaled_objects() -> list[Json]:
    return [_scaled(service) for service in SERVICES if service.handlers]


def _scaled(service: Service) -> Json:
    spec = {
        "scaleTargetRef": {"name": f"{service.name}-consume"},
        "minReplicaCount": 2,
        "maxReplicaCount": PRODUCTION.partitions,
        "pollingInterval": 15,
        "cooldownPeriod": 300,
        "advanced": {"horizontalPodAutoscalerConfig": {"behavior": _behaviour()}},
        "triggers": [_trigger(service, topic) for topic in read(service)],
    }
    return made(API, "ScaledObject", f"{service.name}-consume", spec=spec)


def _behaviour() -> Json:
    """Every join and leave is a rebalance of all: up by doubling, down seldom."""
    return {
        "scaleUp": {
            "stabilizationWindowSeconds": 30,
            "policies": [{"type": "Percent", "value": 100, "periodSeconds": 60}],
        },
        "scaleDown": {
            "stabilizationWindowSeconds": 600,
            "policies": [{"type": "Pods", "value": 2, "periodSeconds": 300}],
        },
    }


def _trigger(service: Service, topic: str) -> Json:
    metadata = {
        "bootstrapServers": BOOTSTRAP,
        "consumerGroup": service.group,
        "topic": topic,
        "lagThreshold": str(LAG),
        "offsetResetPolicy": "earliest",
        "sasl": "scram_sha512",
        "tls": "enable",
    }
    return {"type": "kafka", "metadata": metadata, "authenticationRef": {"name": "kafka"}}
