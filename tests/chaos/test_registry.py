"""Lists imported while everything on their way is killed: the report is the answer key, all services agree."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.conftest import on_the_terminal
from tests.chaos.registry_run import KNOWN, WATCHED, Registry, imported, rules_of
from tests.chaos.servers import Servers

pytestmark = pytest.mark.timeout(900)

SCALE = 0.02
DIFFERENT_RULES = {"NotAMobileNumber"}
"""Of notify's half: a bad phone is no fault of the group's row."""


@pytest.fixture(scope="session")
def scale() -> float:
    return SCALE


@pytest.fixture(scope="session")
async def registry(
    started: Servers, scale: float, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Registry:
    """What the one import left behind."""
    seed = int(os.environ["CHAOS_SEED"])
    folder: Path = tmp_path_factory.mktemp("lists")
    found = await imported(started, folder, scale, seed)
    planned = [f"{name} died at {plan}" for name, _, plan in found.died if plan]
    title = f"\nregistry: CHAOS_SEED={seed}, {len(found.groups)} groups, {found.seconds:.0f} s"
    deaths = f"{len(found.died)} deaths of services, {len(found.importer_died)} of importers"
    on_the_terminal(request.config, [title, deaths, *found.importer_died, *planned])
    return found


def test_importers_relay_and_consumers_died_on_the_way(registry: Registry) -> None:
    assert len(registry.importer_died) >= 6
    dead = {name for name, _, _ in registry.died}
    assert {"catalog-relay", "orders-consume", "stalls-consume", "notify-consume"} <= dead


def test_the_report_is_the_answer_key(registry: Registry) -> None:
    expected = {name: part["bad"] for name, part in registry.answers["files"].items()}
    assert registry.bad["catalog"] == expected
    assert rules_of(registry.bad["catalog"]) == rules_of(expected)


def test_notify_reports_what_cannot_be_read_and_phones_that_are_none(registry: Registry) -> None:
    for file, part in registry.answers["files"].items():
        said = registry.bad["notify"].get(file, {})
        assert {int(line) for line, rule in said.items() if rule in DIFFERENT_RULES} >= set(part["bad_phones"])
        assert {line for line, rule in said.items() if rule not in DIFFERENT_RULES} <= set(part["bad"])


def test_every_good_row_is_one_group_and_every_count_is_the_answer_keys(registry: Registry) -> None:
    answers = registry.answers
    assert len(registry.groups) == answers["groups"]
    sums = Counter[str]()
    for job in registry.jobs["catalog"]:
        sums.update(job["counts"])
        assert (job["status"], job["number"]) == ("ended", 2)
    assert sums["unchanged"] == answers["groups"]
    assert sums["repeated"] == sum(part["repeated"] for part in answers["files"].values())
    assert sums["bad"] == sum(len(part["bad"]) for part in answers["files"].values())


def test_again_is_no_row_and_no_event(registry: Registry) -> None:
    assert [(job["counts"]["new"], job["counts"]["changed"]) for job in registry.again] == [(0, 0)] * 3
    assert registry.told_again == 0


def test_all_four_services_agree_on_the_groups(registry: Registry) -> None:
    assert {name: known ^ registry.groups for name, known in registry.known.items()} == {name: set() for name in KNOWN}


def test_every_group_was_told_once_and_repeats_say_the_same(registry: Registry) -> None:
    said = {(one.envelope.id, one.value) for one in registry.told}
    assert {one.envelope.subject for one in registry.told} == registry.groups
    assert {one.name for one in registry.told} == {"group-registered"}
    assert len(said) == len(registry.groups)


def test_every_phone_of_a_good_row_is_a_contact(registry: Registry) -> None:
    assert registry.contacts == registry.answers["contacts"]


@pytest.mark.parametrize("where", WATCHED)
def test_no_phone_and_no_account_lies_where_it_may_not(registry: Registry, where: str) -> None:
    assert len(registry.secrets) > len(registry.groups)
    assert registry.looked_at[where]
    runs = registry.runs[where]
    found = (runs | {run[-10:] for run in runs}) & registry.secrets  # a phone may stand there with +91
    assert sorted(found)[:5] == []
