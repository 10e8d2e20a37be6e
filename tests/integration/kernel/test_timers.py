"""A timer calls what is due; what fails lets the others go on."""

from datetime import timedelta

from shared import clock
from shared.aggregates import Work
from shared.ids import new_id
from shared.service import Running, Timer
from shared.timers import Row
from tests.integration.kernel.pots import NotThirsty, Pot, expire, make


async def due(running: Running, how_many: int) -> list[str]:
    """Ids of pots that are due, in that order."""
    ids, at = [new_id() for _ in range(how_many)], clock.now() - timedelta(minutes=1)
    for n, id_ in enumerate(ids):
        await make(running.stores[Pot], id_, None, at + timedelta(seconds=n))
    return ids


async def test_a_command_that_fails_or_refuses_rests_and_the_others_fire(running: Running) -> None:
    broken, refusing, sound = await due(running, 3)
    called: list[str] = []

    async def command(work: Work, id_: str) -> None:
        called.append(id_)
        if id_ == broken:
            raise ZeroDivisionError
        if id_ == refusing:
            raise NotThirsty
        await expire(work, id_)

    row = Row(running, Timer(Pot, command))
    assert await row.fire() == 1
    assert sorted(called) == sorted([broken, refusing, sound])
    assert await row.fire() == 0
    assert len(called) == 3, "what failed rests"

    row.resting = dict.fromkeys(row.resting, 0.0)
    assert await row.fire() == 0
    assert sorted(called[3:]) == sorted([broken, refusing]), "and is called again"
