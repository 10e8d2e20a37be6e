"""What a restored service has forgotten is named, judged, and a person is told what to do."""

from datetime import UTC, datetime, timedelta

from tools.backup.log import Told
from tools.backup.reconcile import Fate, Forgotten, forgotten, next_incarnation
from tools.backup.views import advice, forgotten_json

NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
TOPIC = "orders.orders"
KNOWN = {TOPIC: {"टोपली": 2}}


def told(what: str, sequence: int, incarnation: int = 1, subject: str = "टोपली", said: str = "{}") -> Told:
    type_ = f"in.bachathaat.orders.order-{what}.v1"
    return Told(
        topic=TOPIC,
        partition=0,
        offset=10 * incarnation + sequence,
        subject=subject,
        incarnation=incarnation,
        sequence=sequence,
        type=type_,
        time=NOON + timedelta(minutes=10 * incarnation + sequence),
        said=said,
    )


def fates(*facts: Told, incarnation: int = 2) -> dict[str, tuple[Fate, str]]:
    return {one.told.name: (one.fate, one.now) for one in forgotten(facts, KNOWN, incarnation)}


def test_what_the_backup_holds_is_not_forgotten_even_when_it_is_swept_again() -> None:
    assert fates(told("placed", 1), told("confirmed", 2), told("confirmed", 2)) == {}


def test_what_was_told_after_it_is_missing_once_however_often_it_stands_there() -> None:
    rows = forgotten([told("accepted", 3), told("accepted", 3)], KNOWN, 2)
    assert [(one.told.name, one.fate, one.known) for one in rows] == [("order-accepted", Fate.MISSING, True)]


def test_what_is_done_again_needs_nobody() -> None:
    assert fates(told("accepted", 3), told("accepted", 3, 2)) == {"order-accepted": (Fate.AGAIN, "")}


def test_what_came_otherwise_names_what_stands_in_its_place() -> None:
    otherwise = {"order-accepted": (Fate.OTHERWISE, "order-cancelled")}
    assert fates(told("accepted", 3), told("cancelled", 3, 2)) == otherwise
    other_words = fates(told("accepted", 3, said='{"total": 1}'), told("accepted", 3, 2, said='{"total": 2}'))
    assert other_words == {"order-accepted": (Fate.OTHERWISE, "order-accepted")}


def test_of_a_subject_the_backup_never_held_everything_is_named() -> None:
    rows = forgotten([told("confirmed", 2, subject="नवी"), told("placed", 1, subject="नवी")], KNOWN, 2)
    assert [(one.told.name, one.known) for one in rows] == [("order-placed", False), ("order-confirmed", False)]


def test_what_a_later_life_told_is_forgotten_by_the_next_restore() -> None:
    assert fates(told("accepted", 3, 2), incarnation=3) == {"order-accepted": (Fate.MISSING, "")}
    assert fates(told("accepted", 3, 2), incarnation=2) == {}


def test_what_was_brought_back_is_known_again_until_it_is_told_otherwise() -> None:
    facts, now = [told("placed", 1, subject="नवी"), told("confirmed", 2, subject="नवी")], {TOPIC: {"नवी": 2}}
    assert {one.fate for one in forgotten(facts, KNOWN, 2, now)} == {Fate.BACK}
    later = [*facts, told("cancelled", 3, 2, subject="नवी")]
    assert {one.fate for one in forgotten(later, KNOWN, 2, {TOPIC: {"नवी": 3}})} == {Fate.BACK}


def test_an_incarnation_is_never_used_twice() -> None:
    assert next_incarnation([], 1, 0) == 2
    assert next_incarnation([told("placed", 1, 4), told("placed", 1, 2)], 1, 3) == 5


def test_everything_says_what_a_person_can_do() -> None:
    placed, again = told("placed", 1, subject="नवी"), told("accepted", 3)
    rows = [
        Forgotten(told=placed, known=False, fate=Fate.MISSING),
        Forgotten(told=again, known=True, fate=Fate.AGAIN),
        Forgotten(told=again, known=True, fate=Fate.OTHERWISE, now="order-cancelled"),
    ]
    said = [advice(one) for one in rows]
    assert "bring-back" in said[0]
    assert said[1] == "nothing"
    assert "order-cancelled" in said[2]
    assert '"subject": "नवी"' in forgotten_json(rows)
