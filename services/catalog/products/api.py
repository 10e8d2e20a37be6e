"""What callers see of products."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.catalog.groups.domain import Group
from services.catalog.labels.domain import FoodLicence, Label, Variant
from services.catalog.products import commands
from services.catalog.products.domain import Product, ProductFilters, Status
from shared.aggregates import Aggregates
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OFFICERS, OWN_GROUPS, Caller, Role, Scope
from shared.web.asking import aggregates, caller, database, paging, reader
from shared.web.bounds import Filter, PathId, Words
from shared.web.localized import LocalizedLine, LocalizedParagraphs
from shared.web.views import PageView, Text, View, page_view

router = APIRouter(prefix="/v1", tags=["products"])

Sku = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$", examples=["PAPAD-200"])]
Paise = Annotated[int, Field(strict=True, ge=-1_000_000_000, le=1_000_000_000, description="includes tax")]
IMAGE = r"^(https://[^\s/]+/\S+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
Image = Annotated[str, Field(pattern=IMAGE, max_length=500)]
Reason = Annotated[Text, Field(min_length=3, max_length=500)]
REVIEWERS = (*OFFICERS, Role.ADMIN)


class VariantBody(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)

    sku: Sku
    unit_price_paise: Paise
    mrp_paise: Paise
    tax_basis_points: Annotated[int, Field(strict=True, ge=0, le=10_000, description="GST rate, 1800 = 18 %")]
    net_quantity: Annotated[Text, Field(min_length=1, max_length=40, examples=["200 ग्रॅम"])]
    title: LocalizedLine | None = None
    gtin: Annotated[str, Field(max_length=14)] | None = None

    def variant(self) -> Variant:
        plain = self.model_dump(exclude={"title"})
        return Variant(**plain, title=self.title.localized() if self.title else None)


class FoodLicenceBody(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)

    number: Annotated[str, Field(max_length=20)]
    expires_on: date

    def licence(self) -> FoodLicence:
        return FoodLicence(number=self.number, expires_on=self.expires_on)


Variants = Annotated[list[VariantBody], Field(max_length=50)]
Images = Annotated[list[Image], Field(max_length=10, description="https addresses or asset ids")]
Category = Annotated[str, Field(max_length=40, examples=["food"])]
Hsn = Annotated[str, Field(max_length=8, examples=["190590"])]


class ReviseProduct(BaseModel):
    """Only what is sent is changed; null clears what may be empty."""

    model_config = ConfigDict(extra="forbid")

    title: LocalizedLine = LocalizedLine()
    description: LocalizedParagraphs | None = None
    category: Category = ""
    variants: Variants = []
    hsn: Hsn | None = None
    fssai: FoodLicenceBody | None = None
    images: Images = []

    def changes(self) -> dict[str, Any]:
        """The fields of the label that were sent, as the rules know them."""
        label = {
            "title": self.title.localized(),
            "description": self.description and self.description.localized(),
            "variants": tuple(variant.variant() for variant in self.variants),
            "fssai": self.fssai and self.fssai.licence(),
            "images": tuple(self.images),
            "category": self.category,
            "hsn": self.hsn,
        }
        return {field: value for field, value in label.items() if field in self.model_fields_set}


class DraftProduct(ReviseProduct):
    """A new product of one of your groups."""

    group_id: Annotated[str, Field(min_length=1, max_length=64)]
    title: LocalizedLine
    category: Category
    variants: Variants

    def label(self) -> Label:
        return Label(**self.changes())


class ReturnProduct(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason


class PauseProduct(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason | None = None


class ProductView(View):
    id: str
    seller: str
    district: str
    block: str | None
    status: Status
    reason: str | None
    title: LocalizedLine
    description: LocalizedParagraphs | None
    category: str
    variants: list[VariantBody]
    hsn: str | None
    fssai: FoodLicenceBody | None
    images: list[str]


Products = Annotated[Aggregates[Product], aggregates(Product)]
Groups = Annotated[Aggregates[Group], aggregates(Group)]
Maker = Annotated[Caller, caller(*OWN_GROUPS)]
Reviewer = Annotated[Caller, caller(*REVIEWERS)]


async def narrowed(
    q: Words = None,
    district: Filter = None,
    category: Filter = None,
    group: Filter = None,
    status: Status | None = None,
) -> ProductFilters:
    return ProductFilters(q=q, district=district, category=category, group=group, status=status)


@router.post("/products", status_code=201)
async def draft(body: DraftProduct, by: Maker, products: Products, groups: Groups) -> ProductView:
    return view(await commands.draft(products, groups, body.group_id, body.label(), by))


@router.get("/products")
async def list_products(
    scope: Annotated[Scope, reader()],
    reads: Annotated[Database, database],
    paged: Annotated[Paging, paging],
    filters: Annotated[ProductFilters, Depends(narrowed)],
) -> PageView[ProductView]:
    """What is listed; groups also find their own and officers their area's in any status."""
    return page_view(ProductView, await commands.listed(reads, filters, scope, paged))


@router.get("/products/{product_id}")
async def read_product(product_id: PathId, scope: Annotated[Scope, reader()], products: Products) -> ProductView:
    return view(await commands.read(products, product_id, scope))


@router.patch("/products/{product_id}")
async def revise(product_id: PathId, body: ReviseProduct, by: Maker, products: Products) -> ProductView:
    return view(await commands.revise(products, product_id, body.changes(), by))


@router.post("/products/{product_id}/submit")
async def submit(product_id: PathId, by: Maker, products: Products) -> ProductView:
    return view(await commands.submit(products, product_id, by))


@router.post("/products/{product_id}/approve")
async def approve(product_id: PathId, by: Reviewer, products: Products) -> ProductView:
    return view(await commands.approve(products, product_id, by))


@router.post("/products/{product_id}/return")
async def return_product(product_id: PathId, body: ReturnProduct, by: Reviewer, products: Products) -> ProductView:
    return view(await commands.return_(products, product_id, body.reason, by))


@router.post("/products/{product_id}/list")
async def put_on_sale(product_id: PathId, by: Maker, products: Products) -> ProductView:
    return view(await commands.put_on_sale(products, product_id, by))


@router.post("/products/{product_id}/pause")
async def pause(
    product_id: PathId,
    by: Annotated[Caller, caller(*OWN_GROUPS, *REVIEWERS)],
    products: Products,
    body: PauseProduct | None = None,
) -> ProductView:
    return view(await commands.pause(products, product_id, body.reason if body else None, by))


def view(product: Product) -> ProductView:
    return ProductView.model_validate(product)
