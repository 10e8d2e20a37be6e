"""A name in an address that the route does not know is refused: a filter left out of account would show everything."""

from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError

RULE = "no_such_parameter"


async def known_parameters(request: Request) -> None:
    """Raises RequestValidationError that names each unknown one and those there are."""
    if not request.query_params:
        return
    known = names_of(request.scope["route"].dependant)
    if unknown := [name for name in request.query_params if name not in known]:
        raise RequestValidationError([_fault(name, known) for name in unknown])


def names_of(route: Dependant) -> tuple[str, ...]:
    """In the order in which the route declares them; a model's fields are parameters of their own."""
    own = get_flat_params(Dependant(query_params=route.query_params))
    deeper = (name for needed in route.dependencies for name in names_of(needed))
    return tuple(dict.fromkeys([*(field.alias for field in own), *deeper]))


def _fault(name: str, known: tuple[str, ...]) -> dict[str, Any]:
    rule = RULE if known else "extra_forbidden"
    return {"type": rule, "loc": ("query", name), "msg": rule, "input": None, "ctx": {"expected": ", ".join(known)}}
