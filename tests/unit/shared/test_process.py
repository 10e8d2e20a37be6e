"""What a process understands of its command line, and how it waits for its servers."""

import socket
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from shared.process.arguments import roles_of, usage
from shared.process.starting import AddressTakenError, listen, patient
from shared.service import Service
from shared.settings import CommonSettings
from shared.streaming.measures import Measure
from shared.testing import settings_for

SERVICE = Service(name="notes", settings=CommonSettings, kinds=(), routers=())
COUNTING = replace(SERVICE, streams=(Measure(name="words", topic="notes.notes", counts=("words",)),))


@pytest.mark.parametrize(
    ("arguments", "roles"),
    [
        ([], ("api", "relay", "consume")),
        (["consume"], ("consume",)),
        (["consume", "api"], ("api", "consume")),
        (["api", "api"], ("api",)),
    ],
)
def test_roles_compose_and_none_named_means_all_but_stream(arguments: list[str], roles: tuple[str, ...]) -> None:
    assert roles_of(SERVICE, arguments) == roles_of(COUNTING, arguments) == roles


def test_a_service_that_counts_has_the_role_stream_when_it_is_named() -> None:
    assert roles_of(COUNTING, ["stream"]) == ("stream",)
    assert roles_of(COUNTING, ["stream", "api"]) == ("api", "stream")
    assert "[consume] [stream]" in usage(COUNTING)
    assert "stream" not in usage(SERVICE)


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("stream", "notes has no role stream"),
        ("aip", "There is no role 'aip'"),
        ("--fast", "There is no role '--fast'"),
    ],
)
def test_a_role_that_is_none_is_refused_with_the_usage(
    argument: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        roles_of(SERVICE, ["api", argument])
    told = capsys.readouterr().err
    assert told.startswith(sentence)
    assert usage(SERVICE) in told


def test_help_names_the_roles_and_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        roles_of(SERVICE, ["--help"])
    told = capsys.readouterr().out
    assert "python -m services.notes [api] [relay] [consume]" in told
    assert all(f"  {name.upper()} " in told for name in CommonSettings.model_fields)


async def test_a_server_that_is_away_is_waited_for_with_a_line_each_time() -> None:
    answers = iter([ConnectionError("no route"), ConnectionError("no route"), None])

    async def ask() -> str:
        if error := next(answers):
            raise error
        return "here"

    with capture_logs() as logged:
        found = await patient("mongodb.away", ask, lambda error: isinstance(error, ConnectionError))
    assert found == "here"
    assert [(line["event"], line["error"]) for line in logged] == [("mongodb.away", "ConnectionError: no route")] * 2


async def test_what_is_not_absence_is_not_waited_for() -> None:
    async def ask() -> None:
        raise ValueError("wrong password")

    with pytest.raises(ValueError, match="wrong password"):
        await patient("mongodb.away", ask, lambda error: isinstance(error, ConnectionError))


def test_an_address_in_use_is_named_with_its_settings() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressTakenError, match=f"HTTP_HOST:HTTP_PORT 127.0.0.1:{port} cannot be listened on"):
            listen(settings_for(CommonSettings, http_port=port))
