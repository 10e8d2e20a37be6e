"""Before the first role runs: the address, the servers, and whether they can be trusted."""

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from shared.logs import log
from shared.mongo import Database, connect, ensure_indexes, unavailable
from shared.service import Running, Service, Stores
from shared.settings import CommonSettings

T = TypeVar("T")

LONGEST_PAUSE_SECONDS = 5.0
FIRST_ANSWER_SECONDS = 3


class AddressTakenError(RuntimeError):
    """The process cannot listen where it should."""


def listen(settings: CommonSettings) -> socket.socket:
    """Raises AddressTakenError naming the settings to change."""
    try:
        return socket.create_server((settings.http_host, settings.http_port), backlog=2048)
    except OSError as error:
        place = f"{settings.http_host}:{settings.http_port}"
        raise AddressTakenError(f"HTTP_HOST:HTTP_PORT {place} cannot be listened on: {error.strerror}") from error


async def started(service: Service, settings: CommonSettings, roles: Sequence[str]) -> Running:
    """Wait for the servers, make sure that they can be trusted. Raises UnsafeSettingsError."""
    database = await patient("mongodb.away", lambda: _connected(service, settings), _mongodb_away)
    try:
        await patient("mongodb.away", lambda: ensure_indexes(database, service.kinds), _mongodb_away)
        if not settings.allow_unsafe and {"relay", "consume", "stream"} & set(roles):
            from shared.kafka import assert_safe  # noqa: PLC0415  a process that only answers requests needs no Kafka

            await patient("kafka.away", lambda: assert_safe(settings), _kafka_away)
    except BaseException:
        await database.client.close()
        raise
    return Running(service, settings, database, Stores(database, service.kinds))


async def _connected(service: Service, settings: CommonSettings) -> Database:
    """Raises TimeoutError sooner than the driver would: a person watches."""
    name = settings.database_name(service.name)
    try:
        async with asyncio.timeout(FIRST_ANSWER_SECONDS):
            return await connect(settings.mongodb_uri, name, allow_unsafe=settings.allow_unsafe)
    except TimeoutError as error:
        raise TimeoutError(f"no answer within {FIRST_ANSWER_SECONDS} s from the servers of MONGODB_URI") from error


def _mongodb_away(error: Exception) -> bool:
    return unavailable(error) or isinstance(error, TimeoutError)


def _kafka_away(error: Exception) -> bool:
    return bool(getattr(error, "retriable", False)) or isinstance(error, TimeoutError)


async def patient(event: str, ask: Callable[[], Awaitable[T]], away: Callable[[Exception], bool]) -> T:
    """Ask until the server is there, with a visible line each time; what is not its absence is raised."""
    pause_seconds = 0.25
    while True:
        try:
            return await ask()
        except Exception as error:
            if not away(error):
                raise
            log.warning(event, error=f"{type(error).__name__}: {error}"[:300], again_in_seconds=pause_seconds)
        await asyncio.sleep(pause_seconds * random.uniform(0.8, 1.2))  # noqa: S311
        pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)
