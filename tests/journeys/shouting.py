"""A caller who goes on sending while she is answered: what curl does, and what httpx does not."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

PIECE = b"x" * 65_536


async def shouted(url: str, headers: Mapping[str, str], size: int, *, length_told: bool) -> tuple[int, Any]:
    """POST `size` bytes, with a Content-Length or in chunks; status and JSON of what is answered meanwhile."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    sending = asyncio.create_task(_send(writer, where.path, headers, size, length_told=length_told))
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if line)
        body = await reader.readexactly(int(fields["content-length"]))
        return int(head.split()[1]), json.loads(body)
    finally:
        sending.cancel()
        writer.close()


async def _send(
    writer: asyncio.StreamWriter, path: str, headers: Mapping[str, str], size: int, *, length_told: bool
) -> None:
    length = {"Content-Length": str(size)} if length_told else {"Transfer-Encoding": "chunked"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "market", **headers, **length}.items())
    with suppress(ConnectionError):  # who is answered may find the line cut
        writer.write(f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode())
        for _ in range(size // len(PIECE)):
            writer.write(PIECE if length_told else b"%x\r\n%s\r\n" % (len(PIECE), PIECE))
            await writer.drain()
        writer.write(b"" if length_told else b"0\r\n\r\n")
        await writer.drain()
