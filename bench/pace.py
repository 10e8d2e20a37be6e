"""The sender under a provider's limit: how much of it is used, and the most that any second had."""

import asyncio
from functools import partial

from bench import topic
from bench.lines import Line, rate
from bench.notices import GROUPS, SOON, TOPIC, known, taken, withdrawn
from bench.place import place
from bench.settings import BenchSettings
from bench.stub import asked, stub
from bench.waiting import growth
from services.notify.wiring import SERVICE


async def measured(sizes: BenchSettings) -> list[Line]:
    """As many messages as may go out in the time that is measured, all of them waiting."""
    count = int(sizes.pace_rate * sizes.pace_seconds)
    async with place() as here:
        notify = await here.running(SERVICE)
        for group in GROUPS:
            await known(notify, group)
        records = [withdrawn(GROUPS[n % len(GROUPS)]) for n in range(count)]
        await topic.write(notify.settings, notify.settings.topic(TOPIC), records)
        provider = stub(here)
        url = f"http://127.0.0.1:{provider.port}"
        told = {"SEND_POLL_SECONDS": SOON, "SEND_RATE": f"{sizes.pace_rate:g}", "SMS_PROVIDER_URL": url}
        sender = here.start("notify", "consume", **told)
        found = await growth(partial(taken, provider), count, "messages", sender)
        most = int((await asyncio.to_thread(asked, provider))["most_in_a_second"])
        sender.stop()
    note = f"{count} messages; the most in any second: {most}"
    line = rate("pace", "messages under a limit", found.per_second, "the limit", sizes.pace_rate, least=0.97, note=note)
    return [line] if most <= sizes.pace_rate else [line.missed(f"{most} in one second")]
