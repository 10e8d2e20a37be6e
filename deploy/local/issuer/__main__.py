"""`.venv/bin/python -m deploy.local.issuer --port P --data DIR`: the development issuer, until it is told to stop."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from deploy.local.issuer.app import build
from deploy.local.issuer.keys import kept_key
from deploy.local.ports import LOOPBACK


def main(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")],
    data: Annotated[Path, typer.Option(file_okay=False, help="Folder that keeps the signing key.")],
    host: Annotated[str, typer.Option(help="Address to listen on; in a container 0.0.0.0.")] = LOOPBACK,
    issuer: Annotated[str | None, typer.Option(envvar="ISSUER", help="What tokens say as iss.")] = None,
) -> None:
    """Serve tokens, the public key and the API pages."""
    app = build(kept_key(data), issuer or f"http://{host}:{port}")
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    typer.run(main)
