"""The plan of a run: every process, what it is told, and what it waits for."""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from typing import Any, Final

from deploy.local import ports
from deploy.local.console import Console
from deploy.local.endpoints import ACCOUNT_KEYS, Endpoints
from deploy.local.gateway import envoy
from deploy.local.gateway.render import Gateway, render
from deploy.local.gateway.routes import SERVICES
from deploy.local.kafka import Kafka
from deploy.local.mongo import Mongo
from deploy.local.programs import HttpServer, Task
from deploy.local.settings import ROOT, LocalSettings
from deploy.local.supervisor import Part

ROLES: Final = ("api", "relay", "consume")
COUNTING: Final = ("orders", "stalls")
"""Services whose figures are counted as facts flow, each by a process of its own."""
KAFKA: Final = "KAFKA_BOOTSTRAP_SERVERS"
MONGODB: Final = "MONGODB_URI"
PROVIDER_NAME: Final = "local-sms"


class Plan:
    """The processes of one system, on the ports and in the folder of `settings`.

    `given` is the environment it obeys; `told` are settings every process gets besides, such as HOLD_SECONDS.
    """

    def __init__(
        self,
        settings: LocalSettings,
        console: Console,
        *,
        given: Mapping[str, str] = os.environ,
        told: Mapping[str, str] | None = None,
    ) -> None:
        self.settings = settings
        self.data = settings.data.resolve()
        self._console = console
        self._told = dict(told or {})
        self._given = {**given, **self._told}
        self._kafka = Kafka(self.data / "kafka", settings.port_kafka, on_line=console.line, say=console.say)
        self._mongo = Mongo(self.data / "mongodb", settings.port_mongodb, on_line=self._what_is_wrong)

    def parts(self, *, seed: bool) -> list[Part]:
        """Every process and what it needs first; not the servers that `given` names, nor a service to do without."""
        away = {self.settings.without, f"{self.settings.without}-stream"}
        return [part for part in self._all(seed=seed) if part.name not in away]

    def _all(self, *, seed: bool) -> list[Part]:
        python = sys.executable
        needs = ("kafka", "mongodb", "issuer", "provider", "topics")
        seeded = (
            [Part("seed", self._task("seed", "tools.seed"), after=("gateway", *SERVICES), once=True)] if seed else []
        )
        return [
            *([] if self._given.get(KAFKA) else [Part("kafka", self._kafka)]),
            *([] if self._given.get(MONGODB) else [Part("mongodb", self._mongo)]),
            Part("issuer", self._server("issuer", self._issuer(python), "/healthz")),
            Part("provider", self._server("provider", self._provider(python), "/healthz")),
            Part("topics", self._task("topics", "tools.topics"), after=("kafka",), once=True),
            *(Part(name, self._service(name, python), after=needs) for name in SERVICES),
            *(Part(f"{name}-stream", self._stream(name, python), after=needs) for name in COUNTING),
            Part("gateway", self._server("gateway", self._envoy(), "/healthz"), after=("issuer",)),
            *seeded,
        ]

    def endpoints(self) -> Endpoints:
        """Where everything will be."""
        issuer = self._url("issuer")
        return Endpoints(
            gateway=self._url("gateway"),
            services={name: self._url(name) for name in SERVICES},
            workers={f"{name}-stream": self._url(f"{name}-stream") for name in COUNTING},
            kafka=self._given.get(KAFKA) or self._kafka.address,
            mongodb=self._given.get(MONGODB) or self._mongo.uri,
            issuer=issuer,
            jwks=f"{issuer}/jwks.json",
            provider=self._url("provider"),
            provider_log=str(self.data / "provider.jsonl"),
            headers=str(self.data / "tokens"),
            namespace=self._given.get("NAMESPACE", ""),
        )

    def environment(self) -> dict[str, str]:
        """What every process is told besides its own port."""
        known = self.endpoints()
        return {
            "PROFILE": "local",
            KAFKA: known.kafka,
            MONGODB: known.mongodb,
            "ISSUER": known.issuer,
            "JWKS_URL": known.jwks,
            "SMS_PROVIDER_URL": known.provider,
            "SMS_CALLBACK_SECRET": self._secret("callback-secret"),
            "ACCOUNT_KEYS": self._secret(ACCOUNT_KEYS, "k1:"),
            "SMS_CALLBACK_URL": f"{known.services['notify']}/v1/provider-callbacks/{PROVIDER_NAME}",
            "BACHAT_DATA": str(self.data),
            "LOG_FORMAT": self._given.get("LOG_FORMAT") or ("console" if self._console.for_people else "json"),
            "PYTHONUNBUFFERED": "1",
            "NONCES_OPEN_SECONDS": "1",  # who tries a draw does not wait for an hour
            **self._told,
        }

    def refuse_taken_ports(self) -> None:
        """PortInUse for the first port that another program has."""
        elsewhere = {"port_kafka": KAFKA, "port_mongodb": MONGODB}
        for field in (name for name in LocalSettings.model_fields if name.startswith("port_")):
            port = self.settings.port(field.removeprefix("port_"))
            if not self._given.get(elsewhere.get(field, "")) and not ports.gets_free(port):
                raise ports.PortInUse(port, f"BACHAT_{field.upper()}")

    def write_gateway(self) -> None:
        """Envoy's configuration for these ports."""
        known = self.endpoints()
        services = {name: f"{ports.LOOPBACK}:{self.settings.port(name)}" for name in SERVICES}
        asked = Gateway(
            self.settings.port_gateway,
            self.settings.port_envoy_admin,
            known.issuer,
            known.jwks,
            services,
            rate=self.settings.gateway_rate,
            access_log=str(self.data / "logs" / "requests.jsonl"),
        )
        (self.data / "logs").mkdir(parents=True, exist_ok=True)
        (self.data / "envoy.json").write_text(json.dumps(render(asked), indent=1), encoding="utf-8")

    def _issuer(self, python: str) -> list[str]:
        where = ("--port", str(self.settings.port_issuer), "--data", str(self.data / "issuer"))
        return [python, "-m", "deploy.local.issuer", *where]

    def _provider(self, python: str) -> list[str]:
        where = ("--port", str(self.settings.port_provider), "--log", self.endpoints().provider_log)
        return [python, "-m", "deploy.local.provider", *where]

    def _service(self, name: str, python: str) -> HttpServer:
        command = [python, "-m", f"services.{name}", *ROLES]
        return self._server(name, command, "/readyz", {"HTTP_PORT": str(self.settings.port(name))})

    def _stream(self, name: str, python: str) -> HttpServer:
        worker = f"{name}-stream"
        command = [python, "-m", f"services.{name}", "stream"]
        return self._server(worker, command, "/readyz", {"HTTP_PORT": str(self.settings.port(worker))})

    def _envoy(self) -> list[str]:
        return envoy.command(self.data / "envoy.json")

    def _server(self, name: str, command: list[str], path: str, env: Mapping[str, str] | None = None) -> HttpServer:
        return HttpServer(name, command, f"{self._url(name)}{path}", **self._common(name, env or {}))

    def _task(self, name: str, module: str) -> Task:
        return Task(name, [sys.executable, "-m", module], **self._common(name, {}))

    def _what_is_wrong(self, name: str, line: str) -> None:
        """mongod tells every step of its day (its log file has them all); the terminal is for errors."""
        if not line.startswith("{") or '"s":"E"' in line or '"s":"F"' in line:
            self._console.line(name, line)

    def _common(self, name: str, env: Mapping[str, str]) -> dict[str, Any]:
        log = self.data / "logs" / f"{name}.log"
        return {"env": {**self.environment(), **env}, "cwd": ROOT, "log": log, "on_line": self._console.line}

    def _url(self, name: str) -> str:
        return f"http://{ports.LOOPBACK}:{self.settings.port(name)}"

    def _secret(self, name: str, before: str = "") -> str:
        """Random hexadecimal digits after `before`, made once for a data folder, read by its owner only."""
        path = self.data / name
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(before + secrets.token_hex(32), encoding="ascii")
        return path.read_text(encoding="ascii")
