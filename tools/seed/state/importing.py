"""The lists of a state through the importer of lists, as an officer's are, and what came of them beside the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shared.contracts.catalog import Programme
from shared.imports.taking import Counts
from shared.scope import Role, Scope
from tools.environment import ToolSettings
from tools.groups.halves import Half, Pass, halves, prepared
from tools.groups.importing import begun, fed
from tools.groups.lists import looked_at
from tools.seed.people import party
from tools.seed.planting import Tally
from tools.seed.report import Progress
from tools.seed.state.answers import Answers, Part
from tools.seed.state.making import FILES


@dataclass(frozen=True, slots=True)
class Came:
    """What became of one list in the registry and among the contacts, and what should have."""

    groups: Counts
    contacts: Counts
    rules: Mapping[str, int]
    wanted: Part

    @property
    def is_right(self) -> bool:
        """Good rows are groups now, new or from before, and every other one is what the answers say."""
        counted = (_there(self.groups), self.groups.repeated, self.groups.bad, _there(self.contacts))
        wanted = (self.wanted.good, self.wanted.repeated, len(self.wanted.bad), self.wanted.phones["good"])
        return counted == wanted and dict(self.rules) == dict(self.wanted.rules)


async def imported(settings: ToolSettings, answers: Answers, folder: Path, console: Console) -> list[Came]:
    """Programme by programme; what is there already stays. Raises ImportUnderWay, NoAccountKey."""
    scope = Scope(tenant=answers.state, role=Role.ADMIN, party=party("admin"))
    async with halves(settings) as both:
        await prepared(both)
        with Progress(console) as progress:
            came = [await _one(both, folder, programme, scope, answers, progress) for programme in FILES]
    console.print(_table(came))
    return came


async def _one(
    both: Sequence[Half], folder: Path, programme: Programme, scope: Scope, answers: Answers, progress: Progress
) -> Came:
    source = looked_at(folder / FILES[programme], programme, {})
    wanted = answers.of(FILES[programme])
    step = progress.step(programme, wanted.rows)
    passes: list[Pass] = await begun(both, source, scope, dry_run=False)
    await fed(source, passes, lambda rows, _: step(Tally(new=rows)), lambda _, __: None)
    groups, contacts = passes
    return Came(groups.counts, contacts.counts, {code: count for code, count in groups.rules.items() if count}, wanted)


def _there(counts: Counts) -> int:
    """New, or from before; `kept` is what somebody set herself."""
    return counts.new + counts.changed + counts.unchanged + counts.kept


def _table(came: Sequence[Came]) -> Table:
    table = Table("", "new", "there already", "repeated", "bad", "phones", "as the answers say")
    for programme, one in zip(FILES, came, strict=True):
        groups = one.groups
        counts = (groups.new, _there(groups) - groups.new, groups.repeated, groups.bad, _there(one.contacts))
        table.add_row(programme, *(f"{count:,}" for count in counts), "yes" if one.is_right else "no")
    return table
