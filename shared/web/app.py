"""The HTTP face of a process."""

from functools import partial
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.auth.keys import Keys
from shared.auth.tokens import Tokens
from shared.errors import Problem
from shared.health import Health
from shared.service import Running
from shared.web import health as health_routes
from shared.web.answers import answer_to
from shared.web.bodies import JsonBodies
from shared.web.openapi import describe, responses
from shared.web.parameters import known_parameters
from shared.web.requests import Requests

SPANS_ARE_OURS: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
"""The framework's own would record the texts of exceptions, and what was sent."""


def create_app(running: Running, keys: Keys, health: Health, *, api: bool) -> FastAPI:
    """Health and metrics; with `api` also the routes of the service and /openapi.json.

    No page of documentation: the gateway serves one that needs no internet.
    """
    app = FastAPI(
        title=f"Bachat Haat: {running.service.name}",
        version="1",
        description="Refusals are RFC 9457 problems, in the language of Accept-Language: mr, hi or en.",
        openapi_url="/openapi.json" if api else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=responses(),
        telemetry=SPANS_ARE_OURS,
    )
    app.state.running = running
    app.state.tokens = Tokens(keys, running.settings.issuer, running.settings.audience)
    _answer_problems(app)
    app.include_router(health_routes.routes(health))
    for router in running.service.routers if api else ():
        app.include_router(router, dependencies=[Depends(known_parameters)])
    app.add_middleware(JsonBodies)
    app.add_middleware(Requests)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    return app


def _answer_problems(app: FastAPI) -> None:
    async def answered(request: Request, error: Any) -> Response:
        return answer_to(error, request.scope)

    for kind in (Problem, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answered)
