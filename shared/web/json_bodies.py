"""The JSON we read: what every reader of it, MongoDB and the other languages included, understands in the same way."""

import json
import re
from typing import Any, NoReturn

from shared.web.problems import MalformedJson

LARGEST_INTEGER = 2**63 - 1  # what MongoDB keeps
LONGEST_NUMBER = 40  # digits; Python takes seconds over a million of them
UNPAIRED = re.compile("[\ud800-\udfff]")


def check(body: bytes) -> None:
    """Raises MalformedJson for what is no JSON, or JSON that some readers of it would not take or read differently."""
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text, parse_constant=_constant, parse_int=_integer, parse_float=_decimal, object_pairs_hook=_object
        )
    except UnicodeDecodeError as error:
        raise MalformedJson(why=f"not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise MalformedJson(why=f"{error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise MalformedJson(why="nested too deeply") from error
    if "\\u" in text:
        _check_texts(value)


def _check_texts(value: Any) -> None:
    """An escape can spell what UTF-8 cannot: half a surrogate pair, or NUL."""
    if isinstance(value, str):
        if "\0" in value or UNPAIRED.search(value):
            raise MalformedJson(why="an escaped character that is none (\\u0000 or half a surrogate pair)")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_texts(name)
            _check_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_texts(inner)


def _constant(name: str) -> NoReturn:
    raise MalformedJson(why=f"{name} is no number")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER or abs(number := int(digits)) > LARGEST_INTEGER:
        raise MalformedJson(why=f"a whole number beyond {LARGEST_INTEGER}")
    return number


def _decimal(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise MalformedJson(why="a number too large")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedJson(why="the same name twice in one object")
    return members
