"""What can be turned in stalls."""

from pydantic import Field

from shared.settings import CommonSettings


class StallsSettings(CommonSettings):
    confirm_days_before: int = Field(
        default=7, ge=0, le=60, description="a stall of the draw is confirmed so many days before its first day"
    )
    offer_hours: int = Field(default=24, ge=1, description="a stall of the waitlist is kept for her so long")
    late_offer_hours: int = Field(default=6, ge=1, description="the same when its first day is within two days")
    close_wait_seconds: float = Field(
        default=15,
        ge=0,
        description="an application written while its call closes waits so long to hear whether it counts",
    )
    told_at_once: int = Field(
        default=250,
        ge=1,
        description="allotments of a draw that are made before the mark moves; a crash repeats at most these",
    )
