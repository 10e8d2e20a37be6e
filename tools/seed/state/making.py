"""All three lists and their answer key, streamed into a folder."""

from collections.abc import Callable
from pathlib import Path

from shared.contracts.catalog import Programme
from tools.seed.state.answers import Answers
from tools.seed.state.columns import COLUMNS
from tools.seed.state.files import Book, Text, Writer
from tools.seed.state.lines import Sheet
from tools.seed.state.plan import Plan, plans
from tools.seed.state.shares import RURAL, URBAN, places

FILES: dict[Programme, str] = {"umed": "umed.csv", "nulm": "nulm.xlsx", "mavim": "mavim.csv"}
ANSWERS = "answers.json"
TOLD_EVERY = 5000
Told = Callable[[Programme, int], None]
"""Hears of a programme's rows: how many more."""


def total(programme: Programme, there: tuple[Plan, ...]) -> int:
    return sum(plan.place.counts.get(programme, 0) for plan in there)


def planned(state: str, scale: float, seed: int) -> tuple[Plan, ...]:
    return plans(places(state, scale, seed))


def made(state: str, scale: float, seed: int, out: Path, told: Told = lambda _, __: None) -> Answers:
    """Writes umed.csv, nulm.xlsx, mavim.csv and answers.json into the folder `out`; the same seed, the same bytes."""
    out.mkdir(parents=True, exist_ok=True)
    there = planned(state, scale, seed)
    answers = Answers(state=state, scale=scale, seed=seed)
    for programme in FILES:
        with _writer(programme, out) as writer:
            for sheet, which, kinds in _parts(programme, there):
                rows = Sheet(state=state, seed=seed, programme=programme, plans=which)
                _filled(writer, writer.begin(COLUMNS[programme], sheet), rows, kinds, answers, told)
    answers.save(out / ANSWERS)
    return answers


def _filled(writer: Writer, file: str, sheet: Sheet, kinds: tuple[bool, ...], answers: Answers, told: Told) -> None:
    done = 0
    for row in sheet.rows(kinds):
        answers.add(file, writer.put(row.line), row)
        done += row.group is not None and not row.repeated
        if done == TOLD_EVERY:
            told(sheet.programme, done)
            done = 0
    told(sheet.programme, done)


def _writer(programme: Programme, out: Path) -> Writer:
    path = out / FILES[programme]
    match programme:
        case "umed":
            return Text(path, "utf-8", ",")
        case "mavim":
            return Text(path, "utf-16-le", "\t")
        case _:
            return Book(path)


def _parts(programme: Programme, there: tuple[Plan, ...]) -> list[tuple[str, tuple[Plan, ...], tuple[bool, ...]]]:
    """Sheets, with the places in each: the workbook has one for the corporations, one for the other towns."""
    kinds = tuple(urban for urban, counts in ((False, RURAL), (True, URBAN)) if programme in counts)
    if programme != "nulm":
        return [("", there, kinds)]
    large = tuple(plan for plan in there if plan.place.corporation)
    small = tuple(plan for plan in there if plan.place.urban and not plan.place.corporation)
    return [("महानगरपालिका", large, kinds), ("नगरपालिका", small, kinds)]
