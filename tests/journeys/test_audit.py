"""What officers did at a fair stands in whole chains, chained by the processes that run; no phone number among it."""

import json
from pathlib import Path
from typing import Any

from shared.logs import masked
from tests.journeys.people import Market
from tests.journeys.stories import Story
from tests.processes import spawn, until

OFFICES = {"block_officer", "district_officer", "mission_manager", "admin"}


async def tool(market: Market, *arguments: str) -> tuple[int, str]:
    known = market.system.known
    servers = {"MONGODB_URI": known.mongodb, "KAFKA_BOOTSTRAP_SERVERS": known.kafka, "NAMESPACE": known.namespace}
    process = spawn("tools.audit", *arguments, environment={**servers, "PROFILE": "local"})
    try:
        return await process.ended(), process.text()
    finally:
        process.kill()


async def acts(market: Market, service: str) -> list[dict[str, Any]]:
    code, text = await tool(market, "list", "--service", service, "--limit", "100000", "--json")
    assert code == 0, text
    return list(json.loads(text.splitlines()[-1]))


async def test_each_step_of_a_draw_is_an_act_of_an_officer_in_a_whole_chain(market: Market, story: Story) -> None:
    steps = {f"POST /v1/calls/{{call_id}}/{step}" for step in ("close", "draw", "open-nonce")}

    async def chained() -> bool:
        done = [one for one in await acts(market, "stalls") if one["subject"]["id"] == story.fair.id]
        return {one["act"] for one in done if one["actor"]["role"] in OFFICES} >= steps

    await until(chained, what="the steps of the draw are chained")
    everything = [one for service in ("catalog", "orders", "stalls", "notify") for one in await acts(market, service)]
    assert {one["actor"]["role"] for one in everything} <= {*OFFICES, "relay", "department", "operator"}
    assert [one for one in everything if masked(json.dumps(one)) != json.dumps(one)] == []


async def test_the_chains_of_all_services_are_whole_and_hold_what_was_known(
    market: Market, story: Story, tmp_path: Path
) -> None:
    code, heads = await tool(market, "verify")
    assert code == 0, heads
    (tmp_path / "heads.txt").write_text(heads, encoding="utf-8")
    assert (await tool(market, "verify", "--head", str(tmp_path / "heads.txt")))[0] == 0
