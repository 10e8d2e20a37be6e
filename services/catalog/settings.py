"""What can be turned in the catalogue."""

from pydantic import Field, SecretStr

from shared.settings import CommonSettings


class CatalogSettings(CommonSettings):
    account_keys: SecretStr = Field(
        default=SecretStr(""),
        description="what bank accounts are sealed with: k2:<hex>,k1:<hex>, the first for new ones; from 16 bytes",
    )
