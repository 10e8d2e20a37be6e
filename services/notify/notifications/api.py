"""What callers see of notifications: never a phone number."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from services.notify.notifications import commands
from services.notify.notifications.domain import Status
from services.notify.templates.domain import SubjectKind
from shared.contracts.notify import Channel
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import Scope
from shared.web.asking import database, paging, reader
from shared.web.views import PageView, View, page_view

router = APIRouter(prefix="/v1", tags=["notifications"])


class NotificationView(View):
    id: str
    recipient: str
    channel: Channel
    order_id: Annotated[str | None, Field(description="null when it is not about an order")]
    kind: Annotated[SubjectKind, Field(description="what it is about")]
    about: Annotated[str, Field(description="the id of that")]
    template: str
    status: Status
    attempts: int
    code: str | None
    provider_code: str | None
    created_at: datetime
    due_at: datetime | None


@router.get("/notifications")
async def listed(
    scope: Annotated[Scope, reader()],
    reads: Annotated[Database, database],
    at: Annotated[Paging, paging],
    party: Annotated[str | None, Query(max_length=64, description="only what was sent to this party")] = None,
    status: Annotated[Status | None, Query()] = None,
) -> PageView[NotificationView]:
    """Newest first: one's own, one's groups', for the offices of the state all of it."""
    return page_view(NotificationView, await commands.listed(reads, scope, at, party, status))
