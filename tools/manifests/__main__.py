"""`.venv/bin/python -m tools.manifests`: write the made files of `deploy/k8s` anew (`--check`: say which are old)."""

from typing import Annotated

import typer

from tools.manifests.files import ROOT, stale, texts

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 when a file is old.")] = False,
) -> None:
    """Make the manifests that follow from routes, contracts, wiring, rules and dashboards."""
    old = stale()
    for path in old:
        if not check:
            path.write_text(texts()[path], encoding="utf-8")
        typer.echo(f"{path.relative_to(ROOT)}: {'old' if check else 'written'}")
    if check and old:
        typer.echo("`make manifests` writes them anew.", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    app(prog_name=".venv/bin/python -m tools.manifests")
