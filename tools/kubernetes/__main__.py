"""`.venv/bin/python -m tools.kubernetes --crds DIR`: every offline check of deploy/k8s."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tools.kubernetes.crds.definitions import read
from tools.kubernetes.overlays import MANIFESTS, CannotRender, NoOverlays, folders, render_all
from tools.kubernetes.report import Report, report

HOW = "docs/kubernetes.md says where each operator publishes its own; then: make k8s CRDS=FOLDER"


def main(
    crds: Annotated[Path, typer.Option(help="Folder of CustomResourceDefinitions, *.yaml.")],
    manifests: Annotated[Path, typer.Option(help="Folder with overlays/ and tests/.")] = MANIFESTS,
    crds_optional: Annotated[bool, typer.Option(help="Without any, say so and go on, also under CI=true.")] = False,
) -> None:
    """Render every overlay; hold it against schemas, CRDs and the project's own rules."""
    try:
        definitions = read(crds)
        done = report(render_all(folders(manifests)), definitions)
    except (CannotRender, NoOverlays) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for line in (*done.lines, *(f"FAULT {fault}" for fault in done.faults)):
        typer.echo(line)
    strict = os.environ.get("CI") == "true" and not crds_optional
    raise typer.Exit(int(bool(done.faults) or (not definitions and _without(crds, done, strict=strict))))


def _without(crds: Path, done: Report, *, strict: bool) -> bool:
    """Says that nobody held custom resources against CRDs; whether that is a failure."""
    typer.echo(f"NO CRDs in {crds}: structure and CEL rules of {', '.join(done.unchecked)} are NOT CHECKED. {HOW}")
    return strict


if __name__ == "__main__":
    typer.run(main)
