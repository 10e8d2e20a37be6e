"""`.venv/bin/python -m deploy.local.issuer --port P --data DIR`: the development issuer, until it is told to stop."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from deploy.local.issuer.app import build
from deploy.local.issuer.keys import kept_key


def main(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen, on 127.0.0.1.")],
    data: Annotated[Path, typer.Option(file_okay=False, help="Folder that keeps the signing key.")],
) -> None:
    """Serve tokens, the public key and the API pages."""
    app = build(kept_key(data), f"http://127.0.0.1:{port}")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    typer.run(main)
