"""Real ids from the running market, asked from the services themselves: what the printed calls are about."""

from dataclasses import dataclass
from typing import Any

import httpx

from deploy.local.endpoints import Endpoints
from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import ROLES, Ask

PUNE, BARAMATI = "490", "4512"  # LGD codes of a district and of a block in it


@dataclass(frozen=True)
class Sample:
    """A listed product, and the tokens of people who have to do with it."""

    product_id: str
    title: str
    sku: str
    unit_price_paise: int
    group: str
    district: str
    tokens: dict[str, str]


def tokens(issuer: str, *, group: str | None = None, district: str = PUNE, block: str = BARAMATI) -> dict[str, str]:
    """One for each role: of the group for those who act for one, of the place for the officers."""
    groups = (group,) if group else ()
    ask = {"groups": groups, "district": district, "block": block}
    return {role: token(issuer, Ask.model_validate({**ask, "role": role})) for role in ROLES}


def sample(known: Endpoints) -> Sample | None:
    """The first product on sale; None in an empty market."""
    buyer = token(known.issuer, Ask(role="buyer"))
    with httpx.Client(base_url=known.gateway, headers={"Authorization": f"Bearer {buyer}"}, timeout=30) as market:
        items = _answer(market.get("/v1/products", params={"limit": 1}))["items"]
        if not items:
            return None
    product = items[0]
    variant = product["variants"][0]
    return Sample(
        product_id=product["id"],
        title=product["title"]["mr"],
        sku=variant["sku"],
        unit_price_paise=variant["unit_price_paise"],
        group=product["seller"],
        district=product["district"],
        tokens=tokens(
            known.issuer, group=product["seller"], district=product["district"], block=product["block"] or BARAMATI
        ),
    )


def _answer(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise RuntimeError(f"{answer.request.method} {answer.request.url} answered {answer.status_code}: {answer.text}")
    return answer.json()
