import re
import tomllib
from pathlib import Path

import pytest

from deploy.local import jars

ROOT = Path(__file__).parents[3]


def test_the_lock_names_no_package_registry() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == {"files.invalid", "index.invalid"}


def test_every_jar_of_kafka_is_locked_with_its_checksum_and_no_address() -> None:
    text = jars.LOCK.read_text(encoding="utf-8")
    locked = tomllib.loads(text)["dependencies"]
    assert "://" not in text
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar["sha256"]) for jar in locked)
    coordinates = {f"{jar['groupId']}:{jar['artifactId']}:{jar['version']}" for jar in locked}
    assert set(jars.ROOTS) <= coordinates


def test_a_jar_cut_short_by_an_interrupted_fetch_is_never_put_on_the_class_path(tmp_path: Path) -> None:
    jar = tomllib.loads(jars.LOCK.read_text(encoding="utf-8"))["dependencies"][0]
    path = tmp_path / jars._relative(jar)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK half a jar")

    class Remote:
        """Serves another file than the locked one."""

        def project(self, *_: str) -> "Remote":
            return self

        def at_version(self, _: str) -> "Remote":
            return self

        def artifact(self, *_: str) -> "Remote":
            return self

        def resolve(self) -> None:
            path.write_bytes(b"PK not what was locked")

    with pytest.raises(jars.JarMismatch, match=path.name):
        jars._fetch_one(Remote(), jar, tmp_path)
    assert not path.exists()
