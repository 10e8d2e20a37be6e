"""The stall office of Baramati: a call in each step, who applied, what she got; and Nagpur's, another state's."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.stalls.allotments.domain import Allotment, Position, Status, seat
from services.stalls.applications.domain import Application
from services.stalls.calendars.domain import declare
from services.stalls.calls.domain import Call
from services.stalls.calls.domain import Status as CallStatus
from services.stalls.demand.streams import DEMAND
from services.stalls.permits.domain import Permission
from services.stalls.venues.domain import Venue
from shared import clock
from shared.scope import Role, Scope
from shared.streaming.measures import Generation
from shared.streaming.sink import Row, Sink
from shared.streaming.spans import hour_of
from tests.integration.houses import House
from tests.integration.stall_calls import PLAN, Fair, leader
from tests.integration.tenancy.people import ANOTHER_DISTRICT, ANOTHER_STATE, BLOCK_THERE, DISTRICT, HER_GROUP
from tests.integration.tenancy.scenes.stall_asks import CONFIRMED, TODAY, WAITS, asks
from tests.integration.tenancy.world import Shown, World, keep
from tests.unit.stalls.grounds import CONSENT
from tests.unit.stalls.small_fair import applied, group, opened, product, venue

OFFICER_OF_THE_STATE = Scope(tenant="27", role=Role.MISSION_MANAGER, party="officer-0")
GROUPS = (1, 2, 3, 4)
NAGPUR: dict[str, Any] = {"district": ANOTHER_DISTRICT, "block": BLOCK_THERE}
ABROAD: dict[str, Any] = {"tenant": ANOTHER_STATE, "district": "45", "block": "331"}
STEPS = ("published", "ready", "closed", "over", "open", "fresh")


CALENDAR = declare(DISTRICT, 2031, (), OFFICER_OF_THE_STATE).state


def call(name: str, now: datetime) -> Call:
    """Each for a week of its own: no two calls have a ground on the same day."""
    closes_at = now + timedelta(hours=5) if name in {"open", "fresh"} else now - timedelta(hours=2)
    first_day = clock.today() + timedelta(days=14 + 7 * STEPS.index(name))
    return opened(PLAN, PLAN, call_id=f"call-{name}", closes_at=closes_at, first_day=first_day, public_hours=3)


def office(call_: Call) -> dict[str, Any]:
    return {"call_district": call_.district, "call_block": call_.block}


def papered() -> Venue:
    """A ground with a paper that can be withdrawn."""
    names = CONSENT.__dataclass_fields__
    filed = Permission(id="paper-1", **{name: getattr(CONSENT, name) for name in names})
    return replace(venue(3), permissions=(filed,))


async def arrange(house: House) -> World:
    now = clock.now().replace(microsecond=0)
    calls = {name: call(name, now) for name in STEPS}
    hers = [applied(one, number, (1, 2)) for name, one in calls.items() for number in GROUPS if name != "fresh"]
    await keep(house, venue(1), venue(2), papered(), CALENDAR, *map(group, GROUPS), *map(product, GROUPS))
    await told(house, calls["published"], hers)
    for name in ("closed", "ready"):
        fair = await stood(house, calls[name], hers)
        assert (await fair.close()).is_success
    ready = Fair(house, "call-ready")
    assert (await ready.open_nonce()).is_success
    await ready.until_the_value_is_out()
    for name in ("over", "open", "fresh"):
        await stood(house, calls[name], hers)
    applications = [*hers, *await elsewhere(house, calls["open"], hers)]
    return await shown(house, list(calls.values()), applications)


async def stood(house: House, one: Call, applications: list[Application]) -> Fair:
    await keep(house, one, *(each for each in applications if each.call == one.id))
    return Fair(house, one.id)


async def told(house: House, one: Call, applications: list[Application]) -> None:
    """Drawn, and every group told what it got."""
    fair = await stood(house, one, applications)
    await fair.drawn()
    await fair.timers()
    declined = await fair.answers(4, "decline")
    assert declined.is_success, declined.text


async def elsewhere(house: House, near: Call, hers: list[Application]) -> list[Application]:
    """Nagpur's call, where a group of Nagpur and one of Baramati apply; another state's call.

    A guest from Nagpur at Baramati's call, and at one of the whole district, which no block's officer has.
    """
    there, abroad = replace(near, id="call-nagpur", **NAGPUR), replace(near, id="call-abroad", **ABROAD)
    wide = replace(near, id="call-district", block=None)
    first = next(one for one in hers if one.call == near.id)
    guest = replace(first, id="application-guest", group="group-nagpur", **NAGPUR)
    away = replace(first, id="application-away", call=there.id, **office(there))
    local = replace(guest, id="application-local", call=there.id, **office(there))
    foreign = replace(first, id="application-abroad", call=abroad.id, group=HER_GROUP, **ABROAD, **office(abroad))
    widely = replace(guest, id="application-district", call=wide.id, **office(wide))
    found = [guest, widely, away, local, foreign]
    await keep(house, there, wide, abroad, *found, replace(venue(4), **NAGPUR), replace(venue(5), **ABROAD))
    await keep(house, replace(group(9), id="group-nagpur", **NAGPUR))
    return found


async def allotted(house: House) -> list[Allotment]:
    """What the draw gave, and the same at another group's, another office's and another state's."""
    rows = house.running.database.collection("allotments").find({"call": "call-published"})
    own = [await house.stores[Allotment].get(doc["_id"]) async for doc in rows]
    far = {"call_district": ANOTHER_DISTRICT, "call_block": BLOCK_THERE}
    nagpur = replace(own[0], id="allotment-nagpur", group="group-nagpur", **NAGPUR, **far)
    guest = replace(own[0], id="allotment-guest", group="group-nagpur", **NAGPUR)
    abroad = replace(own[0], id="allotment-abroad", group=HER_GROUP, **ABROAD)
    hers = next(one for one in own if one.group == HER_GROUP)
    kept = await today(house, hers)
    await keep(house, nagpur, guest, abroad)
    return [*own, *kept, nagpur, guest, abroad]


