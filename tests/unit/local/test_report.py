import json
import re
import shlex
from pathlib import Path

from deploy.local import report
from deploy.local.console import Console
from deploy.local.endpoints import Endpoints
from deploy.local.plan import Plan
from deploy.local.sample import Maker, Sample
from deploy.local.settings import DATA, LocalSettings

TOKENS = {"buyer": "aa.bb.cc", "district_officer": "dd.ee.ff"}
PAPAD = Sample(
    product_id="p-1",
    title="नाचणीचे पापड",
    sku="PAPAD-200",
    unit_price_paise=9000,
    group="g-1",
    name="सावित्रीबाई बचत गट",
    district="490",
    block="4512",
    makers=(Maker("g-1", "p-1"), Maker("g-2", "p-2")),
    tokens=TOKENS,
)


def known(data: Path) -> Endpoints:
    return Plan(LocalSettings(data=data), Console(), given={}).endpoints().model_copy(update={"tokens": TOKENS})


def test_the_table_says_where_every_service_is_and_shows_each_token(tmp_path: Path) -> None:
    shown = report.table(known(tmp_path))
    for word in ("gateway", "catalog", "orders", "stalls", "notify", "Kafka", "MongoDB", *TOKENS.values()):
        assert word in shown


def test_there_is_a_call_to_paste_for_every_service(tmp_path: Path) -> None:
    shown = report.calls(known(tmp_path), PAPAD)
    paths = set(re.findall(r"http://127\.0\.0\.1:8080(/v1/\w+)", shown))
    assert paths == {
        "/v1/products",
        "/v1/groups",
        "/v1/orders",
        "/v1/notifications",
        "/v1/venues",
        "/v1/calls",
        "/v1/demand",
        "/v1/allotments",
    }


def test_a_pasted_search_asks_for_the_groups_own_name_and_counts_for_her_district(tmp_path: Path) -> None:
    lines = report.calls(known(tmp_path), PAPAD).splitlines()
    words = shlex.split(next(line for line in lines if "/v1/groups' " in line).removesuffix("; echo"))
    assert words[words.index("--data-urlencode") + 1] == "q=सावित्रीबाई बचत गट"
    assert any("/v1/groups/counts?by=block&district=490'" in line for line in lines)


def test_a_pasted_order_names_the_real_product_at_its_price(tmp_path: Path) -> None:
    lines = report.calls(known(tmp_path), PAPAD).splitlines()
    order = next(line for line in lines if "/v1/orders' " in line and " -d " in line)
    words = shlex.split(order.removesuffix("; echo"))
    body = json.loads(words[words.index("-d") + 1])
    assert body["lines"] == [{"product_id": "p-1", "sku": "PAPAD-200", "quantity": 2, "expected_unit_paise": 9000}]


def test_calls_pasted_all_at_once_read_the_order_a_second_after_it_was_placed(tmp_path: Path) -> None:
    pasted = [line for line in report.calls(known(tmp_path), PAPAD).splitlines() if "curl" in line]
    read = next(number for number, line in enumerate(pasted) if "/v1/orders'" in line and " -d " not in line)
    assert pasted[read].strip().startswith("sleep 1; curl")
    assert "/v1/venues" in pasted[read - 1]


def test_what_stops_a_run_names_its_data_folder_when_it_is_not_the_usual_one(tmp_path: Path) -> None:
    assert LocalSettings(data=DATA).down == "make down"
    assert LocalSettings(data=tmp_path / "दुसरा बाजार").down == f"BACHAT_DATA='{tmp_path}/दुसरा बाजार' make down"


def test_the_header_files_of_the_calls_hold_the_tokens(tmp_path: Path) -> None:
    endpoints = known(tmp_path)
    endpoints.save(tmp_path)
    assert endpoints.header("buyer").read_text(encoding="ascii") == "Authorization: Bearer aa.bb.cc\n"
    assert Endpoints.load(tmp_path) == endpoints


def test_an_empty_market_is_said_with_the_command_that_fills_it(tmp_path: Path) -> None:
    assert ".venv/bin/python -m tools.seed" in report.calls(known(tmp_path), None)


def test_the_story_of_a_draw_registers_a_ground_of_its_own_so_that_it_can_be_told_again(tmp_path: Path) -> None:
    story = report.calls(known(tmp_path), PAPAD).partition("A stall draw")[2]
    assert "g-1:p-1 g-2:p-2" in story
    assert story.index("/v1/venues") < story.index("/v1/calls")
    assert '\\"venue\\": \\"$VENUE\\"' in story
