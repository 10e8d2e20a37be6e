"""The good rows: how each programme writes its groups down, each in its own columns, script and habits."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shared.contracts.catalog import Programme, group_id
from tools.seed.names import Triple
from tools.seed.state.chance import mix, pick
from tools.seed.state.identity import Identity, identity
from tools.seed.state.plan import Plan
from tools.seed.state.spelling import misspelt
from tools.seed.state.words import MARATHI, names, table, villages

LATIN_IN_A_HUNDRED: dict[Programme, int] = {"umed": 12, "nulm": 65, "mavim": 20}
KINDS = ("account", "account", "account", "script", "typo")
"""How a double shows, one after the other: 60 of a hundred have the same account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row before it is written: fields of shared.lists to text, and what the answer key must know of it.

    `twin`: the id of the group in the owner's list, and how the two are alike; `near`: one that is not the same.
    """

    programme: Programme
    plan: Plan
    cells: dict[str, str]
    id: str
    twin: tuple[str, str] | None = None
    near: str | None = None

    @property
    def code(self) -> str:
        return self.cells["code"]


def listed(state: str, seed: int, programme: Programme, plans: tuple[Plan, ...], *, urban: bool) -> Iterator[Listed]:
    """All groups of one programme, of its villages or of its towns."""
    for plan in plans:
        if plan.place.urban == urban:
            for row in range(plan.place.counts.get(programme, 0)):
                yield one(state, seed, programme, plan, row)


def one(state: str, seed: int, programme: Programme, plan: Plan, row: int) -> Listed:
    """The group `row` of the programme in that place; a row beyond its count is a group of nobody's, for faults."""
    if programme == plan.guest and row in plan.doubles:
        return _double(state, seed, plan, row)
    who = _own(state, seed, programme, plan, row)
    return _listed(state, seed, programme, plan, row, who, near=_near_id(state, plan, programme, row))


def _own(state: str, seed: int, programme: Programme, plan: Plan, row: int) -> Identity:
    number = plan.starts[programme] + row
    if programme == plan.owner:
        who = identity(state, plan.place, row, seed, number)
        return _renamed(who, plan, row) if row in plan.near.values() else who
    ordinal = plan.place.counts[plan.owner] + row
    who = identity(state, plan.place, ordinal, seed, number)
    if row not in plan.near:
        return who
    like = identity(state, plan.place, plan.near[row], seed, number)
    return replace(who, village=like.village, ward=like.ward, word=_pair(plan, plan.near[row])[1])


def _pair(plan: Plan, own: int) -> tuple[Triple, Triple]:
    """Two names for two groups, both as in words.toml's `near`."""
    words: list[str] = pick(table()["near"], plan.place.code, own)
    return words[:3], words[3:]


def _renamed(who: Identity, plan: Plan, row: int) -> Identity:
    return replace(who, word=_pair(plan, row)[0])


def _near_id(state: str, plan: Plan, programme: Programme, row: int) -> str | None:
    if programme != plan.guest or row not in plan.near:
        return None
    return group_id(state, plan.owner, code(state, plan.owner, plan, plan.near[row]))


def _double(state: str, seed: int, plan: Plan, row: int) -> Listed:
    """The owner's group, as the guest writes it: the account tells, or the name in another script or misspelt."""
    own, number = plan.doubles[row]
    kind = KINDS[number % len(KINDS)]
    who = _own(state, seed, plan.owner, plan, own)
    latin = _latin(plan.owner, who.number)
    if kind == "account" and who.account is None:
        who, kind = replace(who, account=None), "script"
    if kind != "account":
        who = replace(who, account=None if number // len(KINDS) % 2 else f"7{plan.starts[plan.guest] + row:012d}")
    there = _listed(
        state,
        seed,
        plan.guest,
        plan,
        row,
        who,
        latin=latin if kind == "typo" else None if kind == "account" else not latin,
        typo=kind == "typo",
    )
    twin = group_id(state, plan.owner, code(state, plan.owner, plan, own))
    if kind == "account" and number % 10 == 0:
        there.cells["village" if not plan.place.urban else "activities"] = ""
    return replace(there, twin=(twin, kind))


def _latin(programme: Programme, number: int) -> bool:
    return mix(number, programme, "script") % 100 < LATIN_IN_A_HUNDRED[programme]


def code(state: str, programme: Programme, plan: Plan, row: int) -> str:
    """The programme's own number: `U27-4512-00123`."""
    return f"{programme[0].upper()}{state}-{plan.place.code}-{row + 1:05d}"


def _listed(
    state: str,
    seed: int,
    programme: Programme,
    plan: Plan,
    row: int,
    who: Identity,
    *,
    latin: bool | None = None,
    typo: bool = False,
    near: str | None = None,
) -> Listed:
    latin = _latin(programme, who.number) if latin is None else latin
    own = code(state, programme, plan, row)
    forms = table()["forms"]
    script = 2 if latin else 0 if state == MARATHI else 1
    word = misspelt(who.word[script], own) if typo else who.word[script]
    cells = {
        "code": own,
        "name": forms[mix(seed, own, "form") % len(forms)][script].format(word),
        "district": plan.place.district,
        "block": plan.place.block or "",
        "local_body": plan.place.local_body or "",
        "ward": _ward(who.ward, latin=latin, state=state),
        "village": who.village[int(latin)] if who.village else "",
        "activities": _activities(own, latin=latin),
        "federation": _federation(state, seed, programme, plan, who, latin=latin),
        "account": who.account or "",
        "ifsc": who.ifsc if who.account else "",
        "phone": who.phone or "",
        "language": "",
        "person": pick(table()["people"], own)[int(latin)],
    }
    return Listed(programme=programme, plan=plan, cells=cells, id=group_id(state, programme, own), near=near)


def _ward(ward: int | None, *, latin: bool, state: str) -> str:
    if ward is None:
        return ""
    return f"Ward {ward}" if latin else f"प्रभाग {ward}" if state == MARATHI else f"वार्ड {ward}"


def _activities(own: str, *, latin: bool) -> str:
    known = table()["activities"]
    first = mix(own, "activity")
    several = {first % len(known), (first >> 8) % len(known)} if first % 3 else {first % len(known)}
    return ", ".join(known[at][int(latin)] for at in sorted(several))


def _federation(state: str, seed: int, programme: Programme, plan: Plan, who: Identity, *, latin: bool) -> str:
    """A village organisation, an area federation of a town, a resource centre of a block."""
    if programme == "umed" and who.village:
        return f"{who.village[1]} Gramsangh" if latin else f"{who.village[0]} ग्रामसंघ"
    if programme == "nulm":
        return f"ALF {plan.place.code}-{(who.ward or 0) % 9 + 1}"
    word = pick(names(), seed, plan.place.code, "centre")
    if not plan.place.urban:
        word = [villages(state, plan.place.code, seed)[0][0]] * 2 + [villages(state, plan.place.code, seed)[0][1]]
    return f"CMRC {word[2]}" if latin else f"{word[0]} लोकसंचालित साधन केंद्र"
