"""The port of the beacon: what an officer pasted, what a file of rounds says, or both where they agree."""

import asyncio
from datetime import datetime
from pathlib import Path

from services.stalls.beacons import domain
from services.stalls.beacons.domain import BeaconValueDiffers, Pulse


async def pulse(
    file: Path | None,
    public_round: int | None,
    public_value: str | None,
    published_at: datetime | None,
    source: str,
    put_off: datetime | None = None,
) -> Pulse:
    """`put_off`: to when, where the close was late; then only the first round from there on is taken.

    Raises PublicValueMissing, BeaconRoundAbsent, BeaconRoundSkipped, BeaconFileDamaged, BeaconValueDiffers.
    """
    pasted = None
    if public_value is not None and published_at is not None:
        pasted = Pulse(round=public_round, published_at=published_at, value=public_value)
    if file is None or public_round is None:
        if pasted is None:
            raise domain.PublicValueMissing(source=source)
        return pasted
    read = await asyncio.to_thread(_read, file, public_round, put_off)
    if pasted not in {None, read}:
        raise BeaconValueDiffers(round=public_round)
    return read


def _read(file: Path, public_round: int, put_off: datetime | None) -> Pulse:
    with file.open(encoding="utf-8") as lines:
        pulse = domain.found(lines, public_round)
        if put_off is not None:
            lines.seek(0)
            domain.require_first(lines, pulse, put_off)
        return pulse
