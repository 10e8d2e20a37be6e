from importlib import import_module
from pathlib import Path

import pytest

from deploy.local.console import Console
from deploy.local.gateway.routes import SERVICES
from deploy.local.plan import COUNTING, Plan
from deploy.local.settings import LocalSettings
from shared.service import Service

OWN = {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092", "MONGODB_URI": "mongodb://127.0.0.1:27017/?replicaSet=rs"}


def plan(data: Path, given: dict[str, str]) -> Plan:
    return Plan(LocalSettings(data=data), Console(), given=given)


def test_servers_that_are_given_are_used_and_nothing_is_started_in_their_place(tmp_path: Path) -> None:
    ours = {part.name for part in plan(tmp_path, {}).parts(seed=True)}
    theirs = plan(tmp_path, OWN)
    assert ours - {part.name for part in theirs.parts(seed=True)} == {"kafka", "mongodb"}
    assert OWN.items() <= theirs.environment().items()


def test_everything_a_part_waits_for_is_a_part_when_nothing_is_given(tmp_path: Path) -> None:
    parts = plan(tmp_path, {}).parts(seed=True)
    names = {part.name for part in parts}
    assert all(set(part.after) <= names for part in parts)


def test_a_service_to_do_without_is_not_started_nor_what_counts_for_it(tmp_path: Path) -> None:
    without = Plan(LocalSettings(data=tmp_path, without="orders"), Console(), given={})
    left = {part.name for part in plan(tmp_path, {}).parts(seed=False)} - {
        part.name for part in without.parts(seed=False)
    }
    assert left == {"orders", "orders-stream"}


def test_the_seed_runs_only_when_asked(tmp_path: Path) -> None:
    assert "seed" not in {part.name for part in plan(tmp_path, {}).parts(seed=False)}


@pytest.mark.parametrize(
    ("secret", "file"), [("SMS_CALLBACK_SECRET", "callback-secret"), ("ACCOUNT_KEYS", "account-keys")]
)
def test_a_secret_is_the_data_folders_own_and_only_its_owner_reads_it(tmp_path: Path, secret: str, file: str) -> None:
    first, second = plan(tmp_path / "a", {}), plan(tmp_path / "b", {})
    assert first.environment()[secret] == first.environment()[secret] == (tmp_path / "a" / file).read_text("ascii")
    assert first.environment()[secret] != second.environment()[secret]
    assert (tmp_path / "a" / file).stat().st_mode & 0o077 == 0


def test_every_address_of_the_run_is_of_this_machine_only(tmp_path: Path) -> None:
    known = plan(tmp_path, {}).endpoints()
    urls = [known.gateway, known.issuer, known.provider, *known.services.values()]
    assert all(url.startswith("http://127.0.0.1:") for url in urls)
    assert known.kafka.startswith("127.0.0.1:")
    assert known.mongodb.startswith("mongodb://127.0.0.1:")


def test_what_a_run_is_told_reaches_every_process_and_names_what_it_owns(tmp_path: Path) -> None:
    told = {"HOLD_SECONDS": "10", "NAMESPACE": "j1-"}
    asked = Plan(LocalSettings(data=tmp_path), Console(), given={"NAMESPACE": "other-"}, told=told)
    assert told.items() <= asked.environment().items()
    assert asked.endpoints().namespace == "j1-"


def test_figures_are_counted_by_processes_of_their_own_which_say_where_their_metrics_are(tmp_path: Path) -> None:
    asked = plan(tmp_path, {})
    counting = {part.name for part in asked.parts(seed=True) if part.name.endswith("-stream")}
    assert counting == {"orders-stream", "stalls-stream"} == set(asked.endpoints().workers)
    assert {name for name, service in wired().items() if service.streams} == set(COUNTING)


def wired() -> dict[str, Service]:
    return {name: import_module(f"services.{name}.wiring").SERVICE for name in SERVICES}
