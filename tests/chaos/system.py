"""The services as separate processes of one role each, the issuer and the provider; what dies is started again."""

import asyncio
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
from pydantic import AnyHttpUrl
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.ports import free_port
from deploy.local.process import Process
from shared.documents import Doc
from shared.kafka import create_topics
from shared.settings import CommonSettings
from tests.processes import ROOT

LOOK_EVERY_SECONDS = 0.2
START_PATIENCE_SECONDS = 240.0

SHORT: dict[str, str] = {
    "SESSION_TIMEOUT_MILLISECONDS": "2000",
    "RELAY_LEASE_SECONDS": "3",
    "SWEEP_AFTER_SECONDS": "2",
    "TIMER_POLL_SECONDS": "0.5",
    "CONSUMER_BATCH_SIZE": "100",
    "HOLD_SECONDS": "15",
    "NONCES_OPEN_SECONDS": "1",
    "SEND_TIMEOUT_SECONDS": "1",
    "SEND_LEASE_SECONDS": "4",
}
"""Time-outs as short as a test needs them; a frozen process outlives every one of them."""


class Where(Protocol):
    """What a system runs on: addresses."""

    @property
    def kafka(self) -> str: ...

    @property
    def mongodb(self) -> str: ...


@dataclass(frozen=True)
class Program:
    """One process. `plans` are the FAULT_POINTS of its first, second … start; later starts have none."""

    name: str
    service: str
    roles: tuple[str, ...]
    plans: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return f"{self.service} {'+'.join(self.roles)}"


