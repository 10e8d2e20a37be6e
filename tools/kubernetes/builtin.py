"""Kinds of Kubernetes itself, against its own schemas: kubernetes-validate --strict, unknown fields fail."""

import kubernetes_validate

from tools.kubernetes.overlays import Json, title

VERSION = "1.34"
"""The oldest Kubernetes these manifests are for; whatever it knows, later ones know too."""
GATEWAY_API = "gateway.networking.k8s.io"


def is_builtin(document: Json) -> bool:
    """Groups without a dot and those of k8s.io; the Gateway API is installed as CRDs."""
    group = str(document["apiVersion"]).rpartition("/")[0]
    return "." not in group or (group.endswith(".k8s.io") and group != GATEWAY_API)


def faults(document: Json) -> list[str]:
    """What is wrong with a document of a built-in kind."""
    try:
        kubernetes_validate.validate(document, VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        place = ".".join(str(part) for part in error.path)
        return [f"{title(document)}: {place or 'document'}: {error.message}"]
    except kubernetes_validate.SchemaNotFoundError as error:
        return [f"{title(document)}: Kubernetes {VERSION} has no {error.kind} in {error.api_version}"]
    return []
