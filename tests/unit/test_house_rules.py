"""The import rules are worth something only if they catch what they forbid: each is broken here on a copy."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOM = "services/orders/retail"

PLANTS = [
    pytest.param(f"{ROOM}/helpers.py", "", "services.orders.retail.helpers", id="a stray file in a room"),
    pytest.param("services/orders/common.py", "", "services.orders.common", id="a stray file in a service"),
    pytest.param(f"{ROOM}/domain.py", "import pymongo", "retail.domain -> pymongo", id="a rule that knows the driver"),
    pytest.param(
        f"{ROOM}/domain.py", "import shared.outbox", "retail.domain -> shared.outbox", id="a rule that stores"
    ),
    pytest.param(
        f"{ROOM}/commands.py", "import fastapi\nimport bson", "retail.commands -> bson", id="a query in a command"
    ),
    pytest.param(
        f"{ROOM}/domain.py", "import services.orders.retail.store", "retail.domain is not allowed", id="upwards"
    ),
    pytest.param(
        f"{ROOM}/api.py",
        "import services.orders.retail.store",
        "retail.api -> services.orders.retail.store",
        id="a route past its commands",
    ),
    pytest.param(
        f"{ROOM}/commands.py",
        "import services.catalog.products.domain",
        "services.orders is not allowed to import services.catalog",
        id="a service that imports another",
    ),
    pytest.param(
        "services/catalog/products/commands.py",
        "import services.catalog.groups.store",
        "services.catalog.products.commands -> services.catalog.groups.store",
        id="another room's store",
    ),
    pytest.param(
        "services/catalog/groups/domain.py",
        "import services.catalog.products.domain",
        "services.catalog.groups is not allowed to import services.catalog.products",
        id="a room upwards",
    ),
    pytest.param(
        "shared/ids.py",
        "import services.orders.retail.domain",
        "shared is not allowed to import services",
        id="a kernel that knows a service",
    ),
    pytest.param(
        "shared/contracts/orders.py",
        "import aiokafka",
        "shared.contracts.orders -> aiokafka",
        id="a contract that knows a client",
    ),
    pytest.param("services/stalls/draw/luck.py", "", "services.stalls.draw.luck", id="a stray file in the draw"),
    pytest.param(
        "services/stalls/draw/accept.py", "import shared.clock", "draw.accept -> shared.clock", id="a draw with a clock"
    ),
    pytest.param(
        "services/orders/wiring.py",
        "import tools.token",
        "services.orders.wiring -> tools",
        id="a service that needs a tool",
    ),
]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=tree, env={"COLUMNS": "240"}, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the rules speak of."""
    for folder in ("services", "shared"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_own_rules(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(("path", "line", "complaint"), PLANTS)
def test_a_forbidden_import_is_caught(tree: Path, path: str, line: str, complaint: str) -> None:
    with (tree / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint(tree)
    assert done.returncode == 1
    assert complaint in " ".join(done.stdout.split())


def test_every_store_is_its_room_s_own() -> None:
    """A new room is listed by name, or its store would be open to everybody."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    closed = {module for rule in rules if rule["type"] == "protected" for module in rule["protected_modules"]}
    stores = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.glob("services/*/*/store.py")}
    assert stores
    assert stores <= closed


def test_no_file_of_a_service_or_the_kernel_needs_splitting() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in ROOT.glob("s*/**/*.py")}
    assert {path: count for path, count in lines.items() if count > 300} == {}
