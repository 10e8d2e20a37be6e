"""The registry of a state imported while importer, relay and consumers are killed; then all four services are asked."""

import asyncio
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.consumer.partitions import COLLECTION
from shared.contracts.catalog import Programme
from shared.documents import Doc
from tests.chaos.log import Log, Told
from tests.chaos.servers import Servers
from tests.chaos.system import Program, System
from tests.processes import ROOT
from tools.seed.state.making import FILES, made

STATE, SEED = "27", 7
PATIENCE_SECONDS = 120.0
PATIENCE_FOR_A_STATE_SECONDS = 2_400.0
KILLS = 20
LOOK_SECONDS = 0.25
POINTS = (
    "import.after_rows=kill@1",
    "write.after_insert=kill@2",
    "import.after_bad_rows=kill@1",
    "import.after_mark=kill@2",
    "import.before_end=kill@1",
)
"""Where an importer dies, one start after the other; a list that is done before is not killed any more."""
WATCHED = ("topic", "logs", "commands", "catalog")
DIGITS = re.compile(r"\d{10,}")
TOPIC = "catalog.groups"
KNOWN = {"orders": "known_sellers", "stalls": "known_groups", "notify": "known_groups"}
PROGRAMS = (
    Program("catalog-relay", "catalog", ("relay",), ("relay.sent=kill@3", "relay.acked=kill@3")),
    Program("orders-consume", "orders", ("consume",), ("consumer.before_commit=kill@2",)),
    Program("stalls-consume", "stalls", ("consume",), ("consumer.after_commit=kill@2",)),
    Program("notify-consume", "notify", ("consume",), ("consumer.before_commit=kill@4",)),
    Program("notify-api", "notify", ("api",)),
)


@dataclass(frozen=True)
class Registry:
    """What is left when the dust has settled."""

    answers: dict[str, Any]
    jobs: dict[str, list[Doc]]
    """By service; of every list its newest pass."""
    bad: dict[str, dict[str, dict[str, str]]]
    """By service, then by file: line to rule."""
    groups: set[str]
    contacts: int
    known: dict[str, set[str]]
    told: list[Told]
    died: list[tuple[str, int, str]]
    importer_died: list[str]
    again: list[Doc]
    """The jobs of the catalogue after every list was imported once more."""
    told_again: int
    """Records that this brought."""
    runs: dict[str, set[str]] = field(repr=False)
    """Digits in a row, ten and more, by where no phone and no account may lie."""
    looked_at: dict[str, int]
    """Letters that were looked at there."""
    secrets: set[str] = field(repr=False)
    seconds: float


async def imported(servers: Servers, folder: Path, scale: float, seed: int) -> Registry:
    """Kill all the while; then import once more, unhurt."""
    answers = made(STATE, scale, SEED, folder, lambda *_: None).shown()
    system = System(servers, servers.folder, PROGRAMS)
    began = time.monotonic()
    try:
        await system.start()
        lists = Lists(system, folder)
        blows = asyncio.create_task(_killed_at_random(system, random.Random(seed)))
        await asyncio.gather(*(lists.bring(programme) for programme in FILES))
        blows.cancel()
        await system.calm()
        await _settled(system, scale)
        first = await Log(system.settings, 0).everything(TOPIC)
        for programme in FILES:
            await lists.run(programme, "")
        await _settled(system, scale)
        return await _looked_at(system, lists, answers, first[TOPIC], time.monotonic() - began)
    finally:
        await system.stop()


