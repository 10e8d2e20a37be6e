"""The page of a draw: static HTML that opens offline, without a script and without a link to anywhere else."""

import csv
import io
import shutil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.stalls.draw.sources import Source
from shared.errors import LANGUAGES, Language
from shared.lists.writing import guarded
from tools.draw import page_views
from tools.draw.page_figures import Figures, Ground, counted
from tools.draw.page_words import say
from tools.draw.streams import Progress, Streams, silent

TEMPLATES = Path(__file__).parent / "templates"
GROUNDS = "grounds.csv"
COLUMNS = ("event", "note", "stalls", "given", "listed_by", "listed_first_by", "last_place")


def write(source: Source, name: str, target: Path, language: Language, progress: Progress = silent) -> list[Path]:
    """`name` of the zip is shown. One page into FILE.html, or one for each language into a folder; what was written.

    Raises OSError, and what `counted` does: then nothing is written.
    """
    found = counted(Streams(source, progress))
    if target.suffix == ".html":
        listed = target.with_suffix(".csv")
        texts = {listed: grounds(found), target: page(found, name, language, listed.name)}
    else:
        texts = {target / GROUNDS: grounds(found)}
        texts |= {target / f"{one}.html": page(found, name, one, GROUNDS, linked=True) for one in LANGUAGES}
        texts[target / "index.html"] = texts[target / f"{language}.html"]
        target.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        _written(path, text)
    return list(texts)


def page(found: Figures, name: str, language: Language, list_file: str, *, linked: bool = False) -> str:
    """`linked`: the other languages stand beside it."""
    loaded = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return loaded.get_template("page.html.j2").render(
        language=language,
        languages=LANGUAGES if linked else (),
        say=lambda key, **values: say(key, language, **values),
        dry=found.said.run == "dry",
        call=found.said.call,
        name=name,
        summary=page_views.summary(found, language),
        sections=page_views.sections(found, language, list_file),
        commands=page_views.commands(found, name, language),
        evidence=[
            page_views.facts(found, language),
            page_views.parties(found, language),
            page_views.steps(found, language),
        ],
    )


def grounds(found: Figures) -> str:
    """All of them, for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(ground) for ground in found.grounds.values())
    return text.getvalue()


def _row(ground: Ground) -> tuple[object, ...]:
    counts = (ground.stalls, ground.taken, ground.wanted, ground.first, ground.last or "")
    return (ground.number, guarded(ground.note), *counts)


def _written(path: Path, text: str) -> None:
    """Whole or not at all."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        unfinished.write_text(text, encoding="utf-8-sig" if path.suffix == ".csv" else "utf-8", newline="\n")
        shutil.move(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
