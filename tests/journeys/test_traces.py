"""What a day at the market leaves in metrics, logs and topics: figures, and no phone number anywhere."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaConsumer
from prometheus_client.parser import text_string_to_metric_families

from shared.contracts import TOPICS
from tests.journeys.people import Market, Person, Shop
from tests.journeys.stories import Story
from tests.journeys.topics import records
from tests.processes import until

DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")
Labels = dict[str, str]
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def spellings(number: str) -> list[str]:
    return [number, f"{number[:5]} {number[5:]}", f"{number[:5]}-{number[5:]}", number.translate(DEVANAGARI)]


@pytest.fixture(scope="session")
async def day(market: Market, story: Story) -> tuple[Shop, Person]:
    """A fair; an order from first to last, with numbers in every spelling and where no number belongs."""
    shop, buyer = await market.shop(), market.buyer()
    number = market.number()
    for spelling in (*spellings(number), f"+91{number}", f"0{number}"):
        await buyer.leaves_number(buyer.party, "mr", spelling)
    await shop.leader.leaves_number(shop.group_id, "hi", market.number())
    strays = [market.number() for _ in range(6)]
    await buyer.send("PUT", f"/contacts/{buyer.party}", {"language": "mr", "mobile": strays[0]})
    await buyer.send("PUT", f"/contacts/{buyer.party}", {"language": "mr", "phone": f"{strays[1]}00"})
    await buyer.get("/products", q=strays[2])
    await buyer.client.post("/orders", content=strays[3].encode(), headers={"Content-Type": "application/json"})
    await buyer.get("/orders", headers={"User-Agent": f"phone of {strays[4]}"}, cursor=strays[4])
    regretted = (await buyer.order(shop.line())).json()
    await buyer.does("POST", f"/orders/{regretted['id']}/cancel", {"reason": f"फोन करा: {strays[5]}"})
    order = (await buyer.order(shop.line(2))).json()
    await buyer.sees(order["id"], "confirmed")
    await shop.leader.does("POST", f"/orders/{order['id']}/accept")
    await shop.has(on_hand=8, held=0, sold=2)
    await market.texts(number, 3)
    return shop, buyer


def processes(market: Market) -> dict[str, str]:
    """Where each of ours tells its figures."""
    return {**market.system.known.services, **market.system.known.workers}


async def figures(market: Market, process: str) -> Samples:
    async with httpx.AsyncClient() as anybody:
        said = (await anybody.get(f"{processes(market)[process]}/metrics")).text
    families = text_string_to_metric_families(said)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def total(samples: Samples, name: str, labels: Labels) -> float:
    wanted = frozenset(labels.items())
    return sum(value for (named, has), value in samples.items() if named == name and wanted <= has)


def in_this_run(labels: Labels, prefix: str) -> Labels:
    """Topics by the names they have here."""
    return {name: f"{prefix}{value}" if name == "topic" else value for name, value in labels.items()}


EXPECTED: dict[str, list[tuple[str, Labels]]] = {
    "catalog": [
        ("bachat_requests_total", {"route": "/v1/products/{product_id}/approve", "method": "POST", "status": "200"}),
        ("bachat_relay_published_total", {"topic": "catalog.reservations"}),
        ("bachat_consumer_events_total", {"topic": "orders.orders", "outcome": "applied"}),
    ],
    "orders": [
        ("bachat_requests_total", {"route": "/v1/orders", "method": "POST", "status": "201"}),
        ("bachat_relay_published_total", {"topic": "orders.orders"}),
        ("bachat_consumer_events_total", {"topic": "catalog.reservations", "outcome": "applied"}),
    ],
    "notify": [
        ("bachat_requests_total", {"route": "/v1/contacts/{party}", "method": "PUT", "status": "200"}),
        ("bachat_relay_published_total", {"topic": "notify.notifications"}),
        ("bachat_consumer_events_total", {"topic": "orders.orders", "outcome": "applied"}),
        ("bachat_consumer_events_total", {"topic": "stalls.allotments", "outcome": "applied"}),
        ("bachat_notifications_total", {"channel": "sms", "state": "sent"}),
        ("bachat_provider_calls_total", {"outcome": "taken"}),
    ],
    "stalls": [
        ("bachat_requests_total", {"route": "/v1/venues", "method": "GET", "status": "200"}),
        ("bachat_requests_total", {"route": "/v1/calls/{call_id}/draw", "method": "POST", "status": "200"}),
        ("bachat_relay_published_total", {"topic": "stalls.allotments"}),
        ("bachat_consumer_events_total", {"topic": "catalog.groups", "outcome": "applied"}),
        ("bachat_timers_fired_total", {}),
    ],
    "orders-stream": [("bachat_stream_events_total", {"topic": "orders.orders", "outcome": "applied"})],
    "stalls-stream": [("bachat_stream_events_total", {"topic": "stalls.applications", "outcome": "applied"})],
}


@pytest.mark.parametrize("process", EXPECTED)
async def test_the_figures_of_each_process_move_with_the_day(
    market: Market, day: tuple[Shop, Person], process: str
) -> None:
    await day[1].reads("/venues")
    prefix = market.system.known.namespace

    async def moved() -> bool:
        now = await figures(market, process)
        return all(total(now, name, in_this_run(labels, prefix)) > 0 for name, labels in EXPECTED[process])

    await until(moved, what=f"the figures of {process}: {EXPECTED[process]}")


@pytest.mark.usefixtures("day")
async def test_no_figure_holds_a_number(market: Market) -> None:
    for service, url in processes(market).items():
        async with httpx.AsyncClient() as anybody:
            said = (await anybody.get(f"{url}/metrics")).text
        assert found(market, said) == [], service


def found(market: Market, text: str) -> list[str]:
    return [number for number in market.numbers if any(spelling in text for spelling in spellings(number))]


def logs(folder: Path) -> Iterator[Path]:
    """What every process of the run wrote for people; what the provider took is its own affair."""
    yield from (folder / "logs").iterdir()
    yield from folder.glob("*/*.log")


@pytest.mark.usefixtures("day")
def test_no_log_holds_a_number(market: Market) -> None:
    system = market.system
    written = {path.name: path.read_text("utf-8", errors="replace") for path in logs(system.folder)}
    ours = {f"{process}.log" for process in (*processes(market), "provider")}
    assert {*ours, "requests.jsonl"} <= set(written)
    assert "/v1/orders" in written["requests.jsonl"]
    assert "http.answered" in written["notify.log"]
    assert found(market, Path(system.known.provider_log).read_text("utf-8")), "the search finds none where they are"
    assert {name: found(market, text) for name, text in written.items() if found(market, text)} == {}
    assert found(market, system.said.getvalue()) == []


@pytest.mark.usefixtures("day")
async def test_no_topic_holds_a_number(market: Market) -> None:
    known = market.system.known
    kafka = AIOKafkaConsumer(bootstrap_servers=known.kafka)
    await kafka.start()
    topics = sorted(topic for topic in await kafka.topics() if topic.startswith(known.namespace))
    await kafka.stop()
    read = {topic.removeprefix(known.namespace): await everything(market, topic) for topic in topics}
    assert [topic for topic in TOPICS if not read.get(topic)] == []
    assert len(read) > len(TOPICS), "the changelogs of the figures are topics too"
    assert {topic: found(market, text) for topic, text in read.items() if found(market, text)} == {}


async def everything(market: Market, topic: str) -> str:
    """All keys, headers and values of a topic, a line each."""
    read = [
        part
        for record in await records(market, topic)
        for part in (record.key or b"", record.value or b"", *(value for _, value in record.headers))
    ]
    return b"\n".join(read).decode(errors="replace")
