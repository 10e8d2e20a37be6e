"""The whole system as journeys see it: started once on free ports, frozen in parts, stopped, and started again."""

import io
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient

from deploy.local.console import Console
from deploy.local.endpoints import Endpoints
from deploy.local.programs import HttpServer
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import Supervisor
from deploy.local.system import running

SHOWN_LINES = 60
SERVERS = ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI")


class System:
    """Every process of `make run`, on ports and in a folder of its own; `told` are settings they all get besides."""

    def __init__(self, folder: Path, told: Mapping[str, str]) -> None:
        self.settings = LocalSettings(data=folder).on_free_ports()
        self.told = told
        self.said = io.StringIO()
        self.known: Endpoints
        self._supervisor: Supervisor
        self._run = ExitStack()

    def start(self) -> None:
        """Return when all is ready; fails with what was printed last."""
        own = {name: value for name, value in os.environ.items() if name not in SERVERS}  # the folder has its own
        run = running(self.settings, seed=False, console=Console(self.said), given=own, told=self.told)
        try:
            self.known, self._supervisor = self._run.enter_context(run)
        except Exception as error:
            raise AssertionError(f"the system did not start: {error}\n{self.last_lines()}") from error

    def stop(self) -> None:
        """Every process, by its pid, in order."""
        self._run.close()

    @property
    def folder(self) -> Path:
        return self.settings.data

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """That process lives, holds its connections, and answers nobody."""
        process = self._supervisor.part(name)
        assert isinstance(process, HttpServer)
        process.pause()
        try:
            yield
        finally:
            process.resume()

    def messages(self) -> list[dict[str, Any]]:
        """What reached the SMS provider, as it wrote it down."""
        log = Path(self.known.provider_log)
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []

    async def document(self, service: str, collection: str, **where: Any) -> dict[str, Any] | None:
        """What no route shows, read from that service's own database."""
        async with AsyncMongoClient[dict[str, Any]](self.known.mongodb) as client:
            return await client[f"{self.known.namespace}{service}"][collection].find_one(where)

    async def edit(self, service: str, collection: str, id_: str, **fields: Any) -> None:
        """What no route does: write into a document of that service as one who has its password."""
        async with AsyncMongoClient[dict[str, Any]](self.known.mongodb) as client:
            kept = client[f"{self.known.namespace}{service}"][collection]
            edited = await kept.update_one({"_id": id_}, {"$set": fields})
        assert edited.matched_count == 1, f"{service} keeps no {id_} in {collection}"

    def last_lines(self) -> str:
        return "\n".join(self.said.getvalue().splitlines()[-SHOWN_LINES:])
