"""A small disk of its own that can be filled: a tmpfs, never the machine's disks. It is always unmounted.

Where mounting is not allowed, the process that writes is told a largest file size instead (`Quota`): it says so.
"""

import atexit
import os
import resource
import subprocess
from contextlib import suppress
from pathlib import Path

FIRST_BYTES, SMALLEST_BYTES = 4 * 1024 * 1024, 4096
LOWEST_LIMIT = 4096


class Disk:
    """A folder of so many megabytes."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder, self.megabytes = folder, megabytes
        self.mounted = False
        self.why_not = ""

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def mount(self) -> None:
        """`mounted` says whether it could be; `why_not` in the words of the machine."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={self.megabytes}m,mode=0700", "tmpfs", str(self.folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            self.why_not = str(error)
            return
        self.mounted, self.why_not = done.returncode == 0, done.stderr.strip()
        if self.mounted:
            atexit.register(self.unmount)

    def fill(self, writer: int) -> str:
        """No byte is left for the process `writer`; in words."""
        if not self.mounted:
            resource.prlimit(writer, resource.RLIMIT_FSIZE, (LOWEST_LIMIT, LOWEST_LIMIT))
            return f"a quota of {LOWEST_LIMIT} bytes a file stands in for a full disk: no tmpfs here ({self.why_not})"
        with self.ballast.open("ab", buffering=0) as file:
            size = FIRST_BYTES
            while size >= SMALLEST_BYTES:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2
        return f"a disk of {self.megabytes} MB is full"

    def free(self) -> None:
        """What filled it is gone. (A quota ends with the process that had it.)"""
        self.ballast.unlink(missing_ok=True)

    def unmount(self) -> None:
        """Also while somebody still holds a file of it."""
        if self.mounted:
            atexit.unregister(self.unmount)
            with suppress(OSError):
                subprocess.run(["umount", "--lazy", str(self.folder)], capture_output=True, check=False)
            self.mounted = os.path.ismount(self.folder)
