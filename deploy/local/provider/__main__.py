"""`.venv/bin/python -m deploy.local.provider --port P --log FILE`: the local SMS provider, until it is told to stop."""

import logging
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from deploy.local.ports import LOOPBACK
from deploy.local.provider.app import Provider, build
from deploy.local.provider.ledger import Ledger
from deploy.local.provider.reports import Customer


def main(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")],
    log: Annotated[
        Path, typer.Option(dir_okay=False, help="Where accepted messages are written, a line of JSON each.")
    ],
    callback_url: Annotated[str, typer.Option(envvar="SMS_CALLBACK_URL", help="Where reports are posted to.")],
    callback_secret: Annotated[str, typer.Option(envvar="SMS_CALLBACK_SECRET", help="What reports are signed with.")],
    pace: Annotated[float, typer.Option(min=0, help="Seconds from accepted to sent, and to delivered.")] = 0.2,
    host: Annotated[str, typer.Option(help="Address to listen on; in a container 0.0.0.0.")] = LOOPBACK,
) -> None:
    """Take messages and report what became of them."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    app = build(Provider(Ledger(log), Customer(callback_url, callback_secret, pace)))
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=1)


if __name__ == "__main__":
    typer.run(main)
