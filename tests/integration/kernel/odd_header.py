"""Writes one record whose header has a name that is not UTF-8: `odd_header SERVERS TOPIC PARTITION`.

In a process of its own: only the client's plain-Python encoder (AIOKAFKA_NO_EXTENSIONS=1) can be talked into it.
"""

import asyncio
import sys

from aiokafka import AIOKafkaProducer


class NotUtf8(str):
    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return b"\xff\xfe" + super().encode(encoding, errors)


async def main(servers: str, topic: str, partition: int) -> None:
    kafka = AIOKafkaProducer(bootstrap_servers=servers)
    await kafka.start()
    try:
        await kafka.send_and_wait(topic, b"{}", key=b"odd", headers=[(NotUtf8("x"), b"1")], partition=partition)
    finally:
        await kafka.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