async def today(house: House, hers: Allotment) -> list[Allotment]:
    """Of her group: a confirmed stall, and a place on the waitlist of a fair that is today."""
    published = await house.stores[Call].get("call-published")
    event = replace(published.events[0], days=(clock.today(),))
    of_today = replace(published, id=TODAY, status=CallStatus.PUBLISHED, due_at=None, events=(event,))
    sits = seat(published, 1, 2)
    confirmed = replace(hers, id=CONFIRMED, status=Status.CONFIRMED, seat=sits, due_at=None, ticket="2" * 16)
    waits = replace(hers, id=WAITS, call=TODAY, status=Status.WAITLISTED, seat=None, due_at=None, ticket="3" * 16)
    waits = replace(waits, positions=(Position(event=1, position=1),))
    await keep(house, of_today, confirmed, waits)
    return [confirmed, waits]


async def figures(house: House) -> dict[str, Shown]:
    """How many apply: for the same call a figure of this state and, as nobody should have, one of another."""
    sink = Sink(house.running.database, Generation(house.running.settings, "stalls", DEMAND, 1))
    await sink.prepare()
    hour = hour_of(clock.now() - timedelta(hours=2))
    rows = {"food": "27", "handicraft": "27", "textiles": ANOTHER_STATE}
    fields = {"call": "call-open", "hour": hour, "applications": 3}
    await sink.write(
        [Row(f"0.{name}", 1, {**fields, "tenant": tenant, "category": name}) for name, tenant in rows.items()]
    )
    return {name: Shown(name, tenant, everybodys=True) for name, tenant in rows.items()}


async def shown(house: House, calls: list[Call], applications: list[Application]) -> World:
    gave = await allotted(house)
    mine = next(one for one in gave if one.group == HER_GROUP and one.tenant == "27")
    public = [(one.id, "27") for one in calls] + [(TODAY, "27")] + [("call-nagpur", "27"), ("call-district", "27")]
    public.append(("call-abroad", ANOTHER_STATE))
    grounds = [(f"venue-{number}", ANOTHER_STATE if number == 5 else "27") for number in range(1, 6)]
    return World(
        house,
        asks(next(one.id for one in applications if one.call == "call-open" and one.group == HER_GROUP), mine.id),
        {
            "GET /v1/venues": ("id", tuple(Shown(*one, everybodys=True) for one in grounds)),
            "GET /v1/calls": ("id", tuple(Shown(*one, everybodys=True) for one in public)),
            "GET /v1/calls/{call_id}/demand": ("category", tuple((await figures(house)).values())),
            "GET /v1/applications": ("id", tuple(map(row, applications))),
            "GET /v1/allotments": ("id", tuple(map(row, gave))),
        },
        unpublished=frozenset({*(one.id for one in applications), *(one.group for one in applications)}),
        private=frozenset({"officer-1", str(leader(1)["sub"]), *(f"product-{number}" for number in GROUPS)}),
    )


def row(one: Application | Allotment) -> Shown:
    places = ((one.district, one.block), (one.call_district, one.call_block))
    return Shown(one.id, one.tenant, group=one.group, places=places)
