"""One block's fair drawn by the plain-Python specification, and verified from its public file."""

import random
from pathlib import Path

from bench.draw_timing import milliseconds
from bench.lines import Line
from bench.settings import BenchSettings
from services.stalls.draw import files
from services.stalls.draw.accept import accept
from services.stalls.draw.order import key
from services.stalls.draw.plan import Applicant, Event, Instance
from services.stalls.draw.plan import Line as Stalls
from services.stalls.draw.sources import ZipSource
from tools.draw.minting import Chunks, mint
from tools.draw.verifying import verified

PINNED = 2026
GROUNDS = 4
MOST_MILLISECONDS = 1000.0
KINDS = ("food", "paper", "jewellery", "masks", "handicraft", "textiles", "forest", "gifts")
FOOD, CRAFT = frozenset({"food", "forest"}), frozenset(KINDS[1:])
PLAN = (
    Stalls(categories=FOOD, fallback=FOOD, count=3),
    Stalls(categories=CRAFT, tags=frozenset({"umed"}), count=3),
    Stalls(categories=CRAFT, tags=frozenset({"first_stall", "disabled_led"}), count=2),
    Stalls(stage="sc", count=2),
    Stalls(stage="st", count=1),
    Stalls(tags=frozenset({"rural"}), district="490", count=2),
    Stalls(count=2),
)


def measured(folder: Path, sizes: BenchSettings) -> list[Line]:
    instance = fair(sizes.draw_applications)
    path = folder / "block.zip"
    said = mint(
        path,
        _chunks({**files.inputs(instance), **files.plan(instance.events)}),
        lambda seed: _chunks(files.result(accept(instance, seed))),
    )
    keys = [key(said.seed, applicant) for applicant in instance.applicants]
    sort = milliseconds(lambda: sorted(keys), sizes.draw_rounds)
    drawn = milliseconds(lambda: accept(instance, said.seed), sizes.draw_rounds)
    with ZipSource(path) as source:
        again = milliseconds(lambda: verified(source, engine=False), sizes.draw_rounds)
    digests = f"inputs {said.inputs_digest}, outcome {said.outcome_digest}"
    return [_line("a block's fair drawn", drawn, sort, digests), _line("a block's fair verified", again, sort, digests)]


def fair(applications: int) -> Instance:
    """Pinned: the same groups and wishes on every machine."""
    chance = random.Random(PINNED)  # noqa: S311  a pinned instance
    grounds = tuple(Event(number=number, lines=PLAN) for number in range(1, GROUNDS + 1))
    return Instance(applicants=tuple(_group(number, chance) for number in range(applications)), events=grounds)


def _group(number: int, chance: random.Random) -> Applicant:
    wishes = chance.sample(range(1, GROUNDS + 1), chance.randint(1, GROUNDS))
    return Applicant(
        ticket=f"{number * 6_148_914_691_237:016}",
        tier=min(7, int(chance.expovariate(0.9))),
        district=chance.choice(("490", "490", "490", "482")),
        stages=frozenset(chance.choice(((), (), (), (), ("sc",), ("st",)))),
        tags=frozenset(chance.sample(("umed", "rural", "first_stall", "disabled_led"), chance.randint(0, 2))),
        categories=frozenset(chance.choices(KINDS, k=chance.choice((1, 1, 1, 2)))),
        choices=tuple(wishes),
    )


def _chunks(texts: dict[str, str]) -> Chunks:
    return ((name, text.encode("utf-8")) for name, text in texts.items())


def _line(measure: str, value: float, sort: float, digests: str) -> Line:
    return Line(
        name="draw",
        measure=measure,
        value=value,
        unit="ms",
        limit="one sort of its keys",
        limit_value=sort,
        ratio=sort / value,
        goal=f"≤ {MOST_MILLISECONDS:,.0f} ms",
        met=value <= MOST_MILLISECONDS,
        note=f"{value / sort:,.0f} × the sort; {digests}",
    )
