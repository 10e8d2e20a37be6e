"""What stands on a draw's page in one language: tables, pictures and commands, ready to be set."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from services.stalls.draw.files import Said
from services.stalls.draw.log import cell
from shared.clock import INDIA
from shared.errors import Language
from shared.money import grouped
from tools.draw import place_words
from tools.draw.page_charts import Chart, counts, shares
from tools.draw.page_figures import Figures, Ground, Share
from tools.draw.page_words import STEPS, code, say
from tools.draw.ticket_words import most_tier
from tools.draw.words import MEANING

NOWHERE = "0"
TOP = 20
FOLDED = 1_000
FIRST_CHOICES = 5
TENTHS = 10
PYTHON = ".venv/bin/python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The first column names the row; the others are numbers, or text that is set in the letters of a machine."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with pictures and tables; `folded` is shown on demand."""

    id: str
    title: str
    words: str = ""
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    line: str
    words: str


def summary(found: Figures, language: Language) -> list[str]:
    everything = {
        "applied": grouped(found.groups.applied),
        "seated": grouped(found.groups.seated),
        "grounds": grouped(len(found.grounds)),
        "stalls": grouped(found.stalls),
        "empty": grouped(found.stalls - found.groups.seated),
    }
    told = [*_of_which(found.said, language), say("summary", language, **everything)]
    return told + ([say("struck_grounds", language, struck=grouped(found.struck))] if found.struck else [])


def _of_which(said: Said, language: Language) -> list[str]:
    """Which draw it is and what decided it; a rehearsal has no public value."""
    if not said.public_value:
        return []
    return [
        say(
            "of_which",
            language,
            call=said.call,
            source=said.public_source,
            value=said.public_value,
            at=_day(said.published_at),
        )
    ]


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(INDIA):%Y-%m-%d %H:%M} IST" if at else "–"


def sections(found: Figures, language: Language, list_file: str) -> list[Section]:
    """`list_file`: where all grounds stand when they are too many for the page."""
    every = [
        _kinds(language, "by_tags", found.tags, kept=True),
        _kinds(language, "by_districts", found.districts, kept=True),
        _kinds(language, "by_stages", found.stages, kept=True),
        _kinds(language, "by_categories", found.categories),
        _kinds(language, "by_tiers", found.tiers),
        _choices(found, language),
        _full(found, language),
        _cutoffs(found, language),
        _grounds(found, language, list_file),
    ]
    return [section for section in every if section.folded or any(table.rows for table in section.tables)]


def _kinds(language: Language, key: str, kinds: Mapping[str, Share], *, kept: bool = False) -> Section:
    """Most groups first; tiers and districts hold a group once, the others may hold it more often."""
    by_number = key == "by_tiers"
    named = sorted(
        kinds.items(), key=(lambda one: int(one[0])) if by_number else (lambda one: (-one[1].applied, one[0]))
    )
    rows = [(_label(key, word, language), share) for word, share in named]
    title = say(key, language)
    columns = [say(one, language) for one in ("kind", "applied", "seated", "rate", *(["kept"] if kept else []))]
    table = Table(
        caption=title,
        columns=tuple(columns),
        rows=tuple((label, *_numbers(share), *([grouped(share.kept)] if kept else [])) for label, share in rows),
    )
    chart = shares(key, title, [(label, share.applied, share.seated) for label, share in rows])
    words = [say("share_help", language), *([] if key in {"by_tiers", "by_districts"} else [say("overlap", language)])]
    return Section(id=key, title=title, words=" ".join(words), charts=(chart,), tables=(table,))


def _label(key: str, word: str, language: Language) -> str:
    if key == "by_tiers":
        return say("tier", language, most_tier(int(word), language))
    if key == "by_districts":
        return say("nowhere", language) if word == NOWHERE else place_words.said(word, language)
    return code(word, language)


def _numbers(share: Share) -> tuple[str, str, str]:
    rate = (200 * share.seated + share.applied) // (2 * share.applied) if share.applied else 0
    return grouped(share.applied), grouped(share.seated), str(rate)


def _choices(found: Figures, language: Language) -> Section:
    title = say("by_choices", language)
    rows = [(say("choice", language, rank), found.choices[rank]) for rank in range(1, FIRST_CHOICES)]
    later = sum(count for rank, count in found.choices.items() if rank >= FIRST_CHOICES)
    rows.append((say("later_choices", language, FIRST_CHOICES), later))
    rows.append((say("nothing", language), found.groups.applied - found.groups.seated))
    return _counted("by_choices", title, rows, say("groups", language), say("kind", language))


def _full(found: Figures, language: Language) -> Section:
    used = [ground for ground in found.grounds.values() if ground.stalls]
    full, none = sum(not ground.empty for ground in used), sum(not ground.taken for ground in used)
    rows = [
        (say("fully", language), full),
        (say("partly", language), len(used) - full - none),
        (say("unused", language), none),
        (say("struck", language), found.struck),
    ]
    return _counted("full", say("full", language), rows, say("grounds", language), say("state", language))


