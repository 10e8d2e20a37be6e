"""What followed the sample draw, replayed from its public log: it holds, or the entry that does not is named."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from services.stalls.draw import archive, reading
from services.stalls.draw.chain import Live, Phase, Seat
from services.stalls.draw.chain_log import Entry, Kind, chained, phases, taken, vacated
from services.stalls.draw.plan import Event
from services.stalls.draw.sources import ZipSource
from shared.errors import LANGUAGES
from tools.draw.afterwards import LogDoesNotFollow, NoLog, afterwards, first_day

SAMPLE = Path("docs/examples/draw-sample.zip")


@pytest.fixture(scope="module")
def source() -> Iterator[ZipSource]:
    with ZipSource(SAMPLE) as found:
        yield found


def followed(source: ZipSource, leavers: int = 3) -> list[Entry]:
    """Some holders leave one after the other, everybody who asked for it moving up."""
    texts = archive.texts(source)
    instance = reading.instance(texts)
    live = Live(instance, reading.outcome(texts, instance))
    days, log = {event.number: first_day(event) for event in instance.events}, list[Entry]()
    seat: Seat | None
    for ticket in sorted(live.held)[:leavers]:
        kind, after, leaver, seat = Kind.LEFT, 0, ticket, live.held[ticket]
        while seat is not None:
            said: dict[str, Any] = {"event": seat[0], "stall": seat[1], "phase": Phase.UPGRADES, "kind": kind}
            begun = Entry(number=len(log) + 1, at="2026-11-22T06:30:00.000+00:00", after=after, ticket=leaver, **said)
            begun = replace(begun, upgrades_from="2026-11-29")
            vacated(live, begun)
            taker = live.taker(seat[0], phases(begun, days))
            event, stall = (live.held.get(taker) if taker else None) or (0, 0)
            whole = replace(begun, taker=taker or "", from_event=event, from_stall=stall)
            log.append(replace(whole, digest=chained(log[-1].digest if log else "", whole)))
            taken(live, log[-1])
            kind, after, leaver, seat = Kind.MOVED, whole.number, whole.taker, whole.source
    return log


def page(folder: Path, log: list[Entry]) -> Path:
    file = folder / "vacancies.json"
    file.write_text(json.dumps({"items": [asdict(entry) for entry in log], "next_cursor": None}), encoding="utf-8")
    return file


def test_a_log_that_follows_says_how_many_hold_a_stall_and_where_a_ticket_is(source: ZipSource, tmp_path: Path) -> None:
    log = followed(source)
    for language in LANGUAGES:
        whole, hers = afterwards(source, [page(tmp_path, log)], log[0].ticket, language)
        assert str(len(log)) in whole
        assert log[0].ticket in hers
    *_, taker = afterwards(source, [page(tmp_path, log[:1])], log[0].taker or log[0].ticket, "en")
    assert taker.endswith("now.")


def test_a_log_in_several_pages_is_one_log(source: ZipSource, tmp_path: Path) -> None:
    log, later = followed(source), tmp_path / "later"
    later.mkdir()
    pages = [page(tmp_path, log[:2]), page(later, log[2:])]
    assert str(len(log)) in next(afterwards(source, pages, None, "en"))
    with pytest.raises(LogDoesNotFollow):
        list(afterwards(source, pages[::-1], None, "en"))


def test_a_stall_given_to_a_favoured_ticket_is_found_and_named(source: ZipSource, tmp_path: Path) -> None:
    log = followed(source)
    other = next(entry.ticket for entry in log[1:] if entry.ticket != log[0].taker)
    forged = replace(log[0], taker=other)
    forged = replace(forged, digest=chained("", forged))
    with pytest.raises(LogDoesNotFollow, match="entry 1: stall"):
        list(afterwards(source, [page(tmp_path, [forged])], None, "en"))


@pytest.mark.parametrize("text", ["", "[]", '{"items": [{}]}', '{"items": [{"kind": "left"}]}', "{"])
def test_what_is_no_page_is_said_to_be_none(source: ZipSource, tmp_path: Path, text: str) -> None:
    file = tmp_path / "vacancies.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NoLog, match=r"vacancies\.json"):
        list(afterwards(source, [file], None, "en"))


def test_the_first_day_of_a_ground_stands_in_its_note() -> None:
    note = "मेळा 2020-01-01 मैदान | 2026-12-14, 2026-12-13 | struck: x 2026-12-12"
    assert first_day(Event(number=1, lines=(), note=note)).isoformat() == "2026-12-13"
    assert first_day(Event(number=1, lines=(), note="")).isoformat() == "0001-01-01"
