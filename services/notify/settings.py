"""What can be turned in notify."""

from pydantic import AnyHttpUrl, Field, SecretStr

from shared.settings import CommonSettings


class NotifySettings(CommonSettings):
    sms_provider_url: AnyHttpUrl = Field(description="where the SMS provider takes messages, a URL")
    sms_provider_name: str = Field(default="local-sms", pattern=r"^[a-z0-9-]{1,40}$", description="its callbacks' path")
    sms_callback_secret: SecretStr = Field(min_length=16, description="what it signs its reports with; may be whsec_…")
    send_concurrency: int = Field(default=16, ge=1, le=500, description="messages handed over at once, a process")
    send_rate: float = Field(
        default=0, ge=0, description="messages a second this process may hand over; 0: as many as it can"
    )
    send_poll_seconds: float = Field(default=0.2, gt=0)
    send_timeout_seconds: float = Field(default=5, gt=0, description="for one answer of the provider")
    send_lease_seconds: float = Field(default=30, gt=0, description="longer than asking and sending together")
    message_ttl_seconds: float = Field(default=86_400, gt=0, description="older news helps nobody")
