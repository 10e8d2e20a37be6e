"""What clerks and spreadsheets do to good cells: all of it is read as if it were not there."""

from tools.seed.state.cells import Cell

NBSP, ZWSP, BOM = "\u00a0", "\u200b", "\ufeff"
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
HABIT_EVERY = 40


def written(cells: dict[str, str], number: int) -> dict[str, Cell]:
    """The cells of the good row `number`, one row of forty in a habit of somebody."""
    row: dict[str, Cell] = {**cells}
    if number % HABIT_EVERY == HABIT_EVERY - 1:
        HABITS[number // HABIT_EVERY % len(HABITS)](row)
    return row


def _spaces(row: dict[str, Cell]) -> None:
    row["name"] = f" {row['name']}{NBSP}".replace(" ", "  ")


def _invisible(row: dict[str, Cell]) -> None:
    name = str(row["name"])
    row["name"] = f"{BOM}{name[:2]}{ZWSP}{name[2:]}"


def _digits(row: dict[str, Cell]) -> None:
    row["district"] = str(row["district"]).translate(DEVANAGARI)
    row["phone"] = str(row["phone"]).translate(DEVANAGARI)


def _country(row: dict[str, Cell]) -> None:
    row["phone"] = (
        f"+91 {row['phone'][:5]} {row['phone'][5:]}" if isinstance(row["phone"], str) and row["phone"] else ""
    )


def _lines(row: dict[str, Cell]) -> None:
    row["activities"] = str(row["activities"]).replace(", ", ",\n")


HABITS = (_spaces, _invisible, _digits, _country, _lines)
