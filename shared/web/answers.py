"""From whatever went wrong to the answer a caller gets."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from shared.audit.acts import actor_of, is_privileged
from shared.errors import Language, Problem
from shared.logs import log
from shared.mongo import unavailable
from shared.web.fixes import faults_of
from shared.web.languages import wanted
from shared.web.problems import (
    BadRequest,
    InvalidRequest,
    MethodNotAllowed,
    NoSuchRoute,
    TryAgain,
    Unexpected,
    problem_response,
)

UNKNOWN_STATUS = 500
READS = ("GET", "HEAD", "OPTIONS")


def answer_to(error: Exception, scope: Scope) -> Response:
    """The problem answer to any exception; one that nobody foresaw is logged here, once, and not shown."""
    language, request_id = language_of(scope), scope["request_id"]
    _note(error, scope)
    if isinstance(error, RequestValidationError):
        faults = error.errors()
        problem: Problem = InvalidRequest(count=len(faults))
        scope["code"] = problem.code
        return problem_response(problem, language, request_id, faults_of(faults, language))
    problem = problem_of(error, scope)
    scope["code"] = problem.code
    return problem_response(problem, language, request_id)


def _note(error: Exception, scope: Scope) -> None:
    """A privileged act that was refused changed nothing: it stands in the log of the process, not in the audit log."""
    by = scope.get("by")
    if by is not None and is_privileged(by.role) and scope["method"] not in READS:
        route = getattr(scope.get("route"), "path_format", scope["path"])
        log.warning("audit.refused", code=type(error).__name__, act=f"{scope['method']} {route}", **actor_of(by))


def language_of(scope: Scope) -> Language:
    header = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return wanted(header.decode("latin-1"))


def problem_of(error: Exception, scope: Scope) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException) and error.status_code < UNKNOWN_STATUS:
        return _of_framework(error, scope)
    if unavailable(error):
        log.warning("mongodb.away", error=f"{type(error).__name__}: {error}")
        return TryAgain()
    log.error("http.failed", exc_info=error)
    return Unexpected()


def _of_framework(error: HTTPException, scope: Scope) -> Problem:
    if error.status_code == 404:  # noqa: PLR2004
        return NoSuchRoute(path=scope["path"])
    if error.status_code == 405:  # noqa: PLR2004
        return MethodNotAllowed(method=scope["method"], allowed=", ".join(allowed(scope)))
    return BadRequest()


def allowed(scope: Scope) -> list[str]:
    """The methods of all routes at this path: the framework names those of the first one only."""
    app: FastAPI = scope["app"]
    bare = {"type": "http", "path": scope["path"], "root_path": scope.get("root_path", ""), "method": scope["method"]}
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        if route.matches({**bare, "headers": []})[0] is not Match.NONE:
            found |= set(route.methods or ())
    return sorted(found)
