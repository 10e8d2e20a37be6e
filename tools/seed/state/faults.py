"""What is wrong in such lists, each with the code of the rule that finds it: spoiled rows of groups of nobody's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shared.contracts.catalog import Programme
from shared.places.directory import blocks_of, districts_of
from tools.seed.state.cells import Broken, Cell, Formula

Cells = dict[str, Cell]
ALL: frozenset[Programme] = frozenset({"umed", "nulm", "mavim"})
TEXT: frozenset[Programme] = frozenset({"umed", "mavim"})
BOOK: frozenset[Programme] = frozenset({"nulm"})
"""The lists that are text, and the one that is a workbook."""
RURAL = TEXT
OTHER_STATES = {"27": "192", "5": "490", "10": "490"}
"""A district of another state, by the state of the list."""
BAD_PHONES = ("12345", "नाही", "९८२३४", "0240-2334455", "5000123456", "9000 12", "०००००००००००००")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`rule`: the problem's code. `spoil` changes the cells of a row, given the state. `within`: lists it stands in.

    `shape`: what is wrong with the row itself; the writer of lines knows how.
    """

    rule: str
    spoil: Callable[[Cells, str], None] = lambda _, __: None
    within: frozenset[Programme] = ALL
    shape: str | None = None


def to(**cells: Cell) -> Callable[[Cells, str], None]:
    return lambda row, _: row.update(cells)


def _link(row: Cells, _: str) -> None:
    row["name"] = Formula(f'=HYPERLINK("http://example.invalid","{row["name"]}")', str(row["name"]))


def _elsewhere(row: Cells, state: str) -> None:
    there = [d.code for d in districts_of(state) if blocks_of(d.code) and d.code != row["district"]]
    row["block"] = blocks_of(there[len(str(row["name"])) % len(there)])[0].code


def _broken(row: Cells, _: str) -> None:
    row["name"] = Broken(str(row["name"]))


def _other_state(row: Cells, state: str) -> None:
    row["district"] = OTHER_STATES[state]


FAULTS: tuple[Fault, ...] = (
    Fault(rule="CodeMissing", spoil=to(code="")),
    Fault(rule="BadCode", spoil=to(code="गट क्र. बारा")),
    Fault(rule="NameMissing", spoil=to(name="")),
    Fault(rule="NameInAnotherScript", spoil=to(name="શક્તિ મહિલા મંડળ")),
    Fault(rule="LostLetters", spoil=to(name="??????? ????? ??? ??")),
    Fault(rule="NumberInName", spoil=to(name="4512")),
    Fault(rule="FormulaCell", spoil=_link),
    Fault(rule="ErrorCell", spoil=to(name=Formula("=#REF!", "#REF!"))),
    Fault(rule="DateCell", spoil=to(village="12-05-2023"), within=RURAL),
    Fault(rule="DateCell", spoil=to(ward=date(2023, 5, 12)), within=BOOK),
    Fault(rule="CellTooLong", spoil=to(activities="पापड, लोणचे, मसाले, " * 40)),
    Fault(rule="UnknownPlace", spoil=to(district="9490")),
    Fault(rule="UnknownPlace", spoil=to(block="94512"), within=RURAL),
    Fault(rule="UnknownPlace", spoil=to(local_body="9251488"), within=BOOK),
    Fault(rule="UnknownPlace", spoil=to(district="Chanda")),
    Fault(rule="PlaceOfAnotherState", spoil=_other_state),
    Fault(rule="BlockElsewhere", spoil=_elsewhere, within=RURAL),
    Fault(rule="BlockOrLocalBody", spoil=to(block="", local_body="")),
    Fault(rule="NotAnAccount", spoil=to(account="1234", ifsc="")),
    Fault(rule="WrongIfsc", spoil=to(account="60112233445566", ifsc="ZZHB-12")),
    Fault(rule="SameCodeTwice", shape="code"),
    Fault(rule="HeaderAgain", shape="header"),
    Fault(rule="TooManyCells", shape="long", within=TEXT),
    Fault(rule="TooFewCells", shape="short", within=TEXT),
    Fault(rule="UnreadableRow", spoil=_broken, within=TEXT),
)
CUT_OFF = Fault(rule="CutOff", shape="cut")
"""How the largest list ends: a copy that broke off inside a letter."""
CUT: Programme = "umed"


def of(programme: Programme) -> tuple[Fault, ...]:
    return tuple(fault for fault in FAULTS if programme in fault.within)
