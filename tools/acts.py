"""What a tool changes is a privileged act: it stands in the audit log of the service before it is done."""

import asyncio
import getpass
import os
from collections.abc import Iterable
from hashlib import sha256

from shared import audit
from shared.mongo import Database, connect
from tools.environment import ToolSettings


def operator(settings: ToolSettings) -> str:
    """Who runs the tool: OPERATOR, else the login name, in a container without one the user's number."""
    if settings.operator:
        return settings.operator
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def digest_of(ids: Iterable[str]) -> str:
    """Stands for a list of ids, whatever its order."""
    return sha256("\n".join(sorted(ids)).encode()).hexdigest()


def record(settings: ToolSettings, service: str, act: str, subject: tuple[str, str], digest: str = "") -> None:
    """Before the act, which may then fail; never after it. `subject` is (kind, id). Outside an event loop."""
    asyncio.run(_recorded(settings, service, act, subject, digest))


async def _recorded(settings: ToolSettings, service: str, act: str, subject: tuple[str, str], digest: str) -> None:
    name = settings.database_name(service)
    database = await connect(settings.mongodb_uri, name, allow_unsafe=settings.allow_unsafe)
    try:
        await recorded(database, settings, act, subject, digest)
    finally:
        await database.client.close()


async def recorded(
    database: Database, settings: ToolSettings, act: str, subject: tuple[str, str], digest: str = ""
) -> None:
    """The same on a database that is open."""
    await audit.record(database, act, subject, actor=operator(settings), digest=digest)
