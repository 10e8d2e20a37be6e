"""What a group that stands in several lists may list, and under which id."""

from dataclasses import replace
from functools import partial

import pytest

from services.catalog.groups.domain import Group, NotActive
from services.catalog.groups.store import GroupDocument
from services.catalog.products import commands
from services.catalog.products.domain import Product
from services.catalog.products.store import ProductDocument
from shared.decisions import Decision
from shared.testing import FakeStores
from tests.unit.catalog.samples import GROUP, LEADER, PAPAD, caller


async def test_what_a_group_was_merged_into_says_whether_it_may_still_list() -> None:
    """The id of a list that was merged is not a way around a group that was taken out."""
    kept = replace(GROUP, id="0199d5b4-0000-7000-8000-00000000abcd", code="MH-490-04512-0008")
    for active in (True, False):
        stores = FakeStores(GroupDocument, ProductDocument)
        for group in (replace(kept, active=active), replace(GROUP, merged_into=kept.id)):
            await stores[Group].create(group.id, partial(_as_it_is, group))
        if active:
            drafted_ = await commands.draft(stores[Product], stores[Group], GROUP.id, PAPAD, caller(LEADER))
            assert drafted_.seller == GROUP.id
            continue
        with pytest.raises(NotActive):
            await commands.draft(stores[Product], stores[Group], GROUP.id, PAPAD, caller(LEADER))


async def _as_it_is(group: Group) -> Decision[Group]:
    return Decision(group)
