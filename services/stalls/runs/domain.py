"""What a run adds to the outcome itself: its seed, what the public file says of it, and who stands at which place."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.stalls.calls.domain import Call
from services.stalls.draw import files
from services.stalls.draw.log import opened
from services.stalls.draw.seed import seed
from services.stalls.outcomes.domain import LINE, REGISTER, KeptInputs, not_yet
from services.stalls.steps.domain import Drawn, finished
from shared.errors import Refused

PLACES_AT_ONCE = 100_000
"""So many rows of the line are held while it is put in order; each such window reads the register once."""


class RegisterDiffers(Refused):
    """The register of call {call} does not name whose ticket {ticket} is; nothing is made of it."""

    mr = "सोडत {call}: {ticket} हा तिकीट क्रमांक कोणाचा हे नोंदवहीत नाही; त्यावरून काहीही केले जाणार नाही."
    hi = "लॉटरी {call}: {ticket} टिकट किसका है, यह पंजी में नहीं है; उससे कुछ नहीं किया जाएगा।"


def seed_of(call: Call, inputs: KeptInputs) -> str:
    """Raises OutcomeNotYet while no public value is named."""
    if call.public_value is None:
        raise not_yet(call)
    digests = (inputs.inputs_digest, inputs.plan_digest, inputs.rules_digest)
    return seed(*digests, call.public_value, opened(call.promised))


def said(call: Call, inputs: KeptInputs, result: Drawn) -> dict[str, str]:
    """The files in which a draw says how it came about."""
    facts = files.Said(
        call=call.id,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        closed_at=call.closed_at or inputs.frozen_at,
        public_source=call.public_source,
        public_round=call.public_round,
        public_at=call.public_at,
        public_value=call.public_value or "",
        published_at=call.public_value_at,
        inputs_digest=inputs.inputs_digest,
        plan_digest=inputs.plan_digest,
        rules_digest=inputs.rules_digest,
        seed=result.seed,
        outcome_digest=result.outcome_digest,
    )
    return files.said(facts, call.promised, finished(call, result).log)


def manifest(hashes: Mapping[str, str]) -> str:
    """As `files.manifest`, from the SHA-256 of each file."""
    return files.table(files.MANIFEST, ((name, hashes[name]) for name in sorted(hashes)))


class Places:
    """The place of each ticket of the register, at 12 bytes a ticket."""

    def __init__(self, call: str, at_once: int = PLACES_AT_ONCE) -> None:
        self.call, self.at_once = call, at_once
        self.line, self.tickets = array("Q"), array("Q")
        self._places = array("I")

    def drawn(self, rows: Iterable[str]) -> None:
        """The next rows of outcome.csv, in order of place."""
        self.line.extend(int(row.split(",", 2)[1]) for row in rows)

    def registered(self, rows: Iterable[str]) -> None:
        """The next rows of the register, in order of ticket."""
        self.tickets.extend(int(row.partition(",")[0]) for row in rows)

    def settle(self) -> None:
        """Once both are complete. Raises RegisterDiffers."""
        self._places = array("I", bytes(4 * len(self.tickets)))
        for place, ticket in enumerate(self.line, 1):
            at = bisect_left(self.tickets, ticket)
            if at == len(self.tickets) or self.tickets[at] != ticket:
                raise RegisterDiffers(call=self.call, ticket=f"{ticket:016d}")
            self._places[at] = place

    def windows(self) -> Iterator[tuple[int, int]]:
        """First and last place of each window, in order."""
        for first in range(1, len(self.line) + 1, self.at_once):
            yield first, min(first + self.at_once - 1, len(self.line))

    def within(self, at: int, rows: Sequence[str], first: int, last: int) -> Iterator[tuple[int, str]]:
        """Of these rows, the first of which is number `at` of the register, those at these places: place and row."""
        for place, row in zip(self._places[at : at + len(rows)], rows, strict=True):
            if first <= place <= last:
                yield place, row

    def by_ticket(self) -> Iterator[str]:
        """Rows `ticket,place` in order of ticket, some at a time."""
        for at in range(0, len(self.tickets), self.at_once):
            some = slice(at, at + self.at_once)
            pairs = zip(self.tickets[some], self._places[some], strict=True)
            yield "".join(f"{ticket:016d},{place}\n" for ticket, place in pairs)


def line(rows: Mapping[int, str], columns: str, *, titled: bool) -> str:
    """Rows of the register in order of place. `columns`: the register's; that of the tier is missing in an old one."""
    filled = "" if columns == ",".join(REGISTER) else ",0"
    title = ",".join(LINE) + "\n" if titled else ""
    return title + "".join(f"{place},{rows[place]}{filled}\n" for place in sorted(rows))
