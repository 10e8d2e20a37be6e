"""What can be turned in stalls."""

from pydantic import Field, FilePath

from shared.settings import CommonSettings


class StallsSettings(CommonSettings):
    confirm_days_before: int = Field(
        default=7, ge=0, le=60, description="a stall of the draw is confirmed so many days before its first day"
    )
    offer_hours: int = Field(default=24, ge=1, description="a stall of the waitlist is kept for her so long")
    late_offer_hours: int = Field(default=6, ge=1, description="the same when its first day is within two days")
    nonces_open_seconds: float = Field(
        default=3600,
        ge=1,
        description="the public value of a call is announced for at least so long after its close",
    )
    close_wait_seconds: float = Field(
        default=15,
        ge=0,
        description="an application written while its call closes waits so long to hear whether it counts",
    )
    beacon_file: FilePath | None = Field(
        default=None, description="JSON lines of round, published_at, value of the beacon; not set: officers copy them"
    )
    draw_at_once: int = Field(
        default=2_000,
        ge=0,
        description="of more applications a call is closed, drawn and told by a worker, not by request and timer",
    )
    draw_lease_seconds: float = Field(
        default=15, gt=0, description="a worker that says nothing for so long loses its call to another"
    )
    draw_poll_seconds: float = Field(default=1, gt=0, description="how often a worker looks for a call")
    draw_listen_seconds: float = Field(
        default=3_000,
        gt=0,
        description="then a listener comes back by itself: no connection outlives a deployment for long",
    )
    draw_listeners: int = Field(default=100, ge=0, description="so many may listen to draws at once, in each process")
    told_at_once: int = Field(
        default=5_000,
        ge=1,
        le=10_000,
        description="allotments of a draw that are made before the mark moves; a crash repeats at most these",
    )
