"""What a plan does, for an officer: a table for the terminal, and a picture of the same."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.stalls.draw import archive, files, reading
from services.stalls.draw.sources import Source
from shared.errors import Language
from shared.money import grouped
from tools.draw.page_charts import short
from tools.draw.plans import with_plan
from tools.draw.preview_words import heading, label, told
from tools.draw.previewing import HEADINGS, Key, Line, Noticed, Preview, Progress, advice, previewed
from tools.printing import printable

TEMPLATES = Path(__file__).parent / "templates"
LEFT, WIDTH, ROW, TOP, HEAD = 300, 400, 24, 96, 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`before`: the same groups and seeds by the file's own plan, where another one is tried."""

    found: Preview
    before: Preview | None
    advice: tuple[Noticed, ...]
    label: str


def seen(source: Source, plan: Path | None, seeds: int, name: str, language: Language, tell: Progress) -> Seen:
    """`name`: of the seeds. Raises OSError, and what `previewed` and `with_plan` do."""
    tried = with_plan(source, plan) if plan else source
    found = previewed(tried, seeds, name, tell)
    before = previewed(source, seeds, name, tell) if plan else None
    events = reading.events(archive.texts(tried, files.PLAN))
    return Seen(found=found, before=before, advice=advice(events, found, language), label=name)


def lines(made: Seen, language: Language, width: int = 110) -> Iterator[str]:
    """For a terminal of this width."""
    yield from said(made, language)
    yield told("overlap", language)
    page = io.StringIO()
    Console(file=page, width=width, color_system=None).print(table(made, language))
    yield from page.getvalue().splitlines()
    if made.advice:
        yield told("advice", language)
    for one in made.advice:
        where = told("where", language, events=grouped(one.events), event=one.event)
        yield f"- {where}: {printable(one.sentence)}"


def said(made: Seen, language: Language) -> Iterator[str]:
    found, whole = made.found, made.found.lines[0]
    numbers = {"applied": whole.applied, "stalls": found.stalls, "least": whole.least, "most": whole.most}
    yield told("title", language, seeds=grouped(found.seeds))
    yield told("summary", language, mean=mean(whole, found), **{name: grouped(one) for name, one in numbers.items()})
    yield told("seeds", language, label=printable(made.label), seeds=found.seeds, first=found.first_seed)
    if made.before is not None:
        yield told("hidden", language)


def table(made: Seen, language: Language) -> Table:
    columns = ["applied", "mean", "rate", "least", "most", "usual", "spread"]
    drawn = Table(told("who", language), pad_edge=False)
    for column in [*columns, *(["before"] if made.before else [])]:
        drawn.add_column(told(column, language), justify="right")
    before = {line.key: line for line in made.before.lines} if made.before else {}
    for name in HEADINGS:
        drawn.add_section()
        for line in (line for line in made.found.lines if line.key[0] == name):
            last = [mean(before[line.key], made.found)] if made.before else []
            drawn.add_row(Text(printable(label(line.key, language))), *cells(line, made.found), *last)
    return drawn


def cells(line: Line, found: Preview) -> list[str]:
    usual = "–".join(map(grouped, line.usual))
    least, most, spread = map(grouped, (line.least, line.most, line.most - line.least))
    return [grouped(line.applied), mean(line, found), tenths(rate(line, found)), least, most, usual, spread]


def mean(line: Line, found: Preview) -> str:
    return tenths((10 * line.total + found.seeds // 2) // found.seeds)


def rate(line: Line, found: Preview) -> int:
    """Tenths of a percent."""
    return 1000 * line.total // (found.seeds * line.applied)


def tenths(number: int) -> str:
    return f"{grouped(number // 10)}.{number % 10}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Pixels; `before` is None where only one plan was tried. A heading has no length."""

    label: str
    y: int
    length: int | None = None
    least: int = 0
    most: int = 0
    before: int | None = None
    numbers: str = ""


def picture(made: Seen, language: Language) -> str:
    """SVG: of a hundred groups of each kind, how many get a stall."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    drawn = bars(made, language)
    return found.get_template("preview.svg.j2").render(
        language=language,
        said=[*said(made, language)][:2],
        legend=told("picture", language) + (told("dot", language) if made.before else ""),
        bars=drawn,
        left=LEFT,
        width=WIDTH,
        top=TOP,
        height=drawn[-1].y + 2 * ROW,
    )


def bars(made: Seen, language: Language) -> list[Bar]:
    before = {line.key: line for line in made.before.lines} if made.before else {}
    drawn, y = list[Bar](), TOP
    for name in HEADINGS:
        rows = [line for line in made.found.lines if line.key[0] == name]
        if name != "all" and rows:
            y += HEAD
            drawn.append(Bar(label=heading(name, language), y=y - ROW))
        for line in rows:
            drawn.append(_bar(line, made.found, before, language, y))
            y += ROW
    return drawn


def _bar(line: Line, found: Preview, before: dict[Key, Line], language: Language, y: int) -> Bar:
    least, most = (one * WIDTH // line.applied for one in (line.least, line.most))
    numbers = f"{tenths(rate(line, found))} %  ({mean(line, found)} / {grouped(line.applied)})"
    earlier = rate(before[line.key], found) * WIDTH // 1000 if before else None
    name = short(printable(label(line.key, language)))
    length = rate(line, found) * WIDTH // 1000
    return Bar(label=name, y=y, length=length, least=least, most=most, before=earlier, numbers=numbers)


def write(made: Seen, target: Path, languages: Sequence[Language]) -> list[Path]:
    """One picture a language; with several, the language stands before the suffix. Raises OSError."""
    paths = [target if len(languages) == 1 else target.with_suffix(f".{one}{target.suffix}") for one in languages]
    for path, language in zip(paths, languages, strict=True):
        path.write_text(picture(made, language), encoding="utf-8")
    return paths