class Lists:
    """The command line in processes of its own, started again as often as it was killed."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.died: list[str] = []
        self.output: list[str] = []

    async def bring(self, programme: Programme) -> None:
        for point in (*POINTS, ""):
            if await self.run(programme, point) >= 0:
                return

    async def run(self, programme: Programme, fault: str) -> int:
        """The exit code; one that is not 0, 1 or a kill fails with what the command said."""
        command = ["import", str(self.folder / FILES[programme]), "--programme", programme, "--yes"]
        report = ["--report", str(self.folder / f"{programme}-report.csv")]
        settings = self.system.settings
        environment = {
            **os.environ,
            **self.system.environment,
            "ALLOW_UNSAFE": "1",
            "FAULT_POINTS": fault,
            "ACCOUNT_KEYS": f"k1:{self.system.secret}",
            "MONGODB_URI": settings.mongodb_uri,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tools.groups", *command, *report),
            cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        self.output.append(said.decode())
        code = process.returncode or 0
        assert code in {0, 1, -9}, said.decode()
        if code < 0:
            self.died.append(f"{programme} at {fault}")
        return code


async def _killed_at_random(system: System, rng: random.Random) -> None:
    names = [program.name for program in PROGRAMS if "api" not in program.roles]
    for _ in range(KILLS):
        await asyncio.sleep(rng.uniform(2, 6))
        await asyncio.to_thread(system.kill, rng.choice(names))


async def _settled(system: System, scale: float) -> None:
    """Nothing waits in an outbox, and every reader has come to the end of the topic."""
    groups = system.database("catalog")["groups"]
    log = Log(system.settings, 0)
    async with asyncio.timeout(PATIENCE_SECONDS + scale * PATIENCE_FOR_A_STATE_SECONDS):
        while await groups.find_one({"outbox.0": {"$exists": True}}, {"_id": 1}):  # noqa: ASYNC110  another process
            await asyncio.sleep(LOOK_SECONDS)
        ends = await log.ends(TOPIC)
        while await _behind(system, ends):  # noqa: ASYNC110  another process
            await asyncio.sleep(LOOK_SECONDS)


async def _behind(system: System, ends: dict[tuple[str, int], int]) -> bool:
    topic = system.settings.topic(TOPIC)
    for service in KNOWN:
        rows = await system.database(service)[COLLECTION].find({"_id": {"$regex": f":{re.escape(topic)}:"}}).to_list()
        at = {int(row["_id"].rpartition(":")[2]): int(row["next"]) for row in rows}
        if any(at.get(partition, 0) < end for (_, partition), end in ends.items()):
            return True
    return False


async def _looked_at(
    system: System, lists: Lists, answers: dict[str, Any], first: Sequence[Told], seconds: float
) -> Registry:
    told = (await Log(system.settings, 0).everything(TOPIC))[TOPIC]
    jobs, bad = {}, {}
    for service in ("catalog", "notify"):
        jobs[service] = await system.database(service)["imports"].find().sort("_id").to_list()
        bad[service] = await _bad(system, service, jobs[service])
    catalog = system.database("catalog")
    runs, looked_at = await _runs(system, lists, told)
    return Registry(
        answers=answers,
        jobs=jobs,
        bad=bad,
        groups={doc["_id"] async for doc in catalog["groups"].find({}, {"_id": 1})},
        contacts=await system.database("notify")["contacts"].count_documents({}),
        known={name: await _ids(system, name, collection) for name, collection in KNOWN.items()},
        told=list(first),
        died=system.died,
        importer_died=lists.died,
        again=jobs["catalog"],
        told_again=len(told) - len(first),
        runs=runs,
        looked_at=looked_at,
        secrets=_secrets(lists.folder),
        seconds=seconds,
    )


async def _ids(system: System, service: str, collection: str) -> set[str]:
    return {doc["_id"] async for doc in system.database(service)[collection].find({}, {"_id": 1})}


async def _bad(system: System, service: str, jobs: Sequence[Doc]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for job in jobs:
        mark = f"{job['_id']}:{job['number']}"
        rows = system.database(service)["import_bad_rows"].find({"_id": {"$gt": f"{mark}:", "$lt": f"{mark};"}})
        async for row in rows:
            found.setdefault(row["file"], {})[str(row["line"])] = row["code"]
    return found


async def _runs(system: System, lists: Lists, told: Sequence[Told]) -> tuple[dict[str, set[str]], dict[str, int]]:
    """On the topic, in every log, in what the commands said, and in the whole database of the catalogue."""
    runs: dict[str, set[str]] = {where: set() for where in WATCHED}
    looked_at = dict.fromkeys(WATCHED, 0)

    def look(where: str, text: str) -> None:
        runs[where].update(DIGITS.findall(text))
        looked_at[where] += len(text)

    for one in told:
        look("topic", str((one.value, one.headers)))
    for path in system.log_files():
        look("logs", path.read_text("utf-8", "replace"))
    for said in lists.output:
        look("commands", said)
    catalog = system.database("catalog")
    for name in await catalog.list_collection_names():
        async for doc in catalog[name].find():
            look("catalog", str(doc))
    return runs, looked_at


def _secrets(folder: Path) -> set[str]:
    """Every phone and account of the lists that are text: runs of digits as long as these."""
    found: set[str] = set()
    for name, encoding in (("umed.csv", "utf-8"), ("mavim.csv", "utf-16")):
        text = (folder / name).read_bytes().decode(encoding, "replace")
        found.update(re.findall(r"(?<!\d)\d{10,18}(?!\d)", text))
    return found


def rules_of(files: dict[str, dict[str, str]]) -> Counter[str]:
    return Counter(rule for lines in files.values() for rule in lines.values())
