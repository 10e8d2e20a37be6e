"""Ids are UUIDs as text: time-ordered when new, derived (UUIDv5) where the same ask must give the same id."""

import uuid_utils

NAMESPACE = uuid_utils.uuid5(uuid_utils.NAMESPACE_DNS, "bachathaat.in")


def new_id() -> str:
    """A UUIDv7: ids made later sort later."""
    return str(uuid_utils.uuid7())


def derived_id(*parts: str) -> str:
    """The UUIDv5 of a natural key. Parts are length-prefixed, so ('a', 'bc') and ('ab', 'c') differ."""
    return str(uuid_utils.uuid5(NAMESPACE, "".join(f"{len(part)}:{part}" for part in parts)))
