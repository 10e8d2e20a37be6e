"""A token for one role from the development issuer, ready to paste behind `Authorization: Bearer`."""

import json
import uuid
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from deploy.local.issuer.client import NoToken, token
from deploy.local.issuer.tokens import DEFAULT_TTL_SECONDS, ROLES, Ask
from deploy.local.settings import LocalSettings

EXAMPLE = 'Example:  curl -H "Authorization: Bearer $(.venv/bin/python -m tools.token --role buyer)" http://127.0.0.1:8080/v1/products'

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(epilog=EXAMPLE)
def main(
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")],
    sub: Annotated[uuid.UUID | None, typer.Option(help="The party's id; without it the role's fixed one.")] = None,
    group: Annotated[list[uuid.UUID] | None, typer.Option(help="A group she belongs to; may be repeated.")] = None,
    state: Annotated[str, typer.Option(help="LGD code of the state.")] = "27",
    district: Annotated[str | None, typer.Option(help="LGD code of the district, such as 490.")] = None,
    block: Annotated[str | None, typer.Option(help="LGD code of the block.")] = None,
    ttl: Annotated[int, typer.Option(help="Seconds until it expires.")] = DEFAULT_TTL_SECONDS,
    issuer: Annotated[str | None, typer.Option(help="URL of the issuer; without it the running system's.")] = None,
) -> None:
    """Print one token."""
    said = {"role": role, "sub": sub, "groups": group or (), "state": state}
    try:
        ask = Ask.model_validate({**said, "district": district, "block": block, "ttl_seconds": ttl})
        typer.echo(token((issuer or running_issuer()).rstrip("/"), ask))
    except (ValidationError, NoToken) as error:
        typer.echo(f"No token: {sentence(error)}", err=True)
        raise typer.Exit(2) from None


def running_issuer(endpoints: Path | None = None) -> str:
    """The issuer's URL of the running system. Raises NoToken where none has been started."""
    endpoints = endpoints or LocalSettings().data / "endpoints.json"
    try:
        return str(json.loads(endpoints.read_text(encoding="utf-8"))["issuer"])
    except (OSError, ValueError, KeyError) as error:
        raise NoToken("no running system found. Start it with `make up`, or name an issuer: --issuer URL") from error


def sentence(error: Exception) -> str:
    """What was wrong with the ask, in one line a fault."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    return str(error)


if __name__ == "__main__":
    app(prog_name=".venv/bin/python -m tools.token")
