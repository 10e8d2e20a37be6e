"""What can be turned in stalls: only what every service has."""

from shared.settings import CommonSettings


class StallsSettings(CommonSettings):
    """See `shared.settings`."""
