"""Nobody works in a database while it is put back: who starts, stays or comes back meanwhile."""

from threading import Timer

import pytest
from pymongo import MongoClient

from shared.mongo import UnsafeSettingsError
from tests.integration.test_backup import MANY, Doc, Shelf, order, shelf
from tools.backup.presence import LEAVES_SECONDS, StillRunning

__all__ = ["shelf"]


async def test_a_process_that_starts_before_the_mark_stands_is_seen_and_nothing_is_replaced(shelf: Shelf) -> None:
    archive, before = await shelf.saved(), await shelf.everything()
    say, begun = shelf.starting_at("nobody works in")
    with pytest.raises(StillRunning, match="are connected"):
        await shelf.restored(archive, over=True, say=say)
    (process,) = begun
    await process.result().collection("orders").insert_one(order(MANY))
    assert (await shelf.everything())["orders"] == [*before["orders"], order(MANY)]
    assert shelf.kept_aside() == []
    assert await shelf.db["incarnation"].find_one() == {"_id": "incarnation", "value": 1}
    await process.result().client.close()


async def test_a_process_that_starts_during_a_restore_is_sent_away(shelf: Shelf) -> None:
    archive, before = await shelf.saved(), await shelf.everything()
    say, begun = shelf.starting_at("is kept in")
    await shelf.restored(archive, over=True, say=say)
    (process,) = begun
    assert isinstance(process.exception(), UnsafeSettingsError)
    assert (await shelf.everything())["orders"] == before["orders"]


async def test_a_process_that_is_sent_away_a_moment_later_does_not_stop_a_restore(shelf: Shelf) -> None:
    """A pod that is started again and again is connected for a moment each time."""
    archive, before = await shelf.saved(), await shelf.everything()
    leaving = list[Timer]()
    with MongoClient[Doc](shelf.settings.mongodb_uri, appname=shelf.db.name, connect=False) as pod:

        def say(text: str) -> None:
            if "is kept in" in text:
                pod.admin.command("ping")
                leaving.append(Timer(LEAVES_SECONDS / 3, pod.close))
                leaving[0].start()

        await shelf.restored(archive, over=True, say=say)
        leaving[0].join()
    assert (await shelf.everything())["orders"] == before["orders"]


@pytest.mark.parametrize(("word", "replaced"), [("is kept in", False), (f"of {MANY:,} documents", True)])
async def test_a_process_that_was_cut_off_and_comes_back_is_seen(shelf: Shelf, word: str, replaced: bool) -> None:
    """Before anything is replaced its database is as it was; later it is kept out until the restore is repeated."""
    archive, uri = await shelf.saved(), shelf.settings.mongodb_uri
    with MongoClient[Doc](uri, appname=shelf.db.name, connect=False) as back:
        with pytest.raises(StillRunning, match="are connected"):
            await shelf.restored(archive, over=True, say=lambda text: _comes_back(text, word, back))
        row = await shelf.db["incarnation"].find_one() or {}
    assert row["value"] == (2 if replaced else 1)
    assert ("restoring" in row) == replaced


def _comes_back(text: str, word: str, back: MongoClient[Doc]) -> None:
    if word in text:
        back.admin.command("ping")
