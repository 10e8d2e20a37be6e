"""`.venv/bin/python -m tools.contracts [write|check]`: make the documents anew, or say what is stale or broken."""

import difflib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tools.contracts import asyncapi, codes, goldens, openapi
from tools.contracts.files import ROOT, Files, read, write


class Action(StrEnum):
    WRITE = "write"
    CHECK = "check"


def every_document() -> Files:
    """All that is made from the code, as it should be now."""
    return {
        **goldens.goldens(),
        **codes.documents(codes.every_problem()),
        **asyncapi.documents(),
        **openapi.documents(),
    }


def broken() -> list[str]:
    """What no new document can mend."""
    return [*goldens.broken_promises(), *goldens.personal_fields(), *codes.faults(codes.every_problem())]


def difference(path: Path, text: str, root: Path = ROOT) -> str:
    was = (read(path, root) or "").splitlines(keepends=True)
    return "".join(difflib.unified_diff(was, text.splitlines(keepends=True), f"{path} (kept)", f"{path} (made now)"))


def stale(files: Files, root: Path = ROOT) -> list[Path]:
    return [path for path, text in files.items() if read(path, root) != text]


def main(action: Annotated[Action, typer.Argument(help="write the documents, or check them")] = Action.WRITE) -> None:
    if complaints := broken():
        print("\n".join(complaints))
        raise typer.Exit(1)
    files = every_document()
    if action is Action.WRITE:
        for path in write(files):
            print(f"wrote {path}")
        return
    for path in stale(files):
        print(difference(path, files[path]))
    if stale(files):
        print("Stale: run `make contracts` and look at what changed.")
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
