"""Kafka's jars: fetched once through jgo, each compared with the SHA-256 in the lock, kept in the cache."""

import fcntl
import hashlib
import sys
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

LOCK: Final = Path(__file__).with_name("kafka.lock.toml")
ROOTS: Final = ("org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36")
_FETCHERS: Final = 8
_TIMEOUT_SECONDS: Final = 60

Say = Callable[[str], None]


class JarMismatch(RuntimeError):
    """A fetched jar is not the one that was locked."""


def class_path(cache: Path, say: Say = print) -> str:
    """The class path of Kafka; fetches and verifies what `cache` lacks, telling `say` how far it is."""
    locked = tomllib.loads(LOCK.read_text(encoding="utf-8"))["dependencies"]
    paths = [cache / _relative(jar) for jar in locked]
    verified = cache / f"verified-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    if not verified.exists():
        with _alone(cache):
            _fetch(locked, cache, say)
            verified.touch()
    return ":".join(map(str, paths))


def write_lock(cache: Path) -> None:
    """Resolve `ROOTS` anew and write the lock: coordinates and SHA-256 only, no repository's address."""
    import tomli_w  # noqa: PLC0415 - needed by this rare command only
    from jgo.env import LockFile  # noqa: PLC0415 - jgo takes 0.3 s to import

    context = _context(cache)
    inputs, transitive = context.resolver.resolve([context.create_dependency(root) for root in ROOTS])
    jars = [jar.to_dict() for jar in LockFile.from_resolved_dependencies(inputs + transitive).dependencies]
    jars.sort(key=lambda jar: (jar["groupId"], jar["artifactId"]))
    LOCK.write_text(tomli_w.dumps({"dependencies": jars}), encoding="utf-8")


def _fetch(locked: list[dict[str, str]], cache: Path, say: Say) -> None:
    context = _context(cache)
    say(f"fetching Kafka: {len(locked)} jars, about 45 MB, once")
    with ThreadPoolExecutor(_FETCHERS) as pool:
        for done, _ in enumerate(pool.map(lambda jar: _fetch_one(context, jar, cache), locked), start=1):
            if done % 10 == 0 or done == len(locked):
                say(f"fetching Kafka: {done} of {len(locked)} jars are here and verified")


def _fetch_one(context: Any, jar: dict[str, str], cache: Path) -> None:
    path = cache / _relative(jar)
    if path.exists() and _sha256(path) != jar["sha256"]:
        path.unlink()  # an earlier fetch was cut short
    if not path.exists():
        component = context.project(jar["groupId"], jar["artifactId"]).at_version(jar["version"])
        component.artifact(jar.get("classifier", ""), jar["packaging"]).resolve()
    if _sha256(path) != jar["sha256"]:
        path.unlink()
        raise JarMismatch(f"{path.name} differs from {LOCK.name}: fetched again at the next start")


def _context(cache: Path) -> Any:
    from jgo.config import GlobalSettings  # noqa: PLC0415 - jgo takes 0.3 s to import
    from jgo.maven import MavenContext  # noqa: PLC0415

    mirrors = GlobalSettings.load().repositories
    return MavenContext(repo_cache=cache, local_repos=[], remote_repos=mirrors or None, timeout=_TIMEOUT_SECONDS)


def _relative(jar: dict[str, str]) -> Path:
    suffix = f"-{jar['classifier']}" if jar.get("classifier") else ""
    folder = Path(*jar["groupId"].split("."), jar["artifactId"], jar["version"])
    return folder / f"{jar['artifactId']}-{jar['version']}{suffix}.{jar['packaging']}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """One process fetches at a time; the others wait and find everything there."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "fetching.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    write_lock(Path(sys.argv[1]))
