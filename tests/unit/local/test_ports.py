import os
import socket
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.console import Console
from deploy.local.plan import Plan
from deploy.local.settings import LocalSettings


@pytest.fixture
def listener() -> "socket.socket":
    listener = socket.socket()
    listener.bind((ports.LOOPBACK, 0))
    listener.listen()
    return listener


def test_a_port_in_use_is_named_with_its_holder_and_the_setting_that_moves_it(listener: socket.socket) -> None:
    with listener:
        port = listener.getsockname()[1]
        settings = LocalSettings().on_free_ports().model_copy(update={"port_gateway": port})
        with pytest.raises(ports.PortInUse) as refused:
            Plan(settings, Console(), given={}).refuse_taken_ports()
    assert f"port {port} is in use by" in str(refused.value)
    assert f"(pid {os.getpid()})" in str(refused.value)
    assert "BACHAT_PORT_GATEWAY=NUMBER" in str(refused.value)


def test_the_ports_of_servers_that_are_given_may_be_taken(listener: socket.socket) -> None:
    with listener:
        taken = listener.getsockname()[1]
        settings = LocalSettings().on_free_ports().model_copy(update={"port_kafka": taken, "port_mongodb": taken})
        given = {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "MONGODB_URI": "mongodb://127.0.0.1:2/"}
        Plan(settings, Console(), given=given).refuse_taken_ports()


def test_a_port_nobody_listens_on_is_free_and_does_not_answer(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    assert ports.answers(port)
    assert not ports.is_free(port)
    listener.close()
    assert ports.is_free(port)
    assert not ports.answers(port)
    assert ports.holder(port) is None


def test_a_free_port_is_given_once_and_is_never_one_that_a_client_could_be_given() -> None:
    first_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    given = [ports.free_port() for _ in range(50)]
    assert len(set(given)) == 50
    assert max(given) < first_outgoing
