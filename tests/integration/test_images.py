"""Each service as its image has it: its own files, its own packages and real servers, until it is ready."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.local import install
from deploy.local.ports import LOOPBACK, free_port
from shared.kafka import create_topics
from shared.mongo import connect
from tests.images import ROOT, SERVICES, groups, stages, tree
from tests.processes import Spawned, until
from tools.environment import system
from tools.kubernetes.registry import roles_of

FIRST_START_SECONDS = 90  # every package is compiled, on a machine that does other things too
PARTIES = {
    "ISSUER": "http://issuer.test",
    "JWKS_URL": "http://127.0.0.1:9/jwks.json",
    "SMS_PROVIDER_URL": "http://127.0.0.1:9",
    "SMS_CALLBACK_SECRET": secrets.token_hex(16),
}


@pytest.fixture(scope="module")
async def namespace() -> AsyncIterator[str]:
    """Topics of its own; the databases are dropped in the end."""
    name = f"i{secrets.token_hex(4)}-"
    await asyncio.to_thread(create_topics, system().model_copy(update={"namespace": name}))
    yield name
    kept = await connect(os.environ["MONGODB_URI"], "admin")
    for service in SERVICES:
        await kept.client.drop_database(f"{name}{service}")
    await kept.client.close()


def python_of(service: str, folder: Path) -> Path:
    """A Python that has what the image's stage of packages installs, and nothing else."""
    named = [f"--only-group={group}" for group in groups(stages()["service-packages"], service)]
    python = folder / "bin" / "python"
    uv("venv", "--python", sys.executable, str(folder))
    pins = uv("export", "--frozen", *named, "--no-emit-project", "--format", "requirements-txt")
    uv("pip", "sync", "--python", str(python), "--require-hashes", "-", given=pins)
    return python


def uv(*arguments: str, given: str = "") -> str:
    command = [str(install.UV), "--quiet", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=install._uv_env(), input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_starts_on_its_own_packages_and_files_alone(
    namespace: str, tmp_path: Path, service: str
) -> None:
    python = await asyncio.to_thread(python_of, service, tmp_path / "venv")
    image = tree(stages()["service"], tmp_path / "app", service)
    roles = [sorted(each) for each in (roles_of(service) - {"stream"}, roles_of(service) & {"stream"}) if each]
    processes = [start(python, image, service, each, namespace) for each in roles]
    try:
        for process, address in processes:
            await ready(process, address)
        assert [await process.stop() for process, _ in processes] == [0] * len(processes)
    finally:
        for process, _ in processes:
            process.kill()


def start(python: Path, image: Path, service: str, roles: list[str], namespace: str) -> tuple[Spawned, str]:
    """The process in the folder of its image, and its address."""
    port = free_port()
    here = {"PROFILE": "local", "NAMESPACE": namespace, "HTTP_PORT": str(port), "LOG_FORMAT": "json"}
    command = [str(python), "-m", f"services.{service}", *roles]
    return Spawned(command, {**PARTIES, **here, "PYTHONPATH": ""}, image), f"http://{LOOPBACK}:{port}"


async def ready(process: Spawned, address: str) -> None:
    async def answers() -> bool:
        assert process.running, process.text()
        try:
            return (await client.get("/readyz")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    async with httpx.AsyncClient(base_url=address) as client:
        await until(answers, what="it is ready", patience_seconds=FIRST_START_SECONDS)
