"""What can be turned in every service, from the environment. A service adds its own in a subclass."""

import sys
from typing import Literal, TypeVar

from pydantic import AnyHttpUrl, Field, FilePath, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

S = TypeVar("S", bound="CommonSettings")

Profile = Literal["local", "production"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class CommonSettings(BaseSettings):
    """Each field is the environment variable of the same name in capitals; an empty one counts as not set."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    profile: Profile = Field(default="production", description="local (one broker, 4 partitions) or production")
    namespace: str = Field(
        default="",
        pattern=r"^[a-z0-9_-]{0,40}$",
        description="prefix of topics, groups and databases: small letters, digits, _ and -",
    )
    mongodb_uri: str = Field(
        pattern=r"^mongodb(\+srv)?://",
        repr=False,  # it may hold a password
        description="a replica set, such as mongodb://127.0.0.1:27017/?replicaSet=rs0",
    )
    kafka_bootstrap_servers: str = Field(
        pattern=r"^[^\s,:]+:[0-9]+(,[^\s,:]+:[0-9]+)*$", description="host:port, several with commas between"
    )
    kafka_username: str = Field(default="", description="who this process is to Kafka; empty: no TLS and nobody")
    kafka_password: SecretStr = Field(default=SecretStr(""), description="of KAFKA_USERNAME, by SCRAM-SHA-512 over TLS")
    kafka_ca_file: FilePath | None = Field(default=None, description="who signs the brokers' certificates, a PEM file")
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535, description="0 takes a free one and logs it")
    issuer: str = Field(min_length=1, description="who signs the tokens: their claim `iss`, a URL")
    jwks_url: AnyHttpUrl = Field(description="where the issuer's public keys are, a URL")
    audience: str = Field(default="bachat-haat", min_length=1, description="the claim `aud` of a token for us")
    allow_unsafe: bool = Field(default=False, description="1 skips the start-up assertions and allows fault points")
    clock_offset_seconds: float = Field(default=0, description="read by shared.clock")
    clock_offset_file: str = Field(default="", description="read by shared.clock: more seconds, at every look")
    fault_points: str = Field(default="", description="read by shared.faults")
    log_level: LogLevel = "INFO"
    log_format: Literal["auto", "json", "console"] = "auto"
    otlp_endpoint: AnyHttpUrl | None = Field(
        default=None, description="where traces go (OTLP/HTTP), such as http://127.0.0.1:4318; not set: no traces"
    )
    trace_ratio: float = Field(default=1.0, ge=0, le=1, description="of the traces that begin here, the share kept")

    consumer_batch_size: int = Field(default=500, ge=1, le=5_000)
    session_timeout_milliseconds: int = Field(default=10_000, ge=1_000)
    relay_lease_seconds: float = Field(default=10, gt=0)
    sweep_after_seconds: float = Field(default=10, gt=0)
    timer_poll_seconds: float = Field(default=1.0, gt=0)
    parking_limit: int = Field(
        default=100, ge=1, description="poison events in a row after which the code is suspect: the process ends"
    )

    import_report_days: int = Field(
        default=90, ge=1, description="after its end an import keeps its bad rows so long, then its counts alone"
    )

    @property
    def partitions(self) -> int:
        """Of every topic, for ever: the order of a key's events hangs on it."""
        return 4 if self.profile == "local" else 48

    @property
    def replication_factor(self) -> int:
        return 1 if self.profile == "local" else 3

    @property
    def min_insync_replicas(self) -> int:
        return 1 if self.profile == "local" else 2

    def database_name(self, service: str) -> str:
        return f"{self.namespace}{service}"

    def topic(self, name: str) -> str:
        return f"{self.namespace}{name}"

    def group(self, name: str) -> str:
        return f"{self.namespace}{name}"


def read_settings(kind: type[S]) -> S:
    """The settings of this environment. Says on stderr what is missing or wrong, one line each, and exits with 2."""
    try:
        return kind()
    except ValidationError as error:
        lines = [_sentence(kind, fault) for fault in error.errors(include_input=False, include_url=False)]
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        raise SystemExit(2) from None


def _sentence(kind: type[CommonSettings], fault: ErrorDetails) -> str:
    name = str(fault["loc"][0])
    described = kind.model_fields[name].description if name in kind.model_fields else None
    wrong = "is missing" if fault["type"] == "missing" else f"is wrong: {fault['msg']}"
    return f"{name.upper()} {wrong}" + (f" ({described})" if described else "")
