"""Unit tests log as plain lines: structlog unconfigured draws every traceback with all its variables, for seconds."""

import pytest
import structlog


@pytest.fixture(autouse=True, scope="session")
def _plain_lines() -> None:
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, plain])
