"""The system a tool speaks to: the one the environment names, else the one that runs on this machine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import typer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaConnectionError, KafkaTimeoutError
from pydantic import AnyHttpUrl, Field, SecretStr
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, PyMongoError
from rich.console import Console

from deploy.local.endpoints import ACCOUNT_KEYS, Endpoints
from deploy.local.settings import LocalSettings
from shared.documents import Doc
from shared.kafka import access
from shared.mongo import DURABLE, UnsafeSettingsError
from shared.settings import CommonSettings, read_settings
from tools.printing import printable

Service = Literal["catalog", "orders", "stalls", "notify"]
AWAY = (KafkaConnectionError, KafkaTimeoutError)
NAMED = ("MONGODB_URI", "KAFKA_BOOTSTRAP_SERVERS")
PATIENCE_MILLISECONDS = 3_000
IS_IT_RUNNING = "is it running? `make up` starts a system here; another is named by the setting."
WIDTH_IN_A_FILE = 200


class ToolSettings(CommonSettings):
    """Tools verify no token, so they need no issuer."""

    issuer: str = "none"
    jwks_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1/none")
    account_keys: SecretStr = Field(
        default=SecretStr(""), description="of catalog: what bank accounts are sealed with, as k2:<hex>,k1:<hex>"
    )
    operator: str = Field(default="", description="who runs the tool, for the audit log; empty: the login name")


def system() -> ToolSettings:
    """Where servers and databases are. Says on stderr what is missing, and exits with 2."""
    return read_settings(ToolSettings) if any(map(os.environ.get, NAMED)) else _running_here()


def _running_here() -> ToolSettings:
    data = LocalSettings().data
    try:
        known, keys = Endpoints.load(data), (data / ACCOUNT_KEYS).read_text(encoding="ascii")
    except (OSError, ValueError):
        sys.stderr.write(f"No running system found: start it with `make up`, or set {' and '.join(NAMED)}.\n")
        raise SystemExit(2) from None
    return ToolSettings(
        mongodb_uri=known.mongodb,
        kafka_bootstrap_servers=known.kafka,
        namespace=known.namespace,
        account_keys=SecretStr(keys),
        profile="local",
        allow_unsafe=True,
    )


@contextmanager
def database_of(service: str, settings: CommonSettings) -> Iterator[Database[Doc]]:
    """One service's database, with durable writes; nothing is asserted and nothing created."""
    client: MongoClient[Doc] = MongoClient(
        settings.mongodb_uri, tz_aware=True, serverSelectionTimeoutMS=PATIENCE_MILLISECONDS
    )
    with client:
        yield client.get_database(settings.database_name(service), write_concern=DURABLE)


def must_answer(settings: CommonSettings) -> None:
    """Raises PyMongoError within a few seconds when MongoDB is away; a service would wait longer."""
    with database_of("catalog", settings) as database:
        database.client.admin.command("ping")


def kafka_admin(settings: CommonSettings, patience_milliseconds: int = PATIENCE_MILLISECONDS) -> Any:
    """The operations client, connected. Raises KafkaTimeoutError when no broker answers in time."""
    return KafkaAdminClient(**access(settings), bootstrap_timeout_ms=patience_milliseconds)


def readable() -> Console:
    """As wide as the terminal; in a file or a pipe wide enough that no id is cut in two."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_IN_A_FILE)


@contextmanager
def plain_errors(*kafka: type[Exception]) -> Iterator[None]:
    """A server that is away or refuses is one line and exit code 1, no traceback; `kafka`: that client's errors."""
    expected: tuple[type[Exception], ...] = (PyMongoError, UnsafeSettingsError, *kafka)
    try:
        yield
    except expected as error:
        typer.echo(sentence(error), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def sentence(error: Exception) -> str:
    """What went wrong and what to look at; addresses stay out, one may hold a password."""
    if isinstance(error, ConnectionFailure):
        return f"MongoDB does not answer at MONGODB_URI: {IS_IT_RUNNING} Nothing is done twice when you repeat it."
    if isinstance(error, PyMongoError | UnsafeSettingsError):
        return str(error)[:500]
    if isinstance(error, AWAY):
        return f"Kafka does not answer at KAFKA_BOOTSTRAP_SERVERS ({type(error).__name__}): {IS_IT_RUNNING}"
    return f"Kafka at KAFKA_BOOTSTRAP_SERVERS refused: {error}"[:500]


def decoded(value: Any) -> str:
    r"""Bytes as text where they are UTF-8; what is not stands as \xNN. `-` for nothing."""
    return "-" if value is None else printable(bytes(value).decode("utf-8", "backslashreplace"))
