"""How a property is proven: on thousands of examples, half of them pinned, half never seen before."""

import os
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from tests.properties.subjects import ENGINE, SPECIFICATION, SUBJECTS, Subject

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "200"))
PINNED = 2026
QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
Body = Callable[..., None]


def fresh_seed() -> int:
    """PROPERTY_SEED=… repeats a run."""
    return int(os.environ["PROPERTY_SEED"])


def holds(*drawn: st.SearchStrategy[Any], of: Sequence[Subject] = SUBJECTS, share: int = 1) -> Callable[[Body], Body]:
    """A property `body(subject, …)` of what these strategies draw; `share`: only one in so many examples."""

    def wrapped(body: Body) -> Body:
        @pytest.mark.timeout(1200)
        @pytest.mark.parametrize("chance", ["pinned", "fresh"])
        @pytest.mark.parametrize("subject", of, ids=lambda subject: subject.name)
        def proven(subject: Subject, chance: str) -> None:
            number = PINNED if chance == "pinned" else fresh_seed()
            print(f"PROPERTY_SEED={number}")

            @seed(zlib.crc32(body.__name__.encode()) + number)
            @settings(
                max_examples=max(1, EXAMPLES // 2 // share), deadline=None, database=None, suppress_health_check=QUIET
            )
            @given(st.tuples(*drawn))
            def once(example: tuple[Any, ...]) -> None:
                for part in example:
                    note(repr(part))
                body(subject, *example)

            once()

        proven.__name__, proven.__doc__ = body.__name__, body.__doc__
        return proven

    return wrapped


def of_the_specification(*drawn: st.SearchStrategy[Any], share: int = 1) -> Callable[[Body], Body]:
    return holds(*drawn, of=(SPECIFICATION,), share=share)


def of_the_engine(*drawn: st.SearchStrategy[Any], share: int = 1) -> Callable[[Body], Body]:
    return holds(*drawn, of=(ENGINE,), share=share)
