"""The Dockerfile as tests read it: its stages, and the tree of files that a stage's COPY lines make."""

import re
import shlex
import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
SERVICES = ("catalog", "orders", "stalls", "notify")
Instruction = tuple[str, str]
"""Its name and all that follows, lines joined."""


@dataclass
class Stage:
    """`base` is an image or an earlier stage."""

    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)

    def of(self, name: str) -> list[str]:
        return [rest for instruction, rest in self.instructions if instruction == name]


def stages(text: str | None = None) -> dict[str, Stage]:
    """The stages of the Dockerfile by name, in its order."""
    found: dict[str, Stage] = {}
    for name, rest in instructions(text or (ROOT / "Dockerfile").read_text(encoding="utf-8")):
        if name == "FROM":
            base, _, own = rest.split()
            found[own] = Stage(own, base)
        else:
            list(found.values())[-1].instructions.append((name, rest))
    return found


def instructions(text: str) -> list[Instruction]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    parted = (line.partition(" ") for line in joined.splitlines() if line)
    return [(name, rest) for name, _, rest in parted]


def copied(stage: Stage, service: str = "") -> list[tuple[list[str], str]]:
    """Sources, as paths of the repository, and the target of each COPY that takes from it."""
    words = [shlex.split(rest.replace("${SERVICE}", service)) for rest in stage.of("COPY")]
    return [(each[:-1], each[-1]) for each in words if not each[0].startswith("--from=")]


def tree(stage: Stage, folder: Path, service: str = "") -> Path:
    """Under `folder`, what the stage's COPY lines put into /app."""
    for sources, target in copied(stage, service):
        for source in sources:
            _copy(ROOT / source, folder / target, into=target.endswith("/"))
    return folder


def _copy(source: Path, target: Path, *, into: bool) -> None:
    """As Docker does: the content of a folder, a file into a target that ends with a slash."""
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        (target if into else target.parent).mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target / source.name if into else target)


def groups(stage: Stage, service: str = "") -> list[str]:
    """The dependency groups whose packages the stage installs."""
    return re.findall(r"--only-group (\S+)", _installing(stage, service))


def left_out(stage: Stage) -> list[str]:
    """The packages of those groups that it does not install."""
    return re.findall(r"--no-emit-package (\S+)", _installing(stage, ""))


def _installing(stage: Stage, service: str) -> str:
    (command,) = (rest for rest in stage.of("RUN") if "uv export" in rest)
    return re.sub(r'"\$\{SERVICE[^}]*\}"', service, command)


def version() -> str:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(declared["project"]["version"])
