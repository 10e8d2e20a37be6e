"""The development issuer as a process: what it says of itself, the tokens it makes, how it refuses."""

import stat
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import jwt
import pytest
import stamina
from typer.testing import CliRunner

from deploy.local.issuer.client import NoToken, token, token_of_each_role
from deploy.local.issuer.tokens import ROLES, Ask
from deploy.local.ports import free_port
from deploy.local.process import Process
from tools.token import app, running_issuer

GROUP = "0199a000-0000-7000-8000-000000000001"


class Issuer:
    """One issuer over one data folder, which can be stopped and started again on its port."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "deploy.local.issuer", "--port", str(self.port), "--data", str(data)]
        self.process = Process("issuer", command)

    def start(self) -> None:
        self.process.start()
        for attempt in stamina.retry_context(on=httpx.TransportError, attempts=None, timeout=30, wait_max=0.2):
            with attempt:
                httpx.get(f"{self.url}/healthz").raise_for_status()

    def verified(self, text: str) -> dict[str, object]:
        """The claims, as a service reads them: key by discovery, algorithm, audience and issuer checked."""
        discovery = httpx.get(f"{self.url}/.well-known/openid-configuration").json()
        key = jwt.PyJWKClient(discovery["jwks_uri"]).get_signing_key_from_jwt(text)
        claims: dict[str, object] = jwt.decode(
            text, key, algorithms=["ES256"], audience="bachat-haat", issuer=discovery["issuer"]
        )
        return claims


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("issuer") / "kept"


@pytest.fixture(scope="module")
def issuer(data: Path) -> Iterator[Issuer]:
    running = Issuer(data)
    running.start()
    yield running
    running.process.stop()


def test_a_token_says_what_was_asked_and_verifies_by_discovery(issuer: Issuer) -> None:
    ask = Ask(role="group_leader", groups=(uuid.UUID(GROUP),), district="490", block="4312", ttl_seconds=60)
    claims = issuer.verified(token(issuer.url, ask))
    assert claims["iss"] == issuer.url
    assert (claims["role"], claims["groups"], claims["state"]) == ("group_leader", [GROUP], "27")
    assert (claims["district"], claims["block"]) == ("490", "4312")
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == 60
    assert str(uuid.UUID(str(claims["sub"]))) == claims["sub"]


def test_there_is_a_token_for_every_role_and_each_is_another_party(issuer: Issuer) -> None:
    claims = {role: issuer.verified(text) for role, text in token_of_each_role(issuer.url).items()}
    assert set(claims) == set(ROLES)
    assert len({said["sub"] for said in claims.values()}) == len(ROLES)
    assert all(said["role"] == role for role, said in claims.items())


def test_a_token_outlives_a_restart_of_the_issuer(issuer: Issuer, data: Path) -> None:
    text = token(issuer.url, Ask(role="buyer"))
    issuer.process.kill()
    issuer.start()
    assert issuer.verified(text)["role"] == "buyer"
    assert stat.S_IMODE((data / "issuer-key.pem").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["issuer-key.pem"]


def test_an_unknown_role_is_answered_with_the_list_of_roles(issuer: Issuer) -> None:
    answer = httpx.post(f"{issuer.url}/token", json={"role": "queen"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "UnknownRole"
    assert answer.json()["roles"] == list(ROLES)


@pytest.mark.parametrize(
    "bad",
    [
        {"role": "buyer", "sub": "sunita"},
        {"role": "buyer", "ttl_seconds": 0},
        {"role": "buyer", "district": "पुणे"},
        {"role": "buyer", "grups": []},
        {"role": "group_leader", "groups": ["गट"]},
    ],
)
def test_a_bad_ask_names_the_field(issuer: Issuer, bad: dict[str, object]) -> None:
    answer = httpx.post(f"{issuer.url}/token", json=bad)
    assert (answer.status_code, answer.json()["code"]) == (422, "BadAsk")
    assert list(bad)[-1] in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_body_that_is_no_ask_gets_a_problem_and_the_issuer_lives_on(issuer: Issuer, body: bytes) -> None:
    answer = httpx.post(f"{issuer.url}/token", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] == "BadAsk"
    assert httpx.get(f"{issuer.url}/healthz").json() == {"status": "ok"}


def test_the_command_prints_one_token(issuer: Issuer) -> None:
    asked = ["--role", "group_leader", "--group", GROUP, "--district", "490", "--ttl", "60", "--issuer", issuer.url]
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 0
    assert issuer.verified(answer.stdout.strip())["groups"] == [GROUP]


def test_the_command_says_which_roles_there_are(issuer: Issuer) -> None:
    answer = CliRunner().invoke(app, ["--role", "queen", "--issuer", issuer.url])
    assert answer.exit_code == 2
    assert "district_officer" in answer.stderr
    assert not answer.stdout


def test_the_command_says_how_to_start_an_issuer_that_is_not_there() -> None:
    answer = CliRunner().invoke(app, ["--role", "buyer", "--issuer", f"http://127.0.0.1:{free_port()}"])
    assert answer.exit_code == 2
    assert "make up" in answer.stderr


def test_the_running_systems_issuer_is_found_in_its_endpoints(tmp_path: Path) -> None:
    endpoints = tmp_path / "endpoints.json"
    with pytest.raises(NoToken, match="make up"):
        running_issuer(endpoints)
    endpoints.write_text('{"issuer": "http://127.0.0.1:8090"}', encoding="utf-8")
    assert running_issuer(endpoints) == "http://127.0.0.1:8090"
