"""`.venv/bin/python -m deploy.local.gateway render | validate`: the gateway's configuration, made and checked."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.gateway.render import LOOPBACK, Gateway
from deploy.local.gateway.render import render as rendered

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="The gateway's Envoy configuration.")
Port = Annotated[int, typer.Option(min=1, max=65535)]


@app.command()
def render(
    out: Annotated[Path, typer.Option(dir_okay=False, help="Where to write the configuration (JSON).")],
    port: Port,
    admin_port: Port,
    issuer: Annotated[str, typer.Option(help="What stands in a token's iss.")],
    jwks: Annotated[str, typer.Option(help="Where its public keys are, http://…/jwks.json.")],
    service: Annotated[list[str], typer.Option(help="NAME=HOST:PORT, once for each service.")],
    audience: str = "bachat-haat",
    rate: Annotated[int | None, typer.Option(min=1, help="Requests a second, in place of every class's own.")] = None,
    access_log: str = "/dev/stdout",
    host: Annotated[str, typer.Option(help="The address to listen on; in a container 0.0.0.0.")] = LOOPBACK,
) -> None:
    """Write the configuration made from the route table."""
    try:
        services = dict(_named(text) for text in service)
        asked = Gateway(port, admin_port, issuer, jwks, services, audience, rate, access_log, host)
        out.write_text(json.dumps(rendered(asked), ensure_ascii=False, indent=1), encoding="utf-8")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@app.command()
def validate(config: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Ask Envoy whether it would start with this configuration."""
    from deploy.local.gateway import envoy  # noqa: PLC0415  rendering needs no Envoy, and an image of it has none

    try:
        envoy.validate(config)
    except envoy.InvalidConfiguration as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{config}: OK")


def _named(text: str) -> tuple[str, str]:
    name, _, address = text.partition("=")
    return name, address


if __name__ == "__main__":
    app()
