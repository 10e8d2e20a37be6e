"""Imports of lists, which two services have below a path of their own: one that is open, one that is under way."""

from shared import clock
from shared.imports.domain import File, Import
from shared.scope import Role, Scope
from tests.integration.tenancy.people import ANOTHER_DISTRICT, ANOTHER_STATE, BLOCK, DISTRICT, HER
from tests.integration.tenancy.world import Ask, Shown

FILE = "umed.csv"
LIST = "code,name,district,block\r\nU27-1,सावित्री बचत गट,490,4512\r\n".encode()
THERE: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    ("import-hers", "27", HER, DISTRICT, BLOCK),
    ("import-pune", "27", "officer-pune", DISTRICT, None),
    ("import-nagpur", "27", "officer-nagpur", ANOTHER_DISTRICT, None),
    ("import-abroad", ANOTHER_STATE, "officer-abroad", "45", None),
)
"""Id, state, who asked, her district and block."""


def imports() -> list[Import]:
    return [
        Import(
            id=id_,
            tenant=tenant,
            programme="umed",
            name="बारामती",
            asked_by=Scope(tenant=tenant, role=Role.BLOCK_OFFICER, party=party, district=district, block=block),
            files=(File(name=FILE, sha256="0" * 64, rows=1, blocks=1),),
            total=1,
            asked_at=clock.now().replace(microsecond=0),
        )
        for id_, tenant, party, district, block in THERE
    ]


def import_asks(prefix: str) -> dict[tuple[str, str], Ask]:
    """Of the routes below `/v1/<prefix>`, for the open import that is hers."""
    one = f"/v1/{prefix}/{{import_id}}"
    hers, file = {"import_id": "import-hers"}, {"import_id": "import-hers", "name": FILE}
    return {
        (f"POST /v1/{prefix}", "a list"): Ask(body={"programme": "umed"}),
        (f"GET /v1/{prefix}", "list"): Ask(),
        (f"GET {one}", "open"): Ask(hers),
        (f"PUT {one}/files/{{name}}", "open"): Ask(file, raw=LIST),
        (f"DELETE {one}/files/{{name}}", "open"): Ask(file),
        (f"POST {one}/start", "open"): Ask(hers),
        (f"POST {one}/cancel", "open"): Ask(hers),
        (f"GET {one}/bad-rows", "open"): Ask(hers),
        (f"GET {one}/report", "open"): Ask(hers),
    }


def import_list(prefix: str) -> dict[str, tuple[str, tuple[Shown, ...]]]:
    shown = (
        Shown(id_, tenant, party=party, places=((district, block),)) for id_, tenant, party, district, block in THERE
    )
    return {f"GET /v1/{prefix}": ("id", tuple(shown))}
