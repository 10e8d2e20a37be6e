"""An answer that goes on may take longer than a request may be silent."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message

from shared import answer
from shared.web.requests import Answering

SCOPE: dict[str, Any] = {"type": "http", "method": "GET", "path": "/v1/draws/1/events", "request_id": "r"}
START: Message = {"type": "http.response.start", "status": 200, "headers": []}


async def passed(messages: list[Message], more: Message) -> float | None:
    """The deadline after these, which was a second from now."""

    async def forward(message: Message) -> None:
        messages.append(message)

    async with asyncio.timeout(1) as silence:
        before = silence.when()
        answering = Answering(SCOPE, forward, answer.Answer(), "", silence=silence)
        await answering.send(START)
        await answering.send(more)
        after = silence.when()
    return None if after == before else after


async def test_each_piece_of_a_long_answer_gives_it_time_for_the_next() -> None:
    messages: list[Message] = []
    later = await passed(messages, {"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
    assert later is not None
    assert later > asyncio.get_running_loop().time() + 10
    assert [message["type"] for message in messages] == ["http.response.start", "http.response.body"]


@pytest.mark.parametrize("more", [{}, {"more_body": False}])
async def test_the_last_piece_needs_no_more_time(more: dict[str, bool]) -> None:
    assert await passed([], {"type": "http.response.body", "body": b"{}", **more}) is None
