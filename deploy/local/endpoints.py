"""What is where in a running system, for programs: `.run/endpoints.json`."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

ACCOUNT_KEYS = "account-keys"
"""The file in the data folder with what bank accounts are sealed with, as the setting of that name takes it."""


class Endpoints(BaseModel):
    """Base URLs without a slash at the end; `tokens` by role."""

    model_config = ConfigDict(frozen=True)

    gateway: str
    services: dict[str, str]
    workers: dict[str, str] = {}
    """Processes that answer no business route, for their /metrics."""
    kafka: str
    mongodb: str
    issuer: str
    jwks: str
    provider: str
    provider_log: str
    namespace: str = ""
    tokens: dict[str, str] = {}
    headers: str = ""
    """Folder with a file for each role: its Authorization header, as `curl -H @FILE` takes it."""

    @classmethod
    def load(cls, data: Path) -> Self:
        """Of the system whose data folder this is; FileNotFoundError when none was started there."""
        return cls.model_validate_json((data / "endpoints.json").read_text(encoding="utf-8"))

    def save(self, data: Path) -> None:
        """Whole or not at all: a program may be reading."""
        for role, token in self.tokens.items():
            self.header(role).parent.mkdir(parents=True, exist_ok=True)
            self.header(role).write_text(f"Authorization: Bearer {token}\n", encoding="ascii")
        unfinished = data / "endpoints.json.new"
        unfinished.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
        unfinished.replace(data / "endpoints.json")

    def header(self, role: str) -> Path:
        """The file with the header of that role."""
        return Path(self.headers) / role