class System:
    """Processes by name. `always` are FAULT_POINTS of every start: the sabotage controls. `ports`: where not any."""

    def __init__(
        self,
        servers: Where,
        folder: Path,
        programs: Sequence[Program],
        *,
        always: str = "",
        ports: Mapping[str, int] | None = None,
        **changed: str,
    ) -> None:
        self.servers, self.always, self.changed = servers, always, changed
        self.programs = {program.name: program for program in programs}
        self.namespace = f"c{secrets.token_hex(3)}-"
        self.folder = folder / self.namespace
        self.logs, self.provider_log = self.folder / "logs", self.folder / "provider.jsonl"
        others = ("issuer", "provider") if self._has("notify") else ("issuer",)
        self.ports = {name: (ports or {}).get(name) or free_port() for name in (*others, *self.programs)}
        self.secret = secrets.token_hex(16)
        self.processes: dict[str, Process] = {}
        self.plans: dict[str, str] = {}
        self.armed: dict[str, list[str]] = {}
        self.starts: Counter[str] = Counter()
        self.died: list[tuple[str, int, str]] = []
        self.died_at: list[float] = []
        self.surprise: Callable[[Program], str] | None = None
        self.clocks = self.folder / "clocks"
        self.clocks.mkdir(parents=True)
        self.supervisor: asyncio.Task[None] | None = None
        self.mongo: AsyncMongoClient[Doc] = AsyncMongoClient(servers.mongodb, tz_aware=True)
        self.settings = CommonSettings(
            profile="local",
            namespace=self.namespace,
            mongodb_uri=servers.mongodb,
            kafka_bootstrap_servers=servers.kafka,
            issuer=self.url("issuer"),
            jwks_url=AnyHttpUrl(f"{self.url('issuer')}/jwks.json"),
        )

    def _has(self, service: str) -> bool:
        return any(program.service == service for program in self.programs.values())

    def database(self, service: str) -> AsyncDatabase[Doc]:
        return self.mongo[self.settings.database_name(service)]

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def apis(self, service: str) -> list[str]:
        """Where the service answers requests."""
        return [self.url(p.name) for p in self.programs.values() if p.service == service and "api" in p.roles]

    @property
    def environment(self) -> dict[str, str]:
        """What every process is told."""
        issuer, notify = self.url("issuer"), self.apis("notify")
        sms = (
            {
                "SMS_PROVIDER_URL": self.url("provider"),
                "SMS_CALLBACK_SECRET": self.secret,
                "SMS_CALLBACK_URL": f"{notify[0]}/v1/provider-callbacks/local-sms",
            }
            if notify
            else {}
        )
        return {
            **SHORT,
            **sms,
            "PROFILE": "local",
            "KAFKA_BOOTSTRAP_SERVERS": self.servers.kafka,
            "MONGODB_URI": self.servers.mongodb,
            "NAMESPACE": self.namespace,
            "ISSUER": issuer,
            "JWKS_URL": f"{issuer}/jwks.json",
            "LOG_FORMAT": "json",
            "PYTHONUNBUFFERED": "1",
            **self.changed,
        }

    async def start(self) -> None:
        """All at once; returns when each of them says that it is ready."""
        await asyncio.to_thread(create_topics, self.settings)
        for name in self.ports:
            self._start(name)
        self.supervisor = asyncio.create_task(self._supervise())
        await self.all_ready()

    async def stop(self) -> None:
        """End them at once: what they leave behind is another run's business only in its own namespace."""
        if self.supervisor:
            self.supervisor.cancel()
            await asyncio.gather(self.supervisor, return_exceptions=True)
        for process in self.processes.values():
            await asyncio.to_thread(process.kill)
        await self.mongo.close()

    async def calm(self) -> None:
        """Everybody runs, awake, on time and without a planned fault. Raises what broke the supervisor."""
        self.armed.clear()
        self.surprise = None
        for name in self.programs:
            self.set_clock(name, 0)
        for program in self.programs.values():
            self.starts[program.name] = max(self.starts[program.name], len(program.plans))
        for name, process in list(self.processes.items()):
            process.resume()
            if self.plans.pop(name, ""):
                await asyncio.to_thread(process.stop)
        if self.supervisor and self.supervisor.done():
            self.supervisor.result()
        await self.all_ready()

    async def all_ready(self) -> None:
        """Fails with who is not, and what it says of itself."""
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while not_ready := await self.not_ready():
            assert time.monotonic() < deadline, f"not ready: {not_ready}"
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def not_ready(self) -> dict[str, str]:
        async with httpx.AsyncClient(timeout=5) as client:
            answers = await asyncio.gather(*(self._ready(client, name) for name in self.programs))
        return {name: answer for name, answer in zip(self.programs, answers, strict=True) if answer}

    async def _ready(self, client: httpx.AsyncClient, name: str) -> str:
        """Empty when it is; else what it says."""
        try:
            answer = await client.get(f"{self.url(name)}/readyz")
        except httpx.HTTPError as error:
            return repr(error)
        return "" if answer.status_code == httpx.codes.OK else answer.text

    def arm(self, name: str, *plans: str) -> None:
        """The FAULT_POINTS of its next starts, before those of its program."""
        self.armed.setdefault(name, []).extend(plans)

    def kill(self, name: str) -> None:
        """From without: it did not die at a point of its plan."""
        self.plans[name] = ""
        self.processes[name].kill()

    def log_files(self) -> list[Path]:
        return sorted(self.logs.glob("*.log"))

    def _start(self, name: str) -> None:
        process = Process(
            name, self._command(name), env=self._told(name), cwd=ROOT, log=self.logs / f"{name}.log", grace_seconds=30
        )
        self.processes[name] = process
        self.starts[name] += 1
        process.start()

    def _command(self, name: str) -> list[str]:
        port = str(self.ports[name])
        if name == "issuer":
            return [sys.executable, "-m", "deploy.local.issuer", "--port", port, "--data", str(self.folder / "issuer")]
        if name == "provider":
            log = str(self.provider_log)
            return [sys.executable, "-m", "deploy.local.provider", "--port", port, "--log", log, "--pace", "0.05"]
        program = self.programs[name]
        return [sys.executable, "-m", f"services.{program.service}", *program.roles]

    def _told(self, name: str) -> Mapping[str, str]:
        plans: Sequence[str] = self.programs[name].plans if name in self.programs else ()
        started, armed = self.starts[name], self.armed.get(name)
        self.plans[name] = armed.pop(0) if armed else plans[started] if started < len(plans) else self._surprise(name)
        faults = ",".join(part for part in (self.always, self.plans[name]) if part)
        unsafe = {"ALLOW_UNSAFE": "1", "FAULT_POINTS": faults} if faults else {"ALLOW_UNSAFE": "", "FAULT_POINTS": ""}
        own = {"HTTP_PORT": str(self.ports[name]), "CLOCK_OFFSET_FILE": str(self.clocks / name)}
        return {**self.environment, **unsafe, **own}

    def _surprise(self, name: str) -> str:
        return self.surprise(self.programs[name]) if self.surprise and name in self.programs else ""

    def set_clock(self, name: str, seconds: float) -> None:
        """How far ahead its clock is from now on, whether it runs or starts."""
        fresh = self.clocks / f"{name}.new"
        fresh.write_text(str(seconds), encoding="ascii")
        fresh.replace(self.clocks / name)

    async def _supervise(self) -> None:
        """Start again what has ended, and note how it ended."""
        while True:
            for name, process in list(self.processes.items()):
                if not process.running:
                    self.died.append((name, process.exit_code or 0, self.plans.get(name, "")))
                    self.died_at.append(time.monotonic())
                    self._start(name)
            await asyncio.sleep(LOOK_EVERY_SECONDS)
