"""The groups of a state as catalog keeps them right after their import: a fact each, waiting in the outbox."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from services.catalog.groups import domain
from services.catalog.groups.domain import Entry, Group
from services.catalog.groups.store import GroupDocument
from shared import outbox
from shared.decisions import Decision
from shared.documents import Doc
from shared.localized import Localized
from shared.service import Running
from tools.seed.state.columns import COLUMNS
from tools.seed.state.lines import Sheet
from tools.seed.state.listing import Listed
from tools.seed.state.making import planned

T = TypeVar("T")
STATE, SEED = "27", 7
WHOLE = 782_000
AT_ONCE = 1_000
KINDS = {"umed": (False,), "nulm": (True,), "mavim": (False, True)}


def documents(catalog: Running, groups: int) -> Iterator[Doc]:
    """About so many, in the order of the lists."""
    for decision in decisions(groups):
        entry: outbox.Entry[Group] = outbox.Entry(GroupDocument, None, None)
        entry.decided(decision)
        yield outbox.new_document(entry, catalog.database.incarnation, None)


def decisions(groups: int) -> Iterator[Decision[Group]]:
    plans = planned(STATE, groups / WHOLE, SEED)
    for programme in COLUMNS:
        sheet = Sheet(state=STATE, seed=SEED, programme=programme, plans=plans)
        for row in sheet.rows(KINDS[programme]):
            if row.group is not None and not row.repeated:
                yield domain.entered(STATE, _entry(row.group))


def _entry(listed: Listed) -> Entry:
    cells = listed.cells
    return Entry(
        programme=listed.programme,
        code=listed.code,
        names=Localized(en=cells["name"]) if cells["name"].isascii() else Localized(mr=cells["name"]),
        district=cells["district"],
        block=cells["block"] or None,
        local_body=cells["local_body"] or None,
        ward=cells["ward"] or None,
        village=cells["village"] or None,
        activities=tuple(cells["activities"].split(", ")),
        federation=cells["federation"] or None,
        account=f"k1:{listed.id.replace('-', '') * 2}" if cells["account"] else None,
    )


async def stored(catalog: Running, groups: int) -> int:
    """Written while no relay runs. Answers how many there are."""
    rows, count = catalog.database.collection(GroupDocument.collection), 0
    for some in slices(documents(catalog, groups), AT_ONCE):
        await rows.insert_many(some, ordered=False)
        count += len(some)
    return count


def slices(of: Iterable[T], size: int) -> Iterator[list[T]]:
    waiting = iter(of)
    while some := list(islice(waiting, size)):
        yield some
