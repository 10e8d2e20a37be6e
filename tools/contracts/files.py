"""Where the documents lie, and how each is written: stable order, UTF-8, one final newline."""

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
GOLDENS = Path("tests/contract/goldens")
EXAMPLES = Path("tests/contract/examples")
PUBLISHED = Path("tests/contract/published.txt")
CODES = Path("tests/contract/codes.json")
ASYNCAPI = Path("docs/asyncapi.yaml")
OPENAPI = Path("docs/openapi")

Files = dict[Path, str]
"""Path from the root of the project → text."""


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


class Readable(yaml.SafeDumper):
    """Texts of several lines as blocks."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Readable.add_representer(str, _block)


def as_yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=Readable, allow_unicode=True, sort_keys=False, width=110)


def read(path: Path, root: Path = ROOT) -> str | None:
    """None where there is no such file."""
    full = root / path
    return full.read_text("utf-8") if full.exists() else None


def write(files: Files, root: Path = ROOT) -> list[Path]:
    """Write what differs; the paths written."""
    changed = [path for path, text in files.items() if read(path, root) != text]
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(files[path], "utf-8")
    return changed
