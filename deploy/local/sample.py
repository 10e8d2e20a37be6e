"""Real ids from the running market, asked from the services themselves: what the printed calls are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx

from deploy.local.endpoints import Endpoints
from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import ROLES, Ask
from shared.clock import today

PUNE, BARAMATI = "490", "4512"  # LGD codes of a district and of a block in it
MOST_GROUPS = 5
SOON_DAYS, LATE_DAYS = 10, 40  # when a ground is looked for: time enough to confirm a stall


@dataclass(frozen=True)
class Maker:
    """A group and a product of hers that is on sale."""

    group: str
    product_id: str


@dataclass(frozen=True)
class Fair:
    """A ground that may be used on that day, and groups of its district that could stand there."""

    venue: str
    name: str
    day: date
    makers: tuple[Maker, ...]


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
    fair: Fair | None = None


def tokens(issuer: str, *, groups: Sequence[str] = (), district: str = PUNE, block: str = BARAMATI) -> dict[str, str]:
    """One for each role: of the groups for those who act for some, of the place for the officers."""
    ask = {"groups": tuple(groups), "district": district, "block": block}
    return {role: token(issuer, Ask.model_validate({**ask, "role": role})) for role in ROLES}


def sample(known: Endpoints) -> Sample | None:
    """The first product on sale, and a fair in its district; None in an empty market."""
    buyer = token(known.issuer, Ask(role="buyer"))
    with httpx.Client(base_url=known.gateway, headers={"Authorization": f"Bearer {buyer}"}, timeout=30) as market:
        first = _answer(market.get("/v1/products", params={"limit": 1}))["items"]
        if not first:
            return None
        product = first[0]
        there = _answer(market.get("/v1/products", params={"limit": 200, "district": product["district"]}))["items"]
        makers = _makers([product, *there])
        fair = _fair(market, product["district"], makers)
    variant, groups = product["variants"][0], [maker.group for maker in makers]
    return Sample(
        product_id=product["id"],
        title=product["title"]["mr"],
        sku=variant["sku"],
        unit_price_paise=variant["unit_price_paise"],
        group=product["seller"],
        district=product["district"],
        tokens=tokens(known.issuer, groups=groups, district=product["district"], block=product["block"] or BARAMATI),
        fair=fair,
    )


def _makers(products: list[dict[str, Any]]) -> tuple[Maker, ...]:
    """The first groups that sell something there, the first product's group first."""
    first = {product["seller"]: product["id"] for product in reversed(products)}
    order = dict.fromkeys(product["seller"] for product in products)
    return tuple(Maker(group, first[group]) for group in list(order)[:MOST_GROUPS])


def _fair(market: httpx.Client, district: str, makers: tuple[Maker, ...]) -> Fair | None:
    """The first ground of the district that may be used on a day to come."""
    for venue in _answer(market.get("/v1/venues", params={"district": district, "limit": 50}))["items"]:
        for day in (today() + timedelta(days=ahead) for ahead in range(SOON_DAYS, LATE_DAYS)):
            if _answer(market.get(f"/v1/venues/{venue['id']}/use", params={"date": day.isoformat()}))["may"]:
                return Fair(venue["id"], venue["names"]["mr"], day, makers)
    return None


def _answer(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise RuntimeError(f"{answer.request.method} {answer.request.url} answered {answer.status_code}: {answer.text}")
    return answer.json()
