"""What the fenced process looks at beside its work, on a real MongoDB: every kind of trouble is planted and found."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pymongo.errors import ConnectionFailure

from services.catalog.stock.commands import Oversold
from services.catalog.wiring import SERVICE as CATALOG
from services.notify.notifications.commands import stuck
from services.notify.notifications.store import NotificationDocument
from services.notify.wiring import SERVICE as NOTIFY
from services.stalls.allotments.commands import two_holders
from shared import clock
from shared.imports.store import still
from shared.mongo import Database
from shared.relay.watching import forget, look, overdue, promised
from shared.service import Watch
from tests.integration.houses import House, house

SOUND = {"on_hand": 7, "held": 7, "sold": 3, "moved": 10}
BROKEN = {
    "oversold": {**SOUND, "held": 8},
    "held-below-none": {**SOUND, "held": -1},
    "lost-in-counting": {**SOUND, "moved": 11},
    "sold-below-none": {**SOUND, "sold": -1, "moved": 6},
}


@pytest.fixture
async def catalog() -> AsyncIterator[House]:
    async with house(CATALOG) as found:
        yield found


@pytest.fixture
async def notify() -> AsyncIterator[House]:
    async with house(NOTIFY, sms_provider_url="http://sms.test", sms_callback_secret="a-secret-of-the-tests") as found:
        yield found


def shown(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def plant(house_: House, collection: str, documents: dict[str, dict[str, Any]]) -> None:
    rows = [{"_id": id_, **fields} for id_, fields in documents.items()]
    await house_.running.database.collection(collection).insert_many(rows)


async def test_a_stock_that_is_oversold_or_does_not_add_up_is_found(catalog: House) -> None:
    await plant(catalog, "stock", {"full": SOUND, "empty": dict.fromkeys(SOUND, 0), **BROKEN})
    assert await Oversold().look(catalog.running.database) == sorted(BROKEN)


async def test_stocks_are_looked_at_some_at_a_time_and_all_in_turn(catalog: House) -> None:
    await plant(catalog, "stock", {"a": SOUND, "b": BROKEN["oversold"], "c": SOUND, "d": BROKEN["oversold"]})
    watch, database = Oversold(at_once=2), catalog.running.database
    assert [await watch.look(database) for _ in range(3)] == [["b"], ["b", "d"], ["b", "d"]]
    await database.collection("stock").update_many({}, {"$set": SOUND})
    looks = [await watch.look(database) for _ in range(6)]
    assert looks[-1] == [], "what was mended is forgotten after a whole turn"


def allotment(group: str, status: str, *days: str, stall: int = 1, call: str = "call") -> dict[str, Any]:
    seat = {"venue": "ground", "stall": stall, "days": list(days)}
    return {"call": call, "status": status, "group": group, "seat": seat}


async def test_two_live_holders_of_a_stall_and_day_are_found_on_the_days_they_share(stalls: House) -> None:
    today = clock.now().astimezone(clock.INDIA).date()
    monday, tuesday, past = (str(today + timedelta(days=days)) for days in (3, 4, -30))
    calls = {"call": [monday, tuesday], "other": [tuesday], "over": [past]}
    await plant(stalls, "calls", {id_: {"events": [{"days": days}]} for id_, days in calls.items()})
    held = {
        "first": allotment("a", "confirmed", monday, tuesday),
        "gave-it-back": allotment("b", "declined", monday, tuesday),
        "waits": {**allotment("c", "waitlisted"), "seat": None},
        "next-stall": allotment("d", "allotted", monday, stall=2),
        "over": allotment("e", "confirmed", past, call="over"),
        "over-too": allotment("f", "confirmed", past, call="over"),
    }
    await plant(stalls, "allotments", held)
    assert await two_holders(stalls.running.database) == []
    await plant(stalls, "allotments", {"twin": allotment("g", "allotted", tuesday, call="other")})
    assert await two_holders(stalls.running.database) == [f"ground 1 {tuesday}"]


async def test_a_message_that_was_claimed_and_never_taken_over_is_found(notify: House) -> None:
    long_ago, just_now = clock.now() - timedelta(minutes=5), clock.now() - timedelta(seconds=30)
    rows: dict[str, dict[str, Any]] = {
        "stuck": {"status": "sending", "due_at": long_ago},
        "being-taken-over": {"status": "sending", "due_at": just_now},
        "waits": {"status": "queued", "due_at": long_ago},
        "sent": {"status": "sent", "due_at": None},
    }
    await plant(notify, "notifications", rows)
    assert await stuck(notify.running.database) == ["stuck"]


async def test_a_list_that_was_sent_and_that_no_worker_moves_is_found(catalog: House) -> None:
    long_ago, just_now = clock.now() - timedelta(minutes=6), clock.now() - timedelta(seconds=30)
    sent: dict[str, Any] = {"files": [{"name": "यादी.csv"}], "asked_at": long_ago, "refused": None}
    rows: dict[str, dict[str, Any]] = {
        "waits": {**sent, "status": "waiting", "due_at": long_ago, "moved_at": None},
        "held-by-the-dead": {**sent, "status": "running", "due_at": long_ago, "moved_at": long_ago},
        "refused-again": {**sent, "status": "running", "due_at": just_now, "moved_at": just_now, "refused": "Boom"},
        "just-started": {**sent, "status": "waiting", "due_at": just_now, "moved_at": None},
        "moves": {**sent, "status": "running", "due_at": just_now, "moved_at": just_now},
        "open": {**sent, "status": "open", "due_at": long_ago, "moved_at": None},
        "ended": {**sent, "status": "ended", "due_at": None, "moved_at": long_ago},
        "by-hand": {**sent, "status": "running", "due_at": long_ago, "moved_at": long_ago, "files": []},
    }
    await plant(catalog, "imports", rows)
    assert sorted(await still(catalog.running.database)) == ["held-by-the-dead", "refused-again", "waits"]


async def test_what_is_due_longest_is_told_until_the_lease_is_gone(notify: House) -> None:
    due = {"now": timedelta(seconds=90), "before": timedelta(seconds=600), "later": timedelta(seconds=-60)}
    database = notify.running.database
    await overdue(database, NotificationDocument)
    assert shown("bachat_due_oldest_seconds", kind="notifications") == 0
    await plant(notify, "notifications", {id_: {"due_at": clock.now() - ago} for id_, ago in due.items()})
    await overdue(database, NotificationDocument)
    assert (shown("bachat_due_oldest_seconds", kind="notifications") or 0) >= 600
    forget()
    assert shown("bachat_due_oldest_seconds", kind="notifications") is None


async def test_a_look_is_told_with_its_time_and_one_that_fails_ends_nothing(catalog: House) -> None:
    found = ["ग्राम-१", "ग्राम-२"]

    async def finds(_: Database) -> Sequence[str]:
        return found

    async def fails(_: Database) -> Sequence[str]:
        raise LookupError(found)

    database = catalog.running.database
    await look(database, Watch("finds", finds))
    await look(database, Watch("fails", fails))
    assert shown("bachat_watch_findings", watch="finds") == len(found)
    assert (shown("bachat_watch_timestamp_seconds", watch="finds") or 0) > 0
    assert shown("bachat_watch_timestamp_seconds", watch="fails") is None
    forget()
    assert shown("bachat_watch_findings", watch="finds") is None
    assert (shown("bachat_watch_timestamp_seconds", watch="finds") or 0) > 0, "when it was looked at stays true"


async def test_a_look_that_never_succeeds_is_as_old_as_the_process(catalog: House) -> None:
    async def fails(_: Database) -> Sequence[str]:
        raise LookupError

    never = Watch("never", fails)
    promised([never])
    begun = shown("bachat_watch_timestamp_seconds", watch="never")
    await look(catalog.running.database, never)
    assert begun
    assert shown("bachat_watch_timestamp_seconds", watch="never") == begun


async def test_a_look_that_finds_no_mongodb_ends_the_term_as_everything_does(catalog: House) -> None:
    async def away(_: Database) -> Sequence[str]:
        raise ConnectionFailure

    with pytest.raises(ConnectionFailure):
        await look(catalog.running.database, Watch("away", away))
