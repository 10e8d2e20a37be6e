import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
ASKED = {
    *("run", "up", "down", "reset", "test", "check", "unit", "integration", "journeys", "chaos", "bench", "contracts"),
    *("doctor", "fmt", "lint", "types", "lock", "static", "k8s"),
}
HOSTED = """\
source = { registry = "https://packages.example.org/team/simple" }
    { url = "https://packages.example.org/team/aa/bb/typer-0.29.2-py3-none-any.whl", hash = "sha256:12" },
"""


def test_make_help_shows_every_target_with_a_sentence() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    targets = set(re.findall(r"^  make (\S+) +\S", shown.stdout, re.MULTILINE))
    assert targets >= ASKED


def test_continuous_integration_calls_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith(("#", "set", "cd"))] == ["exec make test"]


def test_a_registrys_address_is_taken_out_of_the_lock_and_the_hash_stays(tmp_path: Path) -> None:
    scripts = tmp_path / "deploy" / "local"
    scripts.mkdir(parents=True)
    shutil.copy(ROOT / "deploy" / "local" / "unhost_lock.sh", scripts)
    (tmp_path / "uv.lock").write_text(HOSTED, encoding="utf-8")
    subprocess.run(["sh", scripts / "unhost_lock.sh"], check=True)
    lock = (tmp_path / "uv.lock").read_text(encoding="utf-8")
    assert "example.org" not in lock
    assert 'url = "https://files.invalid/typer-0.29.2-py3-none-any.whl", hash = "sha256:12"' in lock


def test_an_installation_refuses_a_lock_that_disagrees_with_the_project(tmp_path: Path) -> None:
    (tmp_path / "deploy" / "local").mkdir(parents=True)
    for name in ("deploy/local/install.py", "deploy/local/uv.txt", "uv.lock"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / ".uv").symlink_to(ROOT / ".uv")
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(declared.replace('"types-pyyaml"', '"types-requests"'), encoding="utf-8")
    install = [sys.executable, str(tmp_path / "deploy" / "local" / "install.py")]
    refused = subprocess.run(install, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "pyproject.toml and uv.lock disagree: run `make lock`" in refused.stderr
    assert not (tmp_path / ".venv").exists()
