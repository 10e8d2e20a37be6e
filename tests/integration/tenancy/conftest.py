"""Each service once for all rows."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import structlog

from tests.integration.tenancy.houses import SERVICES, world
from tests.integration.tenancy.world import World


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of requests: their lines would cost more than they."""
    usual = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.configure(**usual)


@pytest.fixture(scope="package")  # a client left behind while other tests hold the loop finds its connections timed out
async def worlds() -> AsyncIterator[dict[str, World]]:
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(world(name)) for name in SERVICES}
