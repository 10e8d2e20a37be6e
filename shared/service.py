"""What a service is made of: its `wiring` fills one `Service`, `shared.process` runs its roles."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter

from shared.aggregates import Aggregates, Work
from shared.documents import Kind
from shared.handlers import Handlers
from shared.mongo import Database
from shared.outbox import Stored
from shared.settings import CommonSettings
from shared.streaming.measures import Measure

T = TypeVar("T")


class Stores(Work):
    """The aggregates of a service on its database, by state class: what commands run on outside a batch."""

    def __init__(self, database: Database, kinds: tuple[Kind, ...]) -> None:
        self._stored: Mapping[type[Any], Aggregates[Any]] = {kind.holds: Stored(database, kind) for kind in kinds}

    def __getitem__(self, holds: type[Any]) -> Aggregates[Any]:
        return self._stored[holds]


@dataclass(frozen=True, slots=True)
class Running:
    """A service in a process: what workers, timers and routes are given. It is a Work: `running[Order]`."""

    service: "Service"
    settings: CommonSettings
    database: Database
    stores: Stores

    def __getitem__(self, holds: type[T]) -> Aggregates[T]:
        return self.stores[holds]


@dataclass(frozen=True, slots=True)
class Timer:
    """When the field `due` of a `holds` document has passed, `command(running, id)` is called; its state decides."""

    holds: type[Any]
    command: Callable[[Running, str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Watch:
    """What must never be found: `look` says where it is (ids, for the log), cheaply, every few seconds."""

    name: str
    look: Callable[[Database], Awaitable[Sequence[str]]]


Worker = Callable[[Running], Awaitable[None]]
"""Runs until it is cancelled; cancelled at a safe place it must leave nothing half done that a restart cannot mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    name: str
    settings: type[CommonSettings]
    kinds: tuple[Kind, ...]
    routers: tuple[APIRouter, ...]
    handlers: tuple[Handlers, ...] = ()
    timers: tuple[Timer, ...] = ()
    workers: tuple[Worker, ...] = ()
    """Run in the role `consume`, in every process of it: they claim their work."""
    watches: tuple[Watch, ...] = ()
    """Looked at in the role `relay`, by the one process that holds the lease."""
    streams: tuple[Measure, ...] = ()
    """Counted in the role `stream`."""

    @property
    def group(self) -> str:
        """The Kafka consumer group, without the namespace."""
        return f"{self.name}.reactions"
