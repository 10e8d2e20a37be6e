"""A taker of the tests: each row of a list is a jar, kept once under its code. Run as a program it imports a file."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import AnyHttpUrl

from shared.errors import Invalid
from shared.imports import commands
from shared.imports.commands import HeldImport
from shared.imports.domain import Import, ImportTaken
from shared.imports.store import ImportDocument
from shared.imports.taking import Counts, Run, Taken, Told
from shared.lists.reading import digest, open_list
from shared.lists.rows import BadRow, Line, Row
from shared.mongo import Database, connect, ensure_indexes
from shared.scope import Role, Scope
from shared.service import Running, Service, Stores
from shared.settings import CommonSettings

ADMIN = Scope(tenant="27", role=Role.ADMIN, party="admin")
BATCH = 10
TAKEN = 3


class CrackedJar(Invalid):
    """name: {name} is cracked; send a whole one."""

    mr = "name: {name} तडकलेले आहे; चांगले पाठवा."
    hi = "name: {name} टूटा है; साबुत भेजें।"


class Jars:
    """Phones are no business of jars."""

    def __init__(self, running: Running) -> None:
        self.database = running.database
        self.seen: set[str] = set()
        self.ended = 0

    def kept(self, cells: Mapping[str, str]) -> dict[str, str]:
        return {field: text for field, text in cells.items() if field != "phone"}

    def shown(self, cells: Mapping[str, str]) -> dict[str, str]:
        return self.kept(cells)

    def remember(self, rows: Sequence[Row], run: Run) -> None:
        self.seen.update(row.cells["code"] for row in rows)

    async def take(self, rows: Sequence[Row], run: Run) -> Taken:
        bad = [self._cracked(row) for row in rows if "तडा" in row.cells["name"]]
        good = [row for row in rows if "तडा" not in row.cells["name"]]
        jars = self.database.collection("jars")
        new = repeated = 0
        for row in good:
            if row.cells["code"] in self.seen:
                repeated += 1
                continue
            self.seen.add(row.cells["code"])
            doc = await jars.find_one_and_update(
                {"_id": row.cells["code"]}, {"$setOnInsert": {"run": run.mark}}, upsert=True, return_document=True
            )
            new += doc is not None and doc["run"] == run.mark
        counts = Counts(new=new, unchanged=len(good) - new - repeated, repeated=repeated)
        return Taken(counts, bad, frozenset(row.cells["block"] for row in good))

    async def end(self, run: Run, places: frozenset[str], told: Told) -> None:
        self.ended += 1
        told(len(places), len(places))

    @staticmethod
    def _cracked(row: Row) -> BadRow:
        return BadRow(row.line, CrackedJar(name=row.cells["name"]), row.cells, row.file)


class Settings(CommonSettings):
    issuer: str = "none"
    jwks_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1/none")


SERVICE = Service(name="jars", settings=Settings, kinds=(ImportDocument,), routers=())


async def opened(name: str) -> Running:
    database: Database = await connect(os.environ["MONGODB_URI"], name, allow_unsafe=True)
    await ensure_indexes(database, SERVICE.kinds)
    settings = Settings(mongodb_uri=os.environ["MONGODB_URI"], kafka_bootstrap_servers="127.0.0.1:1")
    return Running(SERVICE, settings, database, Stores(database, SERVICE.kinds))


async def imported(running: Running, path: Path, taker: Jars | None = None) -> Import:
    """As the command line does: claim, feed, end."""
    job = await commands.of_file(running, "umed", path.name, digest(path), ADMIN)
    held = HeldImport(running, job, taker or Jars(running))
    await held.claim()
    with open_list(path, path.name, "umed") as listed:
        batch: list[Line] = []
        for line in listed.rows():
            batch.append(line)
            if len(batch) == BATCH:
                await held.take(batch)
                batch = []
        await held.take(batch)
    return await held.end()


def a_list(rows: int) -> str:
    """Every seventh jar is cracked, every eleventh stands twice, one line has too many cells."""
    lines = ["Code,Name,District,Block,Mobile"]
    for number in range(rows):
        name = f"घट {number}" + (" तडा" if number % 7 == 6 else "")
        lines.append(f"J{number},{name},490,4510,90000{number:05d}")
        if number % 11 == 10 and number % 7 != 6:
            lines.append(lines[-1])
    lines.insert(20, "J-x,घट,490,4510,1,2,3")
    return "\n".join(lines) + "\n"


def shown(job: Import) -> dict[str, Any]:
    return {"status": job.status, **job.counts.shown(), "rules": dict(job.rules), "places": sorted(job.places)}


async def main() -> None:
    """A list into a database; 3 when another process holds the import."""
    try:
        await imported(await opened(sys.argv[1]), Path(sys.argv[2]))
    except ImportTaken:
        sys.exit(TAKEN)


if __name__ == "__main__":
    asyncio.run(main())
