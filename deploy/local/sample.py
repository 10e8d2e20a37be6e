"""Real ids from the running market, asked from the services themselves: what the printed calls are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.local.endpoints import Endpoints
from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import ROLES, Ask

PUNE, BARAMATI = "490", "4512"  # LGD codes of a district and of a block in it
MOST_GROUPS = 5


@dataclass(frozen=True)
class Maker:
    """A group and a product of hers that is on sale."""

    group: str
    product_id: str


@dataclass(frozen=True)
class Sample:
    """A listed product, and the tokens of people who have to do with it."""

    product_id: str
    title: str
    sku: str
    unit_price_paise: int
    group: str
    name: str
    """Of that group, in the first language there is."""
    district: str
    block: str
    makers: tuple[Maker, ...]
    """Groups of that district who could stand at a fair, hers among them."""
    tokens: dict[str, str]


def tokens(issuer: str, *, groups: Sequence[str] = (), district: str = PUNE, block: str = BARAMATI) -> dict[str, str]:
    """One for each role: of the groups for those who act for some, of the place for the officers."""
    ask = {"groups": tuple(groups), "district": district, "block": block}
    return {role: token(issuer, Ask.model_validate({**ask, "role": role})) for role in ROLES}


def sample(known: Endpoints) -> Sample | None:
    """A product on sale, a village's where there is one, and who else sells near; None in an empty market."""
    buyer = token(known.issuer, Ask(role="buyer"))
    with httpx.Client(base_url=known.gateway, headers={"Authorization": f"Bearer {buyer}"}, timeout=30) as market:
        first = _answer(market.get("/v1/products", params={"limit": 50}))["items"]
        if not first:
            return None
        product = next((one for one in first if one["block"]), first[0])
        group = _answer(market.get(f"/v1/groups/{product['seller']}"))
        there = _answer(market.get("/v1/products", params={"limit": 200, "district": product["district"]}))["items"]
    makers, variant, block = _makers([product, *there]), product["variants"][0], product["block"] or BARAMATI
    groups = [maker.group for maker in makers]
    return Sample(
        product_id=product["id"],
        title=product["title"]["mr"],
        sku=variant["sku"],
        unit_price_paise=variant["unit_price_paise"],
        group=product["seller"],
        name=next(text for text in group["names"].values() if text),
        district=product["district"],
        block=block,
        makers=makers,
        tokens=tokens(known.issuer, groups=groups, district=product["district"], block=block),
    )


def _makers(products: list[dict[str, Any]]) -> tuple[Maker, ...]:
    """The first groups that sell something there, the first product's group first."""
    first = {product["seller"]: product["id"] for product in reversed(products)}
    order = dict.fromkeys(product["seller"] for product in products)
    return tuple(Maker(group, first[group]) for group in list(order)[:MOST_GROUPS])


def _answer(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise RuntimeError(f"{answer.request.method} {answer.request.url} answered {answer.status_code}: {answer.text}")
    return answer.json()
