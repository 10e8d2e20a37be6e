"""What notify tells the world: that a message went out. The subject is `event:recipient:channel`; never a phone."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events import Fact

Channel = Literal["sms"]


class NotificationAccepted(Fact):
    """The provider took the message."""

    topic: ClassVar[str] = "notify.notifications"
    name: ClassVar[str] = "notification-accepted"

    recipient: str = Field(description="party id")
    channel: Channel
    template: str
    provider: str


class NotificationDelivered(Fact):
    """The provider says it reached the phone."""

    topic: ClassVar[str] = "notify.notifications"
    name: ClassVar[str] = "notification-delivered"

    recipient: str
    channel: Channel
    template: str
    provider: str


class NotificationFailed(Fact):
    """It will not be sent again."""

    topic: ClassVar[str] = "notify.notifications"
    name: ClassVar[str] = "notification-failed"

    recipient: str
    channel: Channel
    template: str
    code: str = Field(description="such as NoContact or RefusedByProvider")


FACTS: tuple[type[Fact], ...] = (NotificationAccepted, NotificationDelivered, NotificationFailed)
