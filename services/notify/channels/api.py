"""Where providers report to."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from services.notify.channels import callbacks
from services.notify.channels.callbacks import Report
from services.notify.notifications.domain import Notification
from services.notify.settings import NotifySettings
from shared.aggregates import Aggregates
from shared.web.asking import settings, signed

router = APIRouter(prefix="/v1", tags=["provider-callbacks"])

SIGNED_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": Report.model_json_schema()}}},
    "parameters": [
        {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ],
}


@router.post("/provider-callbacks/{provider}", status_code=204, openapi_extra=SIGNED_BODY)
async def report(
    provider: str,
    request: Request,
    rows: Annotated[Aggregates[Notification], signed(Notification)],
    terms: Annotated[NotifySettings, settings(NotifySettings)],
) -> None:
    """A report, signed by the Standard Webhooks scheme over the body as it was sent. No token."""
    await callbacks.take(rows, terms, provider, request.headers, await request.body())
