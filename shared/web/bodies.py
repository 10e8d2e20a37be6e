"""Nothing reaches a route but a body of bounded size that is JSON; or a file, where files are put."""

import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.json_bodies import check
from shared.web.problems import BodyTooLarge, WrongContentType

LARGEST_BODY_BYTES = 1024 * 1024
LARGEST_FILE_BYTES = 8 * LARGEST_BODY_BYTES
FILES = re.compile(r"/v1/[a-z-]+/[^/]+/files/[^/]+")
"""Paths below which a file is put as it is."""
READ_AWAY_BYTES = 16 * LARGEST_BODY_BYTES  # so much more is read so that the sender hears why; then the line is cut


class JsonBodies:
    """Reads each body whole and hands it on. Raises BodyTooLarge, WrongContentType, MalformedJson."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        file = scope["method"] == "PUT" and FILES.fullmatch(scope["path"]) is not None
        body = await _read(receive, LARGEST_FILE_BYTES if file else LARGEST_BODY_BYTES)
        if body is None:
            return
        if body and not file:
            _check_type(scope["headers"])
            check(body)
        await self.app(scope, _replayed(body, receive), send)


async def _read(receive: Receive, largest: int) -> bytes | None:
    """The whole body, or None when the sender has gone. Raises BodyTooLarge."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size <= largest:
            parts.append(part)
        elif size > READ_AWAY_BYTES:
            break
    if size > largest:
        raise BodyTooLarge(limit=largest)
    return b"".join(parts)


def _check_type(headers: Iterable[tuple[bytes, bytes]]) -> None:
    sent = next((value for name, value in headers if name == b"content-type"), b"nothing").decode("latin-1")
    kind = sent.partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise WrongContentType(sent=kind[:100])


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body at once, then what the connection says."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
