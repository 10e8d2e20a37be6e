"""What is asked of the stall office, in the state each call is in."""

from datetime import timedelta
from typing import Any

from shared import clock
from tests.integration.tenancy.people import BLOCK, DISTRICT, HER_GROUP
from tests.integration.tenancy.world import Ask
from tests.unit.stalls.small_fair import COMMITMENT, NONCE, PUBLIC_VALUE

Asks = dict[tuple[str, str], Ask]

HALL = {
    "kind": "exhibition_hall",
    "owner": "बारामती नगरपरिषद",
    "names": {"mr": "शारदा प्रांगण"},
    "district": DISTRICT,
    "block": BLOCK,
    "stalls": 20,
}
PAPER = {
    "document": "ठराव 17",
    "issuer": "ग्रामपंचायत माळेगाव",
    "valid_from": "2026-01-01",
    "valid_until": "2036-12-31",
}
CONFIRMED, WAITS, TODAY = "allotment-confirmed", "allotment-waits", "call-today"
WISH: dict[str, Any] = {"choices": [1], "products": ["product-1"]}


def a_call() -> dict[str, Any]:
    now, day = clock.now().replace(microsecond=0), (clock.today() + timedelta(days=90)).isoformat()
    return {
        "names": {"mr": "होळी बाजार, बारामती"},
        "opens_at": (now + timedelta(hours=1)).isoformat(),
        "closes_at": (now + timedelta(days=2)).isoformat(),
        "events": [{"venue": "venue-1", "days": [day], "lines": [{"count": 2}]}],
        "commitment": COMMITMENT,
        "public_source": "मुंबई सराफा बाजार",
        "public_at": (now + timedelta(days=3)).isoformat(),
    }


def asks(application: str, allotment: str) -> Asks:
    return {**of_grounds(), **of_calls(), **of_applications({"application_id": application}, allotment)}


def of_grounds() -> Asks:
    day = (clock.today() + timedelta(days=21)).isoformat()
    paper = {"venue_id": "venue-3", "permission_id": "paper-1"}
    year = {"district": DISTRICT, "year": 2031}
    return {
        ("POST /v1/venues", "of Baramati"): Ask(body=HALL),
        ("GET /v1/venues", "list"): Ask(),
        ("GET /v1/venues/{venue_id}", "any"): Ask({"venue_id": "venue-1"}),
        ("GET /v1/venues/{venue_id}/use", "any"): Ask({"venue_id": "venue-1"}, query=f"date={day}"),
        ("POST /v1/venues/{venue_id}/permissions", "any"): Ask({"venue_id": "venue-1"}, PAPER),
        ("POST /v1/venues/{venue_id}/permissions/{permission_id}/withdraw", "any"): Ask(paper, {"reason": "पाऊस"}),
        ("PUT /v1/calendars/{district}/{year}", "of a district"): Ask(year, {"days": []}),
        ("GET /v1/calendars/{district}/{year}", "any"): Ask(year),
    }


def of_calls() -> Asks:
    def at(step: str) -> dict[str, str]:
        return {"call_id": f"call-{step}"}

    value = {"public_value": PUBLIC_VALUE, "published_at": clock.now().isoformat()}
    return {
        ("POST /v1/plans/counts", "any template"): Ask(body={"venue": "venue-1", "stalls": 9, "lines": [{"share": 1}]}),
        ("POST /v1/plans/lint", "any plan"): Ask(body={"lines": [{"count": 20}]}),
        ("POST /v1/calls", "on a ground of Baramati"): Ask(body=a_call()),
        ("GET /v1/calls", "list"): Ask(query="state=27"),
        ("GET /v1/calls/{call_id}", "any"): Ask(at("open")),
        ("POST /v1/calls/{call_id}/close", "over"): Ask(at("over")),
        ("POST /v1/calls/{call_id}/open-nonce", "closed"): Ask(at("closed"), {"nonce": NONCE}),
        ("POST /v1/calls/{call_id}/dry-run", "closed"): Ask(at("closed")),
        ("POST /v1/calls/{call_id}/draw", "nonce opened"): Ask(at("ready"), value),
        ("GET /v1/calls/{call_id}/log", "any"): Ask(at("published")),
        ("GET /v1/calls/{call_id}/outcome", "drawn"): Ask(at("published")),
        ("GET /v1/calls/{call_id}/outcome/file", "drawn"): Ask(at("published")),
        ("GET /v1/calls/{call_id}/vacancies", "drawn"): Ask(at("published")),
        ("GET /v1/calls/{call_id}/demand", "list"): Ask(at("open")),
        ("GET /v1/draws/{call_id}", "any"): Ask(at("open")),
        ("GET /v1/draws/{call_id}/events", "drawn"): Ask(at("published")),
        ("GET /v1/credits", "of her group"): Ask(query=f"group={HER_GROUP}"),
    }


def of_applications(hers: dict[str, str], allotment: str) -> Asks:
    stall = {"allotment_id": allotment}
    body = {"group": HER_GROUP, **WISH}
    return {
        ("POST /v1/calls/{call_id}/applications", "of her group"): Ask({"call_id": "call-fresh"}, body),
        ("GET /v1/applications", "list"): Ask(),
        ("GET /v1/applications/{application_id}", "any"): Ask(hers),
        ("PUT /v1/applications/{application_id}", "call open"): Ask(hers, {**WISH, "attending": 2}),
        ("POST /v1/applications/{application_id}/withdraw", "call open"): Ask(hers),
        ("GET /v1/allotments", "list"): Ask(),
        ("GET /v1/allotments/{allotment_id}", "any"): Ask(stall),
        ("POST /v1/allotments/{allotment_id}/confirm", "allotted"): Ask(stall),
        ("POST /v1/allotments/{allotment_id}/decline", "allotted"): Ask(stall),
        ("POST /v1/allotments/{allotment_id}/give-back", "confirmed"): Ask({"allotment_id": CONFIRMED}),
        ("POST /v1/allotments/{allotment_id}/standby", "waitlisted"): Ask({"allotment_id": WAITS}, {"event": 1}),
    }
