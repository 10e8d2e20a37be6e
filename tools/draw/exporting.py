"""The public file of a draw from the gateway to a file here: whole or not at all."""

from pathlib import Path

import httpx

from deploy.local.endpoints import Endpoints
from deploy.local.settings import LocalSettings
from services.stalls.draw.archive import MOST_BYTES

PATIENCE = httpx.Timeout(10.0, read=120.0)
MOST_WORDS = 500


class NotExported(Exception):
    """Why there is no file, in a sentence."""


def running_gateway() -> str:
    """Raises NotExported where no system has been started."""
    try:
        return Endpoints.load(LocalSettings().data).gateway
    except (OSError, ValueError):
        raise NotExported("no running system found: start it with `make up`, or name one: --gateway URL") from None


def export(call: str, target: Path, gateway: str) -> int:
    """How many bytes were written. Raises NotExported; then `target` is as it was."""
    unfinished = target.with_name(f"{target.name}.part")
    try:
        size = _download(f"{gateway.rstrip('/')}/v1/calls/{call}/outcome/file", unfinished)
        unfinished.replace(target)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotExported(f"{gateway}: {str(error) or type(error).__name__}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return size


def _download(url: str, target: Path) -> int:
    size = 0
    with httpx.stream("GET", url, timeout=PATIENCE) as answer, target.open("wb") as file:
        if answer.status_code != httpx.codes.OK:
            answer.read()
            raise NotExported(_refusal(answer))
        for part in answer.iter_bytes():
            size += file.write(part)
            if size > MOST_BYTES:
                raise NotExported(f"more than {MOST_BYTES:,} bytes: this is no draw")
    return size


def _refusal(answer: httpx.Response) -> str:
    """What the server says, which before the draw is when there will be one."""
    try:
        said = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        said = answer.reason_phrase
    return f"{answer.status_code} {said}"[:MOST_WORDS]
