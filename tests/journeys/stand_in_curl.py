"""`curl` for a machine without one: as much of it as the printed calls use."""

import argparse
import sys
from http import HTTPStatus
from pathlib import Path

import httpx


def lines_of(header: str) -> list[str]:
    """A header, or those in the file after an @."""
    return Path(header[1:]).read_text("ascii").splitlines() if header.startswith("@") else [header]


def main() -> int:
    """22 for an answer that is an error, as curl says it with --fail-with-body."""
    words = argparse.ArgumentParser()
    words.add_argument("url")
    words.add_argument("-sS", action="store_true")
    words.add_argument("-H", action="append", default=[])
    words.add_argument("-d")
    words.add_argument("-G", action="store_true")
    words.add_argument("--data-urlencode")
    words.add_argument("-X")
    words.add_argument("-o")
    said = words.parse_args()
    headers = dict(line.split(": ", 1) for header in said.H for line in lines_of(header))
    method = said.X or ("POST" if said.d else "GET")
    asked = [tuple(said.data_urlencode.split("=", 1))] if said.data_urlencode else []
    url = httpx.URL(said.url).copy_merge_params(asked)
    answer = httpx.request(method, url, headers=headers, content=said.d, timeout=30)
    if said.o:
        Path(said.o).write_bytes(answer.content)
    else:
        print(answer.text, end="")
    return 22 if answer.status_code >= HTTPStatus.BAD_REQUEST else 0


if __name__ == "__main__":
    sys.exit(main())
