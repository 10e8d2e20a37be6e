"""Sentences about the certificate: what the rules give passes, every planted fault is found, by both checkers."""

import io
import random
from collections import Counter

import numpy as np

from services.stalls.draw import archive
from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.certificate import certify
from services.stalls.draw.engine.tables import Result, Tables, tables_of
from services.stalls.draw.plan import Instance
from tests.properties.dice import Dice
from tests.properties.draws import OF_EVENT, OF_GROUP, dices, instance, instances, seeds
from tests.properties.faults import EVERY, planted
from tests.properties.proving import of_the_engine, of_the_specification
from tests.properties.subjects import Subject
from tests.unit.stalls.draw.instances import SEED
from tests.unit.stalls.draw.sample import facts, told
from tools import check_draw


def result_of(tables: Tables, outcome: Outcome) -> Result:
    """What the engine would have had to say for this outcome."""
    index = {number: at for at, number in enumerate(tables.events.tolist())}
    who = {ticket: at for at, ticket in enumerate(tables.tickets.tolist())}
    rows = outcome.rows
    waiting = np.zeros(len(tables.choices), np.int32)
    for row in rows:
        first = int(tables.start[who[int(row.ticket)]])
        for number, position in row.waiting:
            listed = tables.choices[first : int(tables.start[who[int(row.ticket)] + 1])].tolist()
            waiting[first + listed.index(index[number])] = position
    refusals = [refusal for row in rows for refusal in row.refusals]

    def column(values: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
        return np.array(values, np.int32)

    return Result(
        order=column([who[int(row.ticket)] for row in rows]),
        event=column([-1 if row.event is None else index[row.event] for row in rows]),
        stall=column([row.stall or 0 for row in rows]),
        choice=column([row.choice or 0 for row in rows]),
        waiting=waiting,
        refusal_start=np.concatenate(([0], np.cumsum([len(row.refusals) for row in rows]))).astype(np.int64),
        refusal_event=column([index[one.event] for one in refusals]),
        refusal_stalls=column([one.stalls for one in refusals]),
        refusal_products=column([one.other_products for one in refusals]),
        refusal_reservation=column([one.other_reservation for one in refusals]),
        refusal_better=column([one.better_place for one in refusals]),
        refusal_last=column([one.last_place or 0 for one in refusals]),
    )


def stand_alone(instance: Instance, outcome: Outcome) -> list[str]:
    """What the stand-alone checker says of a file in which every digest and the log fit this outcome."""
    return check_draw.check(io.BytesIO(archive.pack(told(facts(instance), instance, outcome))))


@of_the_specification(instances)
def test_the_stand_alone_checker_accepts_what_the_rules_give(subject: Subject, instance: Instance) -> None:
    assert stand_alone(instance, accept(instance, facts(instance).seed)) == []


@of_the_specification(instances, dices, share=10)
def test_the_stand_alone_checker_rejects_each_planted_fault(subject: Subject, instance: Instance, dice: Dice) -> None:
    right = accept(instance, facts(instance).seed)
    for fault in EVERY:
        wrong = planted(right, instance, fault, dice)
        assert (stand_alone(instance, wrong) == []) == (wrong == right), fault.__name__


@of_the_engine(instances, seeds)
def test_the_engines_certificate_accepts_what_the_rules_give(engine: Subject, instance: Instance, seed: str) -> None:
    tables = tables_of(instance)
    assert certify(tables, seed, allocate(tables, seed)) is None
    assert certify(tables, seed, result_of(tables, accept(instance, seed))) is None


@of_the_engine(instances, seeds, dices, share=2)
def test_the_engines_certificate_rejects_each_planted_fault(
    engine: Subject, instance: Instance, seed: str, dice: Dice
) -> None:
    right = accept(instance, seed)
    tables = tables_of(instance)
    for fault in EVERY:
        wrong = planted(right, instance, fault, dice)
        assert (certify(tables, seed, result_of(tables, wrong)) is None) == (wrong == right), fault.__name__


def test_every_fault_can_be_planted() -> None:
    chance = random.Random(2026)
    found = Counter[str]()
    for _ in range(300):
        one = instance(Dice(chance.randbytes(3 + 8 * OF_GROUP + 3 * OF_EVENT)))
        right = accept(one, SEED)
        for fault in EVERY:
            found[fault.__name__] += planted(right, one, fault, Dice(chance.randbytes(20))) != right
    print(found)
    assert min(found[fault.__name__] for fault in EVERY) >= 10, found
