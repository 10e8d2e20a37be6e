"""What a run prints when all is ready: where everything is, a token a role, one call a service to paste."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from deploy.local import fair
from deploy.local.endpoints import Endpoints
from deploy.local.sample import Sample

_A_NEW_KEY = "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)"
_COUNTS = "/v1/groups/counts?by=block&district={district}"
_VENUE = {
    "kind": "weekly_market",
    "owner": "शिरूर नगरपरिषद",
    "names": {"mr": "आठवडी बाजार, शिरूर", "hi": "साप्ताहिक बाज़ार, शिरूर", "en": "Weekly market, Shirur"},
    "local_body": "251518",
    "stalls": 24,
}


def table(known: Endpoints) -> str:
    """Where everything is, and the tokens."""
    where = [
        ("gateway", f"{known.gateway}  (try {known.gateway}/docs in a browser)"),
        *known.services.items(),
        *known.workers.items(),
        ("issuer", known.issuer),
        ("provider", f"{known.provider}  (its messages: {known.provider_log})"),
        ("Kafka", known.kafka),
        ("MongoDB", known.mongodb),
    ]
    rows = [f"  {name:13} {place}" for name, place in where]
    tokens = [f"  {role}\n    {token}" for role, token in known.tokens.items()]
    return "\n".join(["", "A token for each role (12 hours)", *tokens, "", "Where it is", *rows])


def calls(known: Endpoints, sample: Sample | None) -> str:
    """One `curl` a service, with real ids, where the messages can be read, and the story of a stall draw."""
    if sample is None:
        return "\nThe market is empty: .venv/bin/python -m tools.seed fills it."
    buyer, officer = known.header("buyer"), known.header("district_officer")
    said = [
        ("catalog: what is on sale in this district", _get(known, f"/v1/products?district={sample.district}", buyer)),
        (f"catalog: groups called “{sample.name}”, in any script", _found(known, "/v1/groups", sample.name, officer)),
        ("catalog: how many groups each block has", _get(known, _COUNTS.format(district=sample.district), officer)),
        (f"orders: two of “{sample.title}”", _post(known, "/v1/orders", _order(sample), buyer)),
        ("stalls: a venue", _post(known, "/v1/venues", {**_VENUE, "district": sample.district}, officer)),
        ("orders: what became of it a second later", f"sleep 1; {_get(known, '/v1/orders', buyer)}"),
        ("notify: what the buyer was told", _get(known, "/v1/notifications", buyer)),
        ("the messages as they reached the SMS provider", f"tail -n 3 {known.provider_log}"),
    ]
    drawn = fair.story(known, sample)
    title = "A stall draw, from the call to the check of a ticket (paste in this order, into one shell, in this folder)"
    return "\n".join(
        [
            "",
            "Calls to paste (the tokens are in files, as headers)",
            *(f"  # {what}\n  {call}" for what, call in said),
            "",
            title,
            *(f"  # {what}\n  {call}" for what, call in drawn),
            "",
        ]
    )


def _order(sample: Sample) -> dict[str, object]:
    line = {
        "product_id": sample.product_id,
        "sku": sample.sku,
        "quantity": 2,
        "expected_unit_paise": sample.unit_price_paise,
    }
    return {"lines": [line], "deliver_to": {"district": sample.district, "pincode": "411001"}}


def _get(known: Endpoints, path: str, header: Path) -> str:
    return f"curl -sS '{known.gateway}{path}' -H @{header}; echo"


def _found(known: Endpoints, path: str, words: str, header: Path) -> str:
    return f"curl -sS -G '{known.gateway}{path}' --data-urlencode {shlex.quote(f'q={words}')} -H @{header}; echo"


def _post(known: Endpoints, path: str, body: Mapping[str, object], header: Path) -> str:
    headers = f"-H @{header} -H 'Content-Type: application/json' -H \"{_A_NEW_KEY}\""
    return f"curl -sS '{known.gateway}{path}' {headers} -d '{json.dumps(body, ensure_ascii=False)}'; echo"
