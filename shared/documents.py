"""How a kind of aggregate is kept: its collection, its topic, and who may see it."""

from typing import Any, ClassVar, Generic, TypeVar

from shared.scope import Scope

T = TypeVar("T")
Doc = dict[str, Any]
Key = tuple[tuple[str, int], ...]


class Document(Generic[T]):
    """Translates one kind of state to and from MongoDB. A room's `store` has one subclass for each aggregate.

    The envelope around it is `shared.outbox`'s: {_id, tenant, schema, version, sequence, seen, requests, outbox}.
    """

    holds: ClassVar[type[Any]]
    """The state class, which has the fields `id` and `tenant`."""
    collection: ClassVar[str]
    topic: ClassVar[str | None] = None
    """Where its facts go; None for what tells nothing to the world."""
    schema: ClassVar[int] = 1
    indexes: ClassVar[tuple[Key, ...]] = ()
    due: ClassVar[str | None] = None
    """The field of its timer, a time or None; indexed, polled by `shared.timers`."""
    newest_fact_only: ClassVar[bool] = False
    """For hot documents whose fact carries the whole figure: one fact a batch, the last."""

    @staticmethod
    def of(state: T) -> Doc:
        """The fields of the state, without `id` and `tenant`."""
        raise TypeError(state)

    @staticmethod
    def state(doc: Doc) -> T:
        raise TypeError(doc)

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """The MongoDB filter of what this scope may see of the tenant's documents ({} = all of the tenant)."""
        raise TypeError(scope)

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """A document of an older `schema` as today's; called when they differ."""
        return doc

    @classmethod
    def load(cls, doc: Doc) -> T:
        return cls.state(doc if doc["schema"] == cls.schema else cls.upgrade(doc))


Kind = type[Document[Any]]
