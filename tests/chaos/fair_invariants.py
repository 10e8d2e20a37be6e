"""What must hold after a fair, as functions: each gives the differences it found, none when it holds."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from services.stalls.draw.chain import Live, Seat
from services.stalls.draw.chain_log import Entry, Kind, replay
from services.stalls.draw.disclosure import disclosed
from services.stalls.draw.plan import Applicant
from services.stalls.vacancies.store import LoggedDocument
from tests.chaos.fair_ground import Maker, phones
from tests.chaos.fair_world import FairWorld, counted
from tests.chaos.invariants import Differences, data_of, unequal
from tests.chaos.log import Told

APPLICATIONS, ALLOTMENTS = "stalls.applications", "stalls.allotments"
TOLD_TO_THE_GROUP = {
    "application-submitted",
    "application-changed",
    "application-withdrawn",
    "stall-allotted",
    "application-waitlisted",
    "allotment-confirmed",
    "allotment-declined",
    "allotment-lapsed",
    "allotment-upgraded",
    "allotment-given-back",
    "standby-seated",
}
LIVE = {"allotted", "confirmed"}
LEFT = {"allotment-declined", "allotment-lapsed", "allotment-given-back"}
GIVEN = {"stall-allotted", "allotment-upgraded", "standby-seated"}


def acknowledged_is_frozen(world: FairWorld) -> Differences:
    """Ticket by ticket what was acknowledged last is what was drawn, as far as the plan asks, and nothing else was."""
    makers = {maker.id: maker for maker in world.fair.makers}
    promised = [
        disclosed(
            Applicant(
                ticket=standing.ticket,
                tier=0,
                district=makers[group].entry.district,
                choices=standing.wish.choices,
                categories=frozenset(standing.wish.categories),
                tags=_tags(makers[group]) | standing.wish.words[0] | {"first_stall"},
                stages=frozenset(standing.wish.words[1]),
            ),
            world.instance.events,
        )
        for group, standing in world.promised.standing.items()
    ]
    drawn = list(world.instance.applicants)
    return [
        *world.promised.contradictions,
        *unequal(promised, drawn, left_is="what was acknowledged", right_is="the frozen inputs"),
    ]


def _tags(maker: Maker) -> frozenset[str]:
    """As the registry says."""
    return frozenset({maker.entry.programme, "rural" if maker.entry.block else "urban"})


def applications_say_whether_they_took_part(world: FairWorld) -> Differences:
    """Submitted and sealed: what was acknowledged; withdrawn: all others that ever had a ticket."""
    stored = world.left.stored[APPLICATIONS].values()
    promised = [(one.application, one.ticket) for one in world.promised.standing.values()]
    kept = [(str(doc["_id"]), doc["ticket"]) for doc in stored if doc["status"] == "submitted"]
    sealed = [(str(doc["_id"]), doc["ticket"]) for doc in stored if doc["frozen_revision"] == doc["revision"]]
    return [
        *unequal(promised, kept, left_is="what was acknowledged", right_is="submitted applications"),
        *unequal(promised, sealed, left_is="what was acknowledged", right_is="sealed applications"),
    ]


def outcome_is_told(world: FairWorld) -> Differences:
    """{rows of the outcome} = {allotments} = {what stalls told of the draw}."""
    rows = [(row.ticket, row.place, row.event, row.stall, row.waiting) for row in world.outcome.rows]
    allotments = [_row(doc["ticket"], doc["place"], _seat(doc), doc["positions"]) for doc in world.allotments.values()]
    facts = [
        _row(said["ticket"], said["place"], said if "stall" in said else None, said.get("positions", ()))
        for said in map(data_of, _of_the_draw(world))
    ]
    return [
        *unequal(rows, allotments, left_is="the outcome", right_is="allotments"),
        *unequal(rows, facts, left_is="the outcome", right_is="what was told of the draw"),
    ]


def _seat(doc: dict[str, Any]) -> dict[str, Any] | None:
    """As the draw gave it."""
    return doc["seat"] if doc["through"] == "draw" else None


def _row(ticket: str, place: int, seat: dict[str, Any] | None, waiting: Iterable[dict[str, Any]]) -> Hashable:
    positions = tuple((one["event"], one["position"]) for one in waiting)
    return ticket, place, seat and seat["event"], seat and seat["stall"], positions


def _of_the_draw(world: FairWorld) -> Iterator[Told]:
    for record in world.left.firsts(ALLOTMENTS):
        if record.name == "application-waitlisted" or data_of(record).get("through") == "draw":
            yield record


def every_group_is_told_once(world: FairWorld) -> Differences:
    """I6: {facts} = {rows of the ledger}; what the provider took of them is another invariant."""
    told = [*world.left.firsts(APPLICATIONS), *world.left.firsts(ALLOTMENTS)]
    wanted = [
        f"{record.envelope.id}:{_held(data_of(record))['group']}:sms"
        for record in told
        if record.name in TOLD_TO_THE_GROUP
    ]
    return unequal(
        wanted, world.left.stored["notify.notifications"], left_is="what must be told", right_is="the ledger"
    )


def _held(said: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = said.get("held") or said
    return held


def answers_are_kept(world: FairWorld) -> Differences:
    """Who confirmed and who declined, as they were answered; and every credit is a confirmed stall."""
    desk, allotments = world.desk, world.allotments
    confirmed = [id_ for id_, doc in allotments.items() if doc["status"] == "confirmed"]
    declined = [id_ for id_, doc in allotments.items() if doc["status"] == "declined"]
    of_group = {(doc["group"], id_) for id_, doc in allotments.items() if doc["status"] == "confirmed"}
    charged = [(doc["group"], entry["id"]) for doc in world.left.stored["credits"].values() for entry in doc["entries"]]
    return [
        *desk.refused,
        *unequal(desk.confirmed, confirmed, left_is="answers to confirm", right_is="confirmed allotments"),
        *unequal(desk.declined, declined, left_is="answers to decline", right_is="declined allotments"),
        *unequal(of_group, charged, left_is="confirmed allotments", right_is="credits"),
    ]


def no_stall_has_two_holders(world: FairWorld) -> Differences:
    """I9: at no time by what was told; and now, by what is kept."""
    holds: dict[Seat, str] = {}
    found: Differences = []
    for record in sorted(world.left.firsts(ALLOTMENTS), key=_when):
        said, who = data_of(record), record.envelope.subject
        stall = _seat_of(_held(said))
        left = _seat_of(said["before"]) if record.name == "allotment-upgraded" else stall
        if record.name in {*LEFT, "allotment-upgraded"} and holds.get(left) == who:
            del holds[left]
        if record.name in GIVEN and holds.setdefault(stall, who) != who:
            found.append(f"{stall} was given to {who} at {record.envelope.time} while {holds[stall]} had it")
    live = {id_: doc["seat"] for id_, doc in world.allotments.items() if doc["status"] in LIVE}
    now = [(_seat_of(seat), id_) for id_, seat in live.items()]
    return [*found, *unequal(holds.items(), now, left_is="holders by what was told", right_is="live allotments")]


def _seat_of(said: dict[str, Any]) -> Seat:
    return said.get("event", 0), said.get("stall", 0)


def _when(record: Told) -> tuple[datetime, int]:
    """At the same millisecond what is given back comes first: it was written before its successor was looked for."""
    return record.envelope.time, 0 if record.name in LEFT else 1 + (record.name == "stall-allotted")


def every_stall_is_passed_on_once(world: FairWorld) -> Differences:
    """The log of vacancies, redone from scratch, entry by entry; and what it says was given, and nothing else."""
    docs = [doc for doc in world.left.stored.get("vacancy_log", {}).values() if doc["call"] == world.fair.call]
    log = sorted((LoggedDocument.state(doc).entry for doc in docs), key=lambda entry: entry.number)
    live = Live(world.instance, world.outcome)
    wrong = replay(live, log, {event["number"]: _first_day(event) for event in world.call["events"]})
    kept = {doc["ticket"]: _seat_of(doc["seat"]) for doc in world.allotments.values() if doc["status"] in LIVE}
    by_the_log = unequal(live.held.items(), kept.items(), left_is="the log", right_is="live allotments")
    return [*wrong, *by_the_log, *_given(world, log)]


def _first_day(event: dict[str, Any]) -> date:
    return min(date.fromisoformat(day) for day in event["days"])


def _given(world: FairWorld, log: Sequence[Entry]) -> Differences:
    """Who took a stall by the log was told so, unless she had left the line; and each stall that was left is there."""
    facts = world.left.firsts(ALLOTMENTS)
    tickets = {id_: doc["ticket"] for id_, doc in world.allotments.items()}
    said = [(record.name, tickets[record.envelope.subject], data_of(record)) for record in facts]
    told = [(ticket, *_seat_of(_held(d))) for name, ticket, d in said if name in GIVEN and d.get("through") != "draw"]
    undone = {entry.after for entry in log if entry.kind in {Kind.PASSED, Kind.LATE}}
    given = [(entry.taker, *entry.seat) for entry in log if entry.taker and entry.number not in undone]
    left = [(ticket, *_seat_of(d["held"])) for name, ticket, d in said if name in LEFT and d.get("held")]
    logged = [(entry.ticket, *entry.seat) for entry in log if entry.kind is Kind.LEFT]
    return [
        *unequal(told, given, left_is="told of a stall after the draw", right_is="takers by the log"),
        *unequal(left, logged, left_is="stalls given back", right_is="the log of vacancies"),
    ]


def officers_were_told_the_same(world: FairWorld) -> Differences:
    """However often and by whom a step was asked, it was done once."""
    call, found = world.call, list[str]()
    said: dict[str, set[Hashable]] = defaultdict(set)
    for step, status, body in world.desk.answers:
        if status != 200 and body.get("code") != "NonceTooLate":
            found.append(f"{step}: {status} {body}")
        for name in ("inputs_digest", "plan_digest", "seed", "outcome_digest", "allotted", "applications"):
            said[name].add(body.get(name) or call[name])
    found += [
        f"{name}: {values} were told, {call[name]} stands" for name, values in said.items() if values != {call[name]}
    ]
    steps = [r.name for r in world.left.firsts("stalls.calls")]
    nonce = "nonce-opened" if call["parties"][0]["nonce"] else "nonces-struck"
    once = ["call-opened", "call-closed", nonce, "public-value-named", "public-value-confirmed", "draw-finalised"]
    return [*found, *unequal(steps, once, left_is="told", right_is="once")]


def demand_is_what_stands(world: FairWorld) -> Differences:
    expected = counted(world.left.stored[APPLICATIONS].values())
    return unequal(expected.elements(), world.demand.elements(), left_is="applications", right_is="figures of demand")


def anybody_can_verify(world: FairWorld) -> Differences:
    code, words = world.verified
    return [] if code == 0 and "equal" in words else [f"tools.draw verify ended with {code}: {words}"]


def nothing_is_parked(world: FairWorld) -> Differences:
    return [*world.left.waiting]


def no_phone_in_a_log(world: FairWorld) -> Differences:
    numbers = phones(len(world.fair.makers))
    found: Differences = []
    for path in world.left.logs:
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.name} holds {number}" for number in numbers if number in text]
    return found


ALL: tuple[Callable[[FairWorld], Differences], ...] = (
    acknowledged_is_frozen,
    applications_say_whether_they_took_part,
    outcome_is_told,
    every_group_is_told_once,
    answers_are_kept,
    no_stall_has_two_holders,
    every_stall_is_passed_on_once,
    officers_were_told_the_same,
    demand_is_what_stands,
    anybody_can_verify,
    nothing_is_parked,
    no_phone_in_a_log,
)
