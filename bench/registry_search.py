"""Names searched among the groups of a whole state, each search beside reads of one group by its id."""

import random
import time
from collections.abc import Awaitable
from dataclasses import dataclass

from bench.lines import Line
from bench.place import place
from bench.registry_state import SEED, STATE, stored
from bench.settings import BenchSettings
from services.catalog.filters.domain import GroupFilters
from services.catalog.groups import commands
from services.catalog.groups.domain import Group
from services.catalog.groups.store import GroupDocument
from services.catalog.names.domain import telling
from services.catalog.wiring import SERVICE
from shared.reads import Paging
from shared.scope import Role, Scope
from shared.service import Running

MOST = 5
WARM = 200
LETTERS = "aeioubdghjklmnprstv"


@dataclass(frozen=True, slots=True)
class Ask:
    query: str
    scope: Scope


async def measured(sizes: BenchSettings) -> list[Line]:
    """By the state's, a district's and a block's officer: names as they are, with a slip, and begun."""
    async with place() as here:
        catalog = await here.running(SERVICE)
        count = await stored(catalog, sizes.registry_groups)
        some = await _some(catalog, sizes.searches)
        chance = random.Random(SEED)  # noqa: S311  the same searches in every run
        ids = [group.id for group in some]
        return [await _beside(catalog, what, asks, ids, count) for what, asks in _asked(some, chance).items()]


async def _beside(catalog: Running, what: str, asks: list[Ask], ids: list[str], count: int) -> Line:
    """Each search and a read by id in turn: whatever else the machine does, it does to both."""
    groups, found, read = catalog.stores[Group], [], []
    for ask in asks[:WARM]:
        await _search(catalog, ask)
    for ask, id_ in zip(asks, ids, strict=True):
        read.append(await _seconds(commands.read(groups, id_, _manager())))
        found.append(await _seconds(_search(catalog, ask)))
    return _line(what, sorted(found), sorted(read), count)


async def _seconds(asked: Awaitable[object]) -> float:
    began = time.perf_counter()
    await asked
    return time.perf_counter() - began


async def _search(catalog: Running, ask: Ask) -> object:
    return await commands.listed(catalog.database, GroupFilters(q=ask.query), ask.scope, Paging())


def _asked(groups: list[Group], chance: random.Random) -> dict[str, list[Ask]]:
    words = [telling(next(iter(group.names.kept().values()))) for group in groups]
    whole = [Ask(" ".join(told), _officer(group, chance)) for told, group in zip(words, groups, strict=True)]
    slips = [Ask(_slipped(ask.query, chance), ask.scope) for ask in whole]
    begun = [Ask(ask.query[: chance.randint(3, 6)], ask.scope) for ask in whole]
    return {"names as they are": whole, "names with a slip": slips, "names begun": begun}


def _slipped(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    letter = chance.choice(LETTERS) if text.isascii() else text[at - 1]
    return text[:at] + letter + text[at + chance.randint(0, 1) :]


def _officer(group: Group, chance: random.Random) -> Scope:
    role = chance.choice([Role.MISSION_MANAGER, Role.DISTRICT_OFFICER, Role.BLOCK_OFFICER])
    return Scope(tenant=STATE, role=role, party="officer", district=group.district, block=group.block)


def _manager() -> Scope:
    return Scope(tenant=STATE, role=Role.MISSION_MANAGER, party="manager")


async def _some(catalog: Running, number: int) -> list[Group]:
    rows = catalog.database.collection(GroupDocument.collection).aggregate([{"$sample": {"size": number}}])
    return [GroupDocument.load(doc) async for doc in await rows]


def _line(what: str, seconds: list[float], by_id: list[float], count: int) -> Line:
    found, limit = _p99(seconds) * 1_000, _p99(by_id) * 1_000
    middle = seconds[len(seconds) // 2] * 1_000
    return Line(
        name="registry-search",
        measure=f"{what}: p99 of a page of 50",
        value=found,
        unit="ms",
        limit="p99 of a read by id",
        limit_value=limit,
        ratio=limit / found,
        goal=f"≥ {1 / MOST}",
        met=found <= MOST * limit,
        note=f"{count:,} groups, {len(seconds):,} searches; median {middle:.1f} ms",
    )


def _p99(seconds: list[float]) -> float:
    return seconds[int(len(seconds) * 0.99)]
