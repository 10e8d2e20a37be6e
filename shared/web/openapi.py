"""The OpenAPI document: what our routes answer besides their own answers."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from shared.scope import Role
from shared.web.asking import ADMITTED
from shared.web.problems import MEDIA_TYPE, ProblemView

PROBLEMS = {
    400: "The request cannot be read.",
    401: "No token, or none we accept.",
    403: "The role may not do this.",
    404: "There is none, or not for this caller.",
    409: "The rules say no, or somebody else came first.",
    412: "Changed meanwhile: If-Match names another version.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "A field is wrong, or the Idempotency-Key was used for another request.",
    429: "Too many requests; the gateway says when to go on.",
    503: "Not just now; Retry-After says when.",
}
WRITES = {"post", "put", "patch", "delete"}
ONLY_WRITES = {"409", "412", "413", "415"}
ONLY_WITH_A_TOKEN = {"401", "403"}


def responses() -> dict[int | str, dict[str, Any]]:
    """For FastAPI's `responses`: each status with the problem body."""
    schema = {"$ref": "#/components/schemas/ProblemView"}
    return {
        code: {"description": words, "content": {MEDIA_TYPE: {"schema": schema}}} for code, words in PROBLEMS.items()
    }


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once: problems where they can occur, Idempotency-Key as the obligation it is."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for path in document["paths"].values():
            for method, operation in path.items():
                _mend(operation, writes=method in WRITES)
        _add_roles(document, app)
        _add_problem(document)
        app.openapi_schema = document
    return app.openapi_schema


def _mend(operation: dict[str, Any], *, writes: bool) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "minLength": 1, "maxLength": 200}
    if not writes:
        needless = ONLY_WRITES if operation.get("security") else ONLY_WRITES | ONLY_WITH_A_TOKEN
        for status in needless:
            operation["responses"].pop(status, None)


def _add_roles(document: dict[str, Any], app: FastAPI) -> None:
    """`x-roles`: whom a route lets in by role; what each then sees, and moves, is docs/roles.md's to say."""
    for route in iter_route_contexts(app.routes):
        operations = document["paths"].get(route.path, {})
        if isinstance(route.original_route, APIRoute) and (roles := admitted(route.original_route)):
            for method in route.methods or ():
                operations[method.lower()]["x-roles"] = sorted(roles)


def admitted(route: APIRoute) -> tuple[Role, ...]:
    """None where no role is asked for."""
    asked = (ADMITTED.get(dependency.call, ()) for dependency in route.dependant.dependencies)
    return next(filter(None, asked), ())


def _add_problem(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    view = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(view.pop("$defs", {}))
    schemas["ProblemView"] = view
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
