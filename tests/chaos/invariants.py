"""delivery.md's invariants as functions: each gives the differences it found, none when it holds."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from services.orders.baskets.store import KnownProductDocument
from tests.chaos.log import Told
from tests.chaos.market import PHONES
from tests.chaos.world import READERS, World

Differences = list[str]

AGREES = {
    ("confirmed", "held"),
    ("accepted", "consumed"),
    ("refused", "refused"),
    ("cancelled", "released"),
    ("cancelled", "refused"),  # cancelled before it heard that nothing could be held for it
}
RECIPIENTS = {
    "order-placed": (),
    "order-confirmed": ("buyer", "seller"),
    "order-refused": ("buyer",),
    "order-accepted": ("buyer",),
    "order-cancelled": ("buyer", "seller"),
}
OUTCOMES = {True: ("notification-accepted", "notification-delivered"), False: ("notification-failed",)}


def unequal(left: Iterable[Hashable], right: Iterable[Hashable], *, left_is: str, right_is: str) -> Differences:
    """The multiset difference, both ways."""
    here, there = Counter(iter(left)), Counter(iter(right))
    more = [f"{n} x {one} only in {left_is}" for one, n in (here - there).items()]
    return more + [f"{n} x {one} only in {right_is}" for one, n in (there - here).items()]


def everything_settles(world: World) -> Differences:
    return [*world.flying]


def acknowledged_is_stored(world: World) -> Differences:
    """I1, and the other way round: every request was repeated until it had a definitive answer."""
    orders, told = world.stored["orders.orders"], world.told
    stored = [(id_, doc["buyer"], doc["seller"]) for id_, doc in orders.items()]
    promised = [(id_, *parties) for id_, parties in told.placed.items()]
    accepted = [id_ for id_, doc in orders.items() if doc["status"] == "accepted"]
    cancelled = [id_ for id_, doc in orders.items() if doc["status"] == "cancelled" and doc["reason"] != "hold-expired"]
    accepted = [id_ for id_ in accepted if id_ in told.accepted or id_ not in told.undecided]
    cancelled = [id_ for id_ in cancelled if id_ in told.cancelled or id_ not in told.undecided]
    return [
        *told.contradictions,
        *unequal(promised, stored, left_is="answers 201", right_is="stored orders"),
        *unequal(told.accepted, accepted, left_is="answers to accept", right_is="accepted orders"),
        *unequal(told.cancelled, cancelled, left_is="answers to cancel", right_is="cancelled orders"),
    ]


def facts_are_changes(world: World) -> Differences:
    """I2 and I3: what documents say they told, and what stands in Kafka."""
    found: Differences = []
    for topic in world.log:
        kept = world.stored.get(topic, {})
        said = [(id_, n) for id_, doc in kept.items() for n in range(1, doc["sequence"] + 1)]
        told = {(record.envelope.subject, record.envelope.sequence) for record in world.told_facts(topic)}
        found += unequal(said, told, left_is=f"documents of {topic}", right_is=f"the topic {topic}")
    return found


def first_occurrences_are_in_sequence(world: World) -> Differences:
    """I4: 1, 2, 3 … without holes, in one partition."""
    found: Differences = []
    for topic in world.log:
        last: dict[tuple[str, int], int] = defaultdict(int)
        for record in world.firsts(topic):
            place = record.envelope.subject, record.partition
            if record.envelope.sequence != last[place] + 1:
                found.append(f"{topic} {place}: {record.envelope.sequence} came after {last[place]}")
            last[place] = max(last[place], record.envelope.sequence)
    return found


def repeats_say_the_same(world: World) -> Differences:
    """One event id, one content, for ever."""
    said: dict[str, Told] = {}
    found: Differences = []
    for record in (record for topic in world.log for record in world.told_facts(topic)):
        first = said.setdefault(f"{record.topic} {record.envelope.id}", record)
        if (first.value, first.envelope) != (record.value, record.envelope):
            found.append(f"{record.place} says {record.value!r}, {first.place} said {first.value!r}")
    return found


def orders_are_placed_and_reserved_once(world: World) -> Differences:
    """{orders} = {order-placed} = {reservations}."""
    orders = world.stored["orders.orders"]
    placed = [r.envelope.subject for r in world.firsts("orders.orders") if r.name == "order-placed"]
    reservations = world.stored["catalog.reservations"]
    return [
        *unequal(orders, placed, left_is="orders", right_is="first order-placed"),
        *unequal(orders, reservations, left_is="orders", right_is="reservations"),
    ]


def statuses_agree(world: World) -> Differences:
    reservations = world.stored["catalog.reservations"]
    pairs = {
        id_: (order["status"], reservations[id_]["status"])
        for id_, order in world.stored["orders.orders"].items()
        if id_ in reservations
    }
    return [f"order {id_} is {pair[0]}, its reservation {pair[1]}" for id_, pair in pairs.items() if pair not in AGREES]


def stock_is_exact(world: World) -> Differences:
    """I8: held and sold are the sums of the reservations, nothing is below zero, movements add up."""
    held, sold = _lines_of(world, "held"), _lines_of(world, "consumed")
    found: Differences = []
    for id_, doc in world.stored["catalog.stock"].items():
        figures = {name: doc[name] for name in ("on_hand", "held", "sold", "moved")}
        exact = figures["held"] == held[id_] and figures["sold"] == sold[id_]
        if not exact or doc["on_hand"] < doc["held"] or doc["held"] < 0 or doc["moved"] != doc["on_hand"] + doc["sold"]:
            found.append(f"stock {id_} has {figures}; its reservations hold {held[id_]}, consumed {sold[id_]}")
    return found


def _lines_of(world: World, status: str) -> Counter[str]:
    """Quantities of the reservations of that status, by stock id."""
    total: Counter[str] = Counter()
    for doc in world.stored["catalog.reservations"].values():
        for line in doc["lines"] if doc["status"] == status else ():
            total[f"{line['product_id']}:{line['sku']}"] += line["quantity"]
    return total


def last_stock_fact_is_the_stock(world: World) -> Differences:
    last: dict[str, dict[str, Any]] = {}
    for record in world.firsts("catalog.stock"):
        last[record.envelope.subject] = data_of(record)
    said = [(id_, fact["on_hand"], fact["held"], fact["available"]) for id_, fact in last.items()]
    stock = world.stored["catalog.stock"].items()
    kept = [(id_, doc["on_hand"], doc["held"], doc["on_hand"] - doc["held"]) for id_, doc in stock]
    return unequal(said, kept, left_is="the last stock-changed", right_is="stock")


def one_ledger_row_for_each_telling(world: World) -> Differences:
    """I6: {facts that must notify} x {recipients} = {rows}."""
    wanted = [
        f"{record.envelope.id}:{data_of(record)[role]}:sms"
        for record in world.firsts("orders.orders")
        for role in RECIPIENTS[record.name]
    ]
    return unequal(wanted, world.stored["notify.notifications"], left_is="what must be told", right_is="the ledger")


def provider_accepted_once(world: World) -> Differences:
    """I7: one message for each row of a party with a phone, none for the others."""
    ledger = world.stored["notify.notifications"]
    reachable = [id_ for id_, row in ledger.items() if row["recipient"] in world.reachable]
    accepted = [message["client_ref"] for message in world.messages]
    return unequal(reachable, accepted, left_is="rows of parties with a phone", right_is="the provider's log")


def each_message_ends_once(world: World) -> Differences:
    """I5, at the end of the chain: a row tells each of its ends once, however often the provider reports it."""
    ledger = world.stored["notify.notifications"]
    wanted = [(id_, name) for id_, row in ledger.items() for name in OUTCOMES[row["recipient"] in world.reachable]]
    told = [(record.envelope.subject, record.name) for record in world.firsts("notify.notifications")]
    return unequal(wanted, told, left_is="how rows must end", right_is="what notify told")


def parked_is_the_poison(world: World) -> Differences:
    """I11: the poison set and what followed on its keys; nothing else."""
    found: Differences = []
    for service, rows in world.parked.rows.items():
        expected = [place for topic in READERS[service] for place in _blocked(world.parked.log[topic])]
        found += unequal(expected, rows, left_is="poison and its followers", right_is=f"parked by {service}")
    return found


def _blocked(records: Iterable[Told]) -> list[tuple[str, int, int]]:
    keys: set[bytes] = set()
    found = []
    for record in records:
        if record.planted or record.key in keys:
            found.append(record.place)
            keys |= {record.key} if record.key is not None else set()
    return found


def parked_is_replayable(world: World) -> Differences:
    """I11: with the poison put aside, everything behind it was applied."""
    return [*world.waiting]


def projection_is_rebuilt_the_same(world: World) -> Differences:
    def plain(docs: Mapping[str, Any]) -> list[str]:
        return [f"{KnownProductDocument.load(doc)} seen {doc['seen']}" for doc in docs.values()]

    live = world.stored["known_products"]
    return unequal(plain(live), plain(world.rebuilt), left_is="the live projection", right_is="the rebuilt one")


def no_phone_in_a_log(world: World) -> Differences:
    numbers = [phone.removeprefix("+91") for phone in PHONES]
    found: Differences = []
    for path in world.logs:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            found += [f"{path.name}: {line[:300]}" for number in numbers if number in line]
    return found


def data_of(record: Told) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(record.value or b"{}")
    return said


ALL: tuple[Callable[[World], Differences], ...] = (
    everything_settles,
    acknowledged_is_stored,
    facts_are_changes,
    first_occurrences_are_in_sequence,
    repeats_say_the_same,
    orders_are_placed_and_reserved_once,
    statuses_agree,
    stock_is_exact,
    last_stock_fact_is_the_stock,
    one_ledger_row_for_each_telling,
    provider_accepted_once,
    each_message_ends_once,
    parked_is_the_poison,
    parked_is_replayable,
    projection_is_rebuilt_the_same,
    no_phone_in_a_log,
)
