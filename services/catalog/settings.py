"""What can be turned in the catalogue: only what every service has."""

from shared.settings import CommonSettings


class CatalogSettings(CommonSettings):
    """See `shared.settings`."""
