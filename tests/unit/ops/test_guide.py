"""What the guide for a person on call tells her to type exists: the tools with these options, the targets of make."""

import importlib.util
import re
import shlex
import subprocess

import pytest
import typer

from tests.unit.ops.rules import ROOT

GUIDE = (ROOT / "docs/operations.md").read_text("utf-8")
TOOLS = sorted(set(re.findall(r"\.venv/bin/python -m (tools\.[a-z]+(?: [^`|\n;)]*)?)", GUIDE)))
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def parsed(line: str) -> None:
    """Raises click's UsageError when the tool does not know such a command or option."""
    module, *arguments = shlex.split(line)
    package = importlib.util.find_spec(f"{module}.__main__") if (ROOT / module.replace(".", "/")).is_dir() else None
    command = typer.main.get_command(importlib.import_module(package.name if package else module).app)
    context = command.make_context(module, arguments)
    if isinstance(command, typer.core.TyperGroup):
        name, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        found.make_context(name, rest, parent=context)


@pytest.mark.parametrize("line", TOOLS)
def test_a_tool_of_the_guide_knows_what_it_is_asked(line: str) -> None:
    parsed(line.replace("$S", "orders").replace("FILE", "README.md").split(" 2>")[0])


def test_every_target_of_make_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", GUIDE)) <= targets


@pytest.mark.parametrize("block", BLOCKS)
def test_the_last_lines_of_several_logs_are_the_latest(block: str) -> None:
    """grep goes file by file; every line begins with its time."""
    assert not re.search(r"logs/\*\.log(?!.*\| sort \| tail).*\| tail", block)


@pytest.mark.parametrize("block", BLOCKS)
def test_what_is_to_be_pasted_is_shell(block: str) -> None:
    assert subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, check=False).stderr == ""


@pytest.mark.parametrize("block", BLOCKS)
def test_what_is_to_be_pasted_only_looks(block: str) -> None:
    assert not re.search(r"\b(rm|kill|make|kubectl|ready|drop|rebuild|PUT|POST|DELETE)\b|[^2]>", block)
