"""What can be turned on one machine: ports, folders, memory. Every setting is an environment variable BACHAT_<NAME>."""

import shlex
from pathlib import Path
from typing import Self

from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".run"


class LocalSettings(BaseSettings):
    """Settings of the local run; ports are on 127.0.0.1."""

    model_config = SettingsConfigDict(env_prefix="BACHAT_", frozen=True)

    data: Path = DATA
    cache: Path = ROOT / ".cache"
    kafka_heap: str = "512m"
    kafka_java: str = "-XX:TieredStopAtLevel=1"
    """More Java options. This one halves the processor time of a start; benchmarks set it empty for full speed."""
    mongodb_cache_gb: float = 0.25
    seed: bool = True
    """Fill a new data folder with the groups, goods and contacts of `tools.seed`."""
    without: str = ""
    """A service that is not started, such as `orders`: its database can then be put back from a backup."""
    gateway_rate: int | None = None
    """Requests a second in place of each route class's own; None: the route table's."""

    port_gateway: int = 8080
    port_catalog: int = 8101
    port_orders: int = 8102
    port_stalls: int = 8103
    port_notify: int = 8104
    port_issuer: int = 8110
    port_provider: int = 8111
    port_envoy_admin: int = 8119
    port_orders_stream: int = 8122
    port_stalls_stream: int = 8123
    # Not the servers' usual ports: a Kafka or MongoDB of the person's own may stand there.
    port_kafka: int = 19092
    port_mongodb: int = 27117

    @property
    def down(self) -> str:
        """What stops the run of this data folder, as one types it."""
        data = self.data.resolve()
        return "make down" if data == DATA else f"BACHAT_DATA={shlex.quote(str(data))} make down"

    def port(self, name: str) -> int:
        """The port of one process of the run, by its name."""
        return int(getattr(self, f"port_{name.replace('-', '_')}"))

    def on_free_ports(self) -> Self:
        """The same, with every port a free one: what a test starts."""
        names = [name for name in type(self).model_fields if name.startswith("port_")]
        return self.model_copy(update={name: free_port() for name in names})
