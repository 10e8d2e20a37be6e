"""The checker: knocks at one route as everybody, and says in sentences where the answer is not the document's."""

from collections.abc import Iterable, Mapping

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from services.stalls.draw import archive
from shared.scope import Role
from tests.integration.tenancy.people import ALL_CLAIMS, Knock, insiders, strangers
from tests.integration.tenancy.table import Answer, Area, Row
from tests.integration.tenancy.tokens import bad_tokens
from tests.integration.tenancy.world import Ask, Snapshot, World, changed

UNAUTHENTICATED = Answer(401, "Unauthenticated")
Areas = Mapping[Role, Area]


def routes_of(app: FastAPI) -> set[str]:
    """What the running app answers, as `POST /v1/products`, whoever declared it."""
    found = iter_route_contexts(app.routes)
    return {f"{method} {route.path}" for route in found for method in route.methods or () if method != "HEAD"}


def unequal(asked: object, response: httpx.Response, expected: Answer) -> list[str]:
    code = response.json().get("code") if "problem+json" in response.headers.get("content-type", "") else None
    same = response.status_code == expected.status if expected.code else response.is_success
    if same and code == expected.code:
        return []
    return [f"{asked}: expected {expected}, got {response.status_code} {code or response.text[:200]}"]


def told(response: httpx.Response) -> str:
    """All that can be read in an answer, in a zip too."""
    if response.headers.get("content-type") == "application/zip":
        return "\n".join(archive.unpack(response.content).values())
    return response.text


class Knocking:
    """One row at one world: `findings` is empty when everything is as the document says."""

    def __init__(self, world: World, row: Row, areas: Areas) -> None:
        self.world, self.row, self.areas = world, row, areas
        self.ask: Ask = world.asks[row.route, row.of]
        self.findings: list[str] = []

    async def answered(self, headers: Mapping[str, str]) -> httpx.Response:
        return await self.world.send(self.row.route, self.ask, headers)

    def found(self, sentences: Iterable[str]) -> None:
        self.findings += [f"{self.row.name}: {sentence}" for sentence in sentences]

    async def bad_tokens(self) -> None:
        """(a) and (b): nobody, and everybody who is not who she says."""
        before = await self.world.snapshot()
        claimed = next(iter(insiders(self.row, self.areas)), (Role.ADMIN, ALL_CLAIMS))
        bad = bad_tokens(self.world.house.signer, *claimed)
        expected = {"anybody": Answer(200), "provider": Answer(401, "BadSignature")}
        refused = expected.get(self.row.door or "", UNAUTHENTICATED)
        for why, authorization in bad.items():
            response = await self.answered({"Authorization": authorization})
            self.found(unequal(why, response, refused))
            self.private(why, response)
        nothing = Answer(200) if self.row.door == "anybody or a good token" else refused
        alone = await self.answered({})
        self.found(unequal("no token", alone, nothing))
        self.private("no token", alone)
        await self.nothing_changed(before, "bad tokens")

    async def strangers(self) -> None:
        """(c), (d), (e) and every role that is not named; column by column, so that a change is traced to one."""
        knocks = list(strangers(self.row, self.areas))
        for kind in dict.fromkeys(knock.kind for knock in knocks):
            before, apart = await self.world.snapshot(), False
            for knock in (knock for knock in knocks if knock.kind == kind):
                await self.stranger(knock)
                apart = apart or knock.expected.apart
            await self.nothing_changed(before, kind, apart=apart)

    async def stranger(self, knock: Knock) -> None:
        response = await self.answered(self.world.token(knock.role, knock.claims))
        self.found(unequal(knock, response, knock.expected))
        self.private(knock, response)

    def private(self, asked: object, response: httpx.Response) -> None:
        """What a page may show is for `lists` to say; any other answer holds nothing that is not everybody's."""
        text = "" if self.row.is_list and not self.row.door else told(response)
        words = self.world.private | (self.world.unpublished if self.row.door else set())
        self.found(f"{asked}: is told {word}" for word in sorted(words) if word in text)

    async def insiders(self) -> None:
        """Everybody who may, does; otherwise the refusals prove nothing."""
        before = await self.world.snapshot()
        for role, claims in insiders(self.row, self.areas):
            response = await self.answered(self.world.token(role, claims))
            self.found(unequal(f"inside: {role} {claims}", response, Answer(200)))
            await self.world.restore(before)
        if self.ask.signed:
            self.found(unequal("signed", await self.answered(self.ask.signed()), Answer(200)))
            await self.world.restore(before)

    async def nothing_changed(self, before: Snapshot, after_whom: str, *, apart: bool = False) -> None:
        moved = changed(before, await self.world.snapshot(), apart=apart)
        self.found(f"{after_whom}: {name} changed" for name in moved)
        if moved or apart:
            await self.world.restore(before)


async def findings(world: World, row: Row, areas: Areas) -> list[str]:
    knocking = Knocking(world, row, areas)
    await knocking.bad_tokens()
    await knocking.strangers()
    await knocking.insiders()
    return knocking.findings


def missing(table: Iterable[Row], services: Mapping[str, set[str]]) -> list[str]:
    """Routes that no row names, and rows that name no route."""
    named: dict[str, set[str]] = {}
    for row in table:
        named.setdefault(row.service, set()).add(row.route)
    unnamed = [
        f"{name}: {route} stands in no row"
        for name, found in services.items()
        for route in sorted(found - named.get(name, set()))
    ]
    gone = [
        f"{name}: there is no {route}" for name in named for route in sorted(named[name] - services.get(name, set()))
    ]
    return unnamed + gone
