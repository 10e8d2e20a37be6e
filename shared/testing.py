"""Fakes that pass the same suite as the real thing. Passed in by tests, never patched, never used by a service."""

import copy
import os
import time
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any, TypeVar

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from fastapi import FastAPI
from jwt import PyJWK
from jwt.algorithms import ECAlgorithm
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.documents import Doc, Kind
from shared.health import Health
from shared.ids import derived_id, new_id
from shared.mongo import Database
from shared.scope import Role
from shared.service import Running, Service, Stores
from shared.settings import CommonSettings
from shared.web.app import create_app

S = TypeVar("S", bound=CommonSettings)

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "$in": lambda value, wanted: value in wanted,
    "$ne": lambda value, wanted: bool(value != wanted),
    "$gt": lambda value, wanted: value is not None and bool(value > wanted),
    "$lt": lambda value, wanted: value is not None and bool(value < wanted),
    "$lte": lambda value, wanted: value is not None and bool(value <= wanted),
    "$elemMatch": lambda value, wanted: any(matches(one, wanted) for one in value or ()),
}


def matches(doc: Doc, wanted: Doc) -> bool:
    """The part of MongoDB's query language that stores use to find one document."""
    return all(_holds(doc, key, condition) for key, condition in wanted.items())


def _holds(doc: Doc, key: str, condition: Any) -> bool:
    if key == "$and":
        return all(matches(doc, part) for part in condition)
    if key == "$or":
        return any(matches(doc, part) for part in condition)
    value = _at(doc, key)
    if isinstance(condition, dict) and any(name.startswith("$") for name in condition):
        return all(OPERATORS[name](value, wanted) for name, wanted in condition.items())
    return bool(value == condition) or (isinstance(value, list) and condition in value)


def _at(doc: Doc, path: str) -> Any:
    value: Any = doc
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


class FakeCollection:
    """One collection in memory: find by filter, insert by `_id`, `$set`, `$unset` and `$push` by compare-and-set."""

    def __init__(self) -> None:
        self.docs: dict[str, Doc] = {}

    async def find_one(self, wanted: Doc) -> Doc | None:
        found = next((doc for doc in self.docs.values() if matches(doc, wanted)), None)
        return copy.deepcopy(found)

    async def insert_one(self, doc: Doc) -> None:
        if doc["_id"] in self.docs:
            raise DuplicateKeyError(doc["_id"])
        self.docs[doc["_id"]] = copy.deepcopy(doc)

    async def insert_many(self, docs: list[Doc], *, ordered: bool) -> None:
        """Unordered: what is there already, or stands twice, is refused, the rest is kept."""
        refused = []
        for at, doc in enumerate(docs):
            try:
                await self.insert_one(doc)
            except DuplicateKeyError:
                refused.append(at)
                if ordered:
                    break
        if refused:
            raise BulkWriteError({"writeErrors": [{"index": at, "code": 11000, "errmsg": "there"} for at in refused]})

    async def find(self, wanted: Doc, *_shown: Doc) -> AsyncIterator[Doc]:
        """Whole documents, whatever is to be shown of them."""
        for doc in [doc for doc in self.docs.values() if matches(doc, wanted)]:
            yield copy.deepcopy(doc)

    async def bulk_write(self, writes: list[UpdateOne], **_ordered: bool) -> SimpleNamespace:
        return SimpleNamespace(matched_count=sum(self._apply(write) for write in writes))

    async def update_one(self, wanted: Doc, change: Doc) -> SimpleNamespace:
        return await self.bulk_write([UpdateOne(wanted, change)])

    def _apply(self, write: UpdateOne) -> bool:
        wanted: Any = write._filter  # noqa: SLF001 - the driver has no public reader
        change: Any = write._doc  # noqa: SLF001
        doc = next((doc for doc in self.docs.values() if matches(doc, wanted)), None)
        if doc is None:
            return False
        doc.update(copy.deepcopy(change.get("$set", {})))
        for field in change.get("$unset", {}):
            doc.pop(field, None)
        for field, push in change.get("$push", {}).items():
            doc[field] = [*doc.get(field, ()), *copy.deepcopy(push["$each"])][push.get("$slice", 0) :]
        return True


class FakeDatabase(Database):
    """A database in memory, for commands and rules; lists and events need the real one."""

    def __init__(self) -> None:
        object.__setattr__(self, "incarnation", 1)
        object.__setattr__(self, "restored_at", None)
        object.__setattr__(self, "collections", {})

    __slots__ = ("collections",)
    collections: dict[str, FakeCollection]

    def collection(self, name: str) -> Any:
        return self.collections.setdefault(name, FakeCollection())


class FakeStores(Stores):
    """The stores of a service in memory: `FakeStores(OrderDocument)[Order]` is an Aggregates[Order]."""

    def __init__(self, *kinds: Kind) -> None:
        self.database = FakeDatabase()
        self.kinds = {kind.holds: kind for kind in kinds}
        super().__init__(self.database, kinds)

    def facts(self, holds: type[Any]) -> list[Doc]:
        """All facts told of one kind so far, in the order of their documents."""
        found = self.database.collection(self.kinds[holds].collection)
        return [fact for doc in found.docs.values() for fact in doc["outbox"]]


class Signer:
    """An issuer in one object: makes tokens, and is the `Keys` that verify them."""

    def __init__(
        self, issuer: str = "http://issuer.test", audience: str = "bachat-haat", kid: str = "test-key"
    ) -> None:
        self.issuer, self.audience, self.kid = issuer, audience, kid
        self.private = generate_private_key(SECP256R1())
        self.generation = 1

    def jwk(self) -> dict[str, Any]:
        return {**ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True), "kid": self.kid, "use": "sig"}

    def token(self, role: Role, /, **claims: Any) -> str:
        """A token of an hour; any claim may be replaced, or left out with None."""
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": self.audience, "sub": derived_id(role), "role": role, "state": "27"}
        said = {**usual, "groups": [], "iat": now, "exp": now + 3600, "jti": new_id(), **claims}
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(kept, self.private, algorithm="ES256", headers={"kid": self.kid})

    def headers(self, role: Role, key: str | None = None, /, **claims: Any) -> dict[str, str]:
        """The headers of a caller of that role; with `key` of one who writes."""
        written = {"Idempotency-Key": key} if key else {}
        return {"Authorization": f"Bearer {self.token(role, **claims)}", **written}

    async def refresh(self) -> None:
        """Nothing to ask: the key is here."""

    async def key(self, kid: str) -> PyJWK | None:
        return PyJWK(self.jwk()) if kid == self.kid else None


def settings_for(kind: type[S], **values: Any) -> S:
    """Settings as a test needs them: `values`, then the environment, then addresses where nobody answers."""
    nowhere = {"mongodb_uri": "mongodb://127.0.0.1:9", "kafka_bootstrap_servers": "127.0.0.1:9"}
    issuer = {"issuer": "http://issuer.test", "jwks_url": "http://issuer.test/jwks.json", "profile": "local"}
    missing = {name: value for name, value in {**nowhere, **issuer}.items() if name.upper() not in os.environ}
    return kind(**{**missing, **values})


async def _nothing() -> None:
    """The probe of a database that takes every write."""


def app_of(service: Service, stores: FakeStores, signer: Signer, **settings: Any) -> FastAPI:
    """The HTTP face of a service on stores in memory, for httpx's ASGITransport."""
    running = Running(
        service, settings_for(service.settings, issuer=signer.issuer, **settings), stores.database, stores
    )
    return create_app(running, signer, Health(_nothing), api=True)