def _counted(name: str, title: str, rows: list[tuple[str, int]], counted: str, first: str) -> Section:
    table = Table(caption=title, columns=(first, counted), rows=tuple((label, grouped(count)) for label, count in rows))
    return Section(id=name, title=title, charts=(counts(name, title, rows),), tables=(table,))


def _cutoffs(found: Figures, language: Language) -> Section:
    full = sorted(
        (ground for ground in found.grounds.values() if ground.stalls and not ground.empty),
        key=lambda ground: (ground.last, ground.number),
    )
    if len(found.grounds) <= TOP:
        taken = [(_name(ground), ground.last) for ground in found.grounds.values() if ground.taken]
        charts: tuple[Chart, ...] = (counts("last_chart", say("last_chart", language), taken),)
    else:
        charts = (_histogram(full, found.groups.applied, language),)
    tables = () if len(found.grounds) <= TOP else (_table(say("tightest", language), full[:TOP], language),)
    return Section(
        id="cutoffs",
        title=say("cutoffs", language),
        words=say("cutoffs_help", language),
        charts=charts,
        tables=tables,
    )


def _histogram(full: Iterable[Ground], groups: int, language: Language) -> Chart:
    tenths = [0] * TENTHS
    for ground in full:
        tenths[(ground.last - 1) * TENTHS // max(groups, 1)] += 1
    rows = [(say("up_to", language, grouped((at + 1) * groups // TENTHS)), count) for at, count in enumerate(tenths)]
    return counts("histogram", say("histogram", language), rows)


def _grounds(found: Figures, language: Language, list_file: str) -> Section:
    every = list(found.grounds.values())
    title = say("all", language, grouped(len(every)))
    link = (say("all_file", language), list_file)
    if len(every) <= TOP:
        return Section(id="grounds", title=title, tables=(_table(title, every, language),), link=link)
    wanted = sorted(every, key=lambda ground: (-ground.wanted, ground.number))[:TOP]
    empty = sorted((one for one in every if one.empty), key=lambda one: (-one.empty, one.number))[:TOP]
    tables = [_table(say("wanted_most", language), wanted, language)]
    tables += [_table(say("emptiest", language), empty, language)] if empty else []
    folded = (_table(title, every, language),) if len(every) <= FOLDED else ()
    return Section(id="grounds", title=title, tables=tuple(tables), folded=folded, link=link)


def _table(caption: str, grounds: Iterable[Ground], language: Language) -> Table:
    columns = ("ground", "stalls", "taken", "empty", "wanted", "first", "last")
    return Table(
        caption=caption,
        columns=tuple(say(one, language) for one in columns),
        rows=tuple(_row(ground, language) for ground in grounds),
    )


def _row(ground: Ground, language: Language) -> tuple[str, ...]:
    if not ground.stalls:
        return (_name(ground), say("struck", language), "", "", grouped(ground.wanted), grouped(ground.first), "")
    numbers = (ground.stalls, ground.taken, ground.empty, ground.wanted, ground.first)
    return (_name(ground), *map(grouped, numbers), grouped(ground.last) if ground.last else "–")


def _name(ground: Ground) -> str:
    return f"{ground.number}. {', '.join(part for part in ground.note.split(' | ') if part)}".rstrip(". ")


def commands(found: Figures, name: str, language: Language) -> list[Command]:
    """`name` of the zip, as a shell takes it."""
    file = shlex.quote(name)
    spoken = "" if language == "en" else f" --language {language}"
    lines = (
        (f"{PYTHON} -m tools.draw verify {file}{spoken}", "check_verify"),
        (f"python3 tools/check_draw.py {file}", "check_check"),
        (f"{PYTHON} -m tools.draw mine {file} TICKET{spoken}", "check_mine"),
        (f"printf '%s:%s' {found.said.seed} TICKET | sha256sum", "check_lot"),
    )
    return [Command(line=line, words=say(words, language)) for line, words in lines]


def facts(found: Figures, language: Language) -> Table:
    """draw.csv, with what each figure is."""
    rows = ((field.name, cell(getattr(found.said, field.name))) for field in fields(Said))
    return Table(
        caption=say("facts", language),
        columns=(say("fact", language), say("value", language)),
        rows=tuple((f"{MEANING[key][language]} ({key})", value or "–") for key, value in rows),
        numbers=False,
    )


def parties(found: Figures, language: Language) -> Table:
    return Table(
        caption=say("parties", language),
        columns=tuple(say(one, language) for one in ("party", "commitment", "nonce")),
        rows=tuple(
            (f"{one.number}. {one.name}", one.commitment, say("silent", language) if one.nonce is None else one.nonce)
            for one in found.parties
        ),
        numbers=False,
    )


def steps(found: Figures, language: Language) -> Table:
    return Table(
        caption=say("log", language),
        columns=tuple(say(one, language) for one in ("step", "at", "by")),
        rows=tuple((f"{one.number}. {STEPS[one.step].said(language)}", cell(one.at), one.by) for one in found.log),
        numbers=False,
    )
