"""Ends of audit chains that somebody noted down: what a chain must still hold."""

import re
from pathlib import Path
from typing import NoReturn

import typer

from shared.audit.entries import Head
from tools.printing import printable

HEAD = re.compile(r"(?:(?P<service>[a-z]+)[ \t]+)?(?P<seq>[0-9]{1,18}):(?P<hash>[0-9a-f]{12,64})")


def known_heads(text: str, service: str | None) -> dict[str, Head]:
    """By service, of `SEQ:HASH` or of a file with such lines; under "" the one that names no service."""
    lines = [text] if HEAD.fullmatch(text.strip()) else _of_file(Path(text))
    found: dict[str, Head] = {}
    for line in filter(None, map(str.strip, lines)):
        one = HEAD.fullmatch(line)
        if one is None:
            stop(f"This is no head: {printable(line)[:80]}. It reads SEQ:HASH, with a service before it or not.", 2)
        found[one["service"] or service or ""] = Head(int(one["seq"]), one["hash"])
    if not found:
        stop(f"There is no head in {text}.", 2)
    return found


def head_of(service: str, known: dict[str, Head]) -> Head:
    """The one to hold this service to. None among them ends the program: nothing would have been compared."""
    found = known.get(service) or known.get("")
    if found is None:
        stop(f"No head of {service or 'no service'} is known: there are {', '.join(known)}. Mind --service.", 2)
    return found


def _of_file(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        stop(f"{file} is neither SEQ:HASH nor a file that can be read.", 2)


def stop(why: str, code: int) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(code)
