"""Around every request: its id and trace, what its answer shows, its count and line in the log, and what went wrong."""

import asyncio
import re
import time
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from shared import answer, metrics
from shared.ids import new_id
from shared.logs import log
from shared.tracing import serving
from shared.web.answers import answer_to
from shared.web.problems import TryAgain

ANSWER_WITHIN_SECONDS = 20  # a server that is frozen, not dead, would hold a request for ever
OURS = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
QUIET_ROUTES = {"/livez", "/readyz", "/metrics"}
NOT_MODIFIED = 304

RawHeaders = list[tuple[bytes, bytes]]


class Requests:
    """The outermost layer: no exception leaves it once a request has been read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        scope["request_id"] = request_id(headers.get(b"x-request-id", b""))
        shown = answer.Answer()
        answer.current.set(shown)
        answering = Answering(scope, send, shown, headers.get(b"if-none-match", b"").decode("latin-1"))
        with serving.request(scope, headers) as span, bound_contextvars(request_id=scope["request_id"]):
            await self._answered(scope, receive, answering)
            serving.answered(span, scope, *answering.told())

    async def _answered(self, scope: Scope, receive: Receive, answering: "Answering") -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS) as answering.silence:
                await self.app(scope, receive, answering.send)
        except Exception as error:  # noqa: BLE001  every failure has an answer; what was not foreseen is logged there
            if answering.status:
                log.error("http.broken_off", exc_info=error)
                return
            problem = TryAgain() if isinstance(error, TimeoutError) else error
            await answer_to(problem, scope)(scope, receive, answering.send)


def request_id(given: bytes) -> str:
    """The gateway's when it has the form of ours, else a new one."""
    return given.decode() if OURS.fullmatch(given) else new_id()


@dataclass(slots=True)
class Answering:
    """Passes one answer on, with the headers that belong to every answer."""

    scope: Scope
    forward: Send
    shown: answer.Answer
    if_none_match: str
    status: int = 0
    silence: asyncio.Timeout | None = None
    """Ends a request that says nothing for too long; a long answer goes on as long as it goes on."""
    began: float = field(default_factory=time.perf_counter)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = self._start(message)
        elif self.status == NOT_MODIFIED and message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self.forward(message)
        if self.silence is not None and message.get("more_body") and not self.silence.expired():
            self.silence.reschedule(asyncio.get_running_loop().time() + ANSWER_WITHIN_SECONDS)

    def _start(self, message: Message) -> Message:
        headers: RawHeaders = [(b"x-request-id", self.scope["request_id"].encode()), *message.get("headers", [])]
        self.status = message["status"]
        if self.status // 100 == 2:  # noqa: PLR2004
            headers += self._about_version()
        if self.status == NOT_MODIFIED:
            headers = [
                (name, value) for name, value in headers if name.lower() not in (b"content-length", b"content-type")
            ]
        return {**message, "status": self.status, "headers": headers}

    def _about_version(self) -> RawHeaders:
        """The headers of what was read or written; turns the answer into 304 when the caller has this version."""
        shown = self.shown.digest or self.shown.version
        if shown is None:
            return []
        etag = f'"{shown}"'
        if self.scope["method"] == "GET" and has(self.if_none_match, etag):
            self.status = NOT_MODIFIED
        replayed = [(b"idempotency-replayed", b"true")] if self.shown.replayed else []
        return [(b"etag", etag.encode()), *replayed]

    def told(self) -> tuple[str, int]:
        """Counts and logs the request; its route and status. A caller who left before an answer is counted as 499."""
        seconds = time.perf_counter() - self.began
        route = getattr(self.scope.get("route"), "path_format", "(none)")
        method, status = self.scope["method"], self.status or 499
        metrics.REQUESTS.labels(route, method, status).inc()
        metrics.REQUEST_SECONDS.labels(route, method).observe(seconds)
        said = log.debug if route in QUIET_ROUTES else log.info
        code = {"code": self.scope["code"]} if "code" in self.scope else {}
        said("http.answered", method=method, route=route, status=status, milliseconds=round(seconds * 1000, 1), **code)
        return route, status


def has(if_none_match: str, etag: str) -> bool:
    """True when the header names that ETag, weak or strong, or `*`."""
    named = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in named or "*" in named
