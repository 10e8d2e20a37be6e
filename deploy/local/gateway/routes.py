"""Which path goes where, who may pass, how often and for how long. The one table behind the gateway."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Auth = Literal["required", "signed", "public"]
"""A token of the issuer; a signature that the service itself checks; nothing."""

READS: tuple[Method, ...] = ("GET", "HEAD")
ANY: tuple[Method, ...] = ()
SERVICES = ("catalog", "orders", "stalls", "notify")
ISSUER = "issuer"
BODY_LIMIT_BYTES = 1024 * 1024
FILE_LIMIT_BYTES = 8 * BODY_LIMIT_BYTES
LONG_SECONDS = 3600  # of an answer that goes on: a whole state's file on a slow line, a draw that is watched


@dataclass(frozen=True)
class RateClass:
    """So many requests a second, for each user or for all callers of the class together."""

    name: str
    per_second: int
    each: Literal["user", "class"]
    body_bytes: int = BODY_LIMIT_BYTES


READ = RateClass("read", 2000, "user")
WRITE = RateClass("write", 2000, "user")
CALLBACK = RateClass("callback", 5000, "class")
PAGE = RateClass("page", 500, "class")
FILE = RateClass("file", 500, "user", body_bytes=FILE_LIMIT_BYTES)
RATE_CLASSES = (READ, WRITE, FILE, CALLBACK, PAGE)


@dataclass(frozen=True)
class Route:
    """One row. `exact` rows match the path alone, others everything below it too; `rewrite` is the path upstream.

    `{id}` in an exact path stands for one segment, whatever it is. The first row that matches is taken.
    """

    path: str
    methods: tuple[Method, ...]
    service: str
    auth: Auth
    rate: RateClass
    timeout_seconds: float
    exact: bool = False
    rewrite: str | None = None


def _business(path: str, service: str) -> tuple[Route, ...]:
    return (
        Route(path, READS, service, "required", READ, timeout_seconds=10),
        Route(path, ANY, service, "required", WRITE, timeout_seconds=30),
    )


def _openapi(service: str) -> Route:
    path = f"/openapi/{service}.json"
    return Route(path, READS, service, "public", PAGE, timeout_seconds=10, exact=True, rewrite="/openapi.json")


def _page(path: str, service: str, seconds: float = 10) -> Route:
    """What anybody may read: one page, nothing below it."""
    return Route(path, READS, service, "public", PAGE, timeout_seconds=seconds, exact=True)


def _long(path: str, service: str) -> Route:
    """An answer that is written for as long as it is read."""
    return Route(path, READS, service, "required", READ, timeout_seconds=LONG_SECONDS, exact=True)


def _imports(path: str, service: str) -> tuple[Route, ...]:
    """Lists are sent as files, which are larger than what is asked otherwise."""
    file = Route(f"{path}/{{id}}/files/{{id}}", ("PUT",), service, "required", FILE, timeout_seconds=30, exact=True)
    return (file, _long(f"{path}/{{id}}/report", service), *_business(path, service))


ROUTES: tuple[Route, ...] = (
    *_imports("/v1/imports", "catalog"),
    *_imports("/v1/contact-imports", "notify"),
    _long("/v1/groups/export", "catalog"),
    *_business("/v1/groups", "catalog"),
    *_business("/v1/doubles", "catalog"),
    *_business("/v1/products", "catalog"),
    *_business("/v1/orders", "orders"),
    Route("/v1/demand", READS, "orders", "required", READ, timeout_seconds=30),
    *_business("/v1/venues", "stalls"),
    _page("/v1/calls/{id}/log", "stalls"),
    _page("/v1/calls/{id}/outcome", "stalls"),
    _page("/v1/calls/{id}/outcome/file", "stalls", LONG_SECONDS),
    _page("/v1/calls/{id}/vacancies", "stalls"),
    _page("/v1/calls/{id}", "stalls"),
    _page("/v1/calls", "stalls"),
    *_business("/v1/calls", "stalls"),
    _long("/v1/draws/{id}/events", "stalls"),
    Route("/v1/draws", READS, "stalls", "required", READ, timeout_seconds=10),
    *_business("/v1/applications", "stalls"),
    *_business("/v1/allotments", "stalls"),
    *_business("/v1/calendars", "stalls"),
    *_business("/v1/plans", "stalls"),
    *_business("/v1/credits", "stalls"),
    *_business("/v1/contacts", "notify"),
    *_business("/v1/notifications", "notify"),
    Route("/v1/provider-callbacks", ("POST",), "notify", "signed", CALLBACK, timeout_seconds=10),
    *(_openapi(service) for service in SERVICES),
    Route("/docs", READS, ISSUER, "public", PAGE, timeout_seconds=10),
)
