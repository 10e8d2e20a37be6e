"""What a page may show to whom, decided from what there is and not by the stores: the second opinion on every list."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx

from shared.scope import BUYERS, Role
from tests.integration.tenancy.people import (
    ALL_CLAIMS,
    ANOTHER,
    ANOTHER_BLOCK,
    ANOTHER_DISTRICT,
    ANOTHER_GROUP,
    ANOTHER_STATE,
    INSIDE,
    OUTSIDE,
    STATE,
)
from tests.integration.tenancy.table import Area, Row
from tests.integration.tenancy.world import Shown, World

Who = tuple[Role, Mapping[str, Any]]
OTHERS = (
    ("state", ANOTHER_STATE),
    ("tenant", ANOTHER_STATE),
    ("district", ANOTHER_DISTRICT),
    ("seller_district", ANOTHER_DISTRICT),
    ("block", ANOTHER_BLOCK),
    ("group", ANOTHER_GROUP),
    ("seller", ANOTHER_GROUP),
    ("party", ANOTHER),
    ("party", ANOTHER_GROUP),
    ("buyer", ANOTHER),
    ("recipient", ANOTHER),
    ("product", f"papad-{ANOTHER_GROUP}"),
    ("call", "call-nagpur"),
    ("q", "सावित्री"),
    ("level", "state"),
    ("category", "food"),
    ("role", "admin"),
    ("scope", "state"),
)
GIVERS: tuple[Who, ...] = (
    (Role.ADMIN, {"sub": ANOTHER}),
    (Role.ADMIN, {"sub": ANOTHER, "state": ANOTHER_STATE}),
    (Role.GROUP_LEADER, {"sub": ANOTHER, "groups": [ANOTHER_GROUP]}),
    (Role.BUYER, {"sub": ANOTHER}),
)
"""Whose cursors everybody tries."""
COUNTING = {"x-total-count", "x-total", "content-range", "link", "etag"}


def everybody(areas: Mapping[Role, Area]) -> Iterator[Who]:
    """Each role inside, outside, with claims that are not its own, and of another state."""
    for role in sorted(Role):
        for claims in (INSIDE[areas[role]], *OUTSIDE[areas[role]], ALL_CLAIMS):
            yield role, claims
        yield role, {**ALL_CLAIMS, "state": ANOTHER_STATE}


def sees(who: Who, area: Area, row: Row, one: Shown) -> bool:
    role, claims = who
    if one.tenant != claims.get("state", STATE):
        return False
    if one.everybodys or (one.party == claims["sub"] and (one.personal or role in BUYERS)):
        return True
    return role in row.may and _in_area(claims, area, one)


def _in_area(claims: Mapping[str, Any], area: Area, one: Shown) -> bool:
    if area == "her groups":
        return one.group in claims.get("groups", ())
    if area == "block":
        place = (claims.get("district"), claims.get("block"))
        return claims.get("block") is not None and place in one.places
    if area == "district":
        return claims.get("district") is not None and any(claims["district"] == place[0] for place in one.places)
    return area == "state"


def hostile(known: set[str]) -> list[str]:
    """Filters that name what is another's: one by one where the route has them, all together where it has not."""
    own = [f"{name}={value}" for name, value in OTHERS if name in known]
    return [*own, "&".join(f"{name}={value}" for name, value in OTHERS if name not in known)]


class Reading:
    """One list at one world; `findings` is empty when every page is what its reader may see."""

    def __init__(self, world: World, row: Row, areas: Mapping[Role, Area]) -> None:
        self.world, self.row, self.areas = world, row, areas
        self.key, self.there = world.lists[row.route]
        self.findings: list[str] = []

    def known(self) -> set[str]:
        """What the route may be narrowed by."""
        method, path = self.row.route.split(" ")
        operation = self.world.house.app.openapi()["paths"][path][method.lower()]
        return {parameter["name"] for parameter in operation["parameters"]}

    async def page(self, who: Who, query: str) -> httpx.Response:
        ask = self.world.asks[self.row.route, self.row.of]
        asked = replace(ask, query="&".join(filter(None, (ask.query, query))))
        return await self.world.send(self.row.route, asked, self.world.token(*who))

    async def pages(self, who: Who, query: str = "limit=7") -> list[str]:
        """All of them, to the last."""
        found: list[str] = []
        cursor = ""
        while True:
            response = await self.page(who, query + cursor)
            if not response.is_success:
                return found
            self.counts(who, response)
            found += self.names(response)
            if (following := response.json()["next_cursor"]) is None:
                return found
            cursor = f"&cursor={following}"

    def names(self, response: httpx.Response) -> list[str]:
        return [str(item[self.key]) for item in response.json()["items"]]

    def counts(self, who: Who, response: httpx.Response) -> None:
        """Nothing beside the rows says how many there are."""
        if set(response.json()) != {"items", "next_cursor"} or COUNTING & set(response.headers):
            self.findings.append(f"{who}: the page tells more than its rows")

    async def reader(self, who: Who) -> None:
        hers = {one.key for one in self.there if sees(who, self.areas[who[0]], self.row, one)}
        if self.row.others and self.row.others.status != 200 and who[0] not in self.row.may:
            hers = set()
        seen = await self.pages(who)
        if sorted(seen) != sorted(hers):
            self.findings.append(f"{who}: expected {sorted(hers)}, saw {sorted(seen)}")
        for query in self.queries:
            for name in set(await self.pages(who, query)) - hers:
                self.findings.append(f"{who}: {query} shows {name}")

    async def read(self) -> None:
        """By everybody, with filters and cursors that are not her own."""
        given = {(await self.page(who, "limit=1")).json().get("next_cursor") for who in GIVERS}
        self.queries = hostile(self.known()) + [f"cursor={cursor}" for cursor in given if cursor]
        for who in everybody(self.areas):
            await self.reader(who)


async def leaks(world: World, row: Row, areas: Mapping[Role, Area]) -> list[str]:
    reading = Reading(world, row, areas)
    await reading.read()
    return [f"{row.name}: {finding}" for finding in reading.findings]
