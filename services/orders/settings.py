"""What can be turned in orders."""

from pydantic import Field

from shared.settings import CommonSettings


class OrdersSettings(CommonSettings):
    hold_seconds: int = Field(default=900, ge=1, description="placed and not answered by the catalogue: cancelled")
    accept_seconds: int = Field(default=172_800, ge=1, description="confirmed, but not accepted: cancelled")
