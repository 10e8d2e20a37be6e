"""What a process is told by its environment, and how it says that something is missing."""

import os
import subprocess
import sys

import pytest
from pydantic import ValidationError

from shared.settings import CommonSettings
from shared.testing import settings_for

ENVIRONMENT = {
    "MONGODB_URI": "mongodb://127.0.0.1:27017/?replicaSet=rs0",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "ISSUER": "http://issuer.test",
    "JWKS_URL": "http://issuer.test/jwks.json",
}
READ = (
    "from shared.settings import CommonSettings, read_settings; s = read_settings(CommonSettings);"
    "print(s.profile, s.http_port, s.allow_unsafe, s.topic('orders.orders'))"
)


def read(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", READ],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": ".", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_come_from_the_environment_and_an_empty_one_is_not_set() -> None:
    told = read(**ENVIRONMENT, PROFILE="local", HTTP_PORT="", ALLOW_UNSAFE="1", NAMESPACE="w1-", UNKNOWN="x")
    assert (told.stdout, told.stderr) == ("local 8000 True w1-orders.orders\n", "")


def test_each_missing_or_wrong_setting_is_one_line_and_no_traceback() -> None:
    told = read(**{**ENVIRONMENT, "ISSUER": "", "HTTP_PORT": "many", "NAMESPACE": "W 1"})
    assert told.returncode == 2
    assert [line.partition(" ")[0] for line in told.stderr.splitlines()] == ["NAMESPACE", "HTTP_PORT", "ISSUER"]
    assert "ISSUER is missing (who signs the tokens" in told.stderr
    assert "HTTP_PORT is wrong: Input should be a valid integer" in told.stderr


def test_a_password_is_in_no_message_and_no_representation() -> None:
    told = read(**{**ENVIRONMENT, "MONGODB_URI": "mongo://admin:गुप्त@db"})
    assert told.stderr.startswith("MONGODB_URI is wrong")
    assert "गुप्त" not in told.stderr
    assert "गुप्त" not in repr(settings_for(CommonSettings, mongodb_uri="mongodb://admin:गुप्त@db"))


def test_a_namespace_stands_before_topics_groups_and_databases() -> None:
    settings = settings_for(CommonSettings, namespace="w1-")
    names = (settings.topic("orders.orders"), settings.group("orders.reactions"), settings.database_name("orders"))
    assert names == ("w1-orders.orders", "w1-orders.reactions", "w1-orders")


def test_production_has_what_loses_nothing_and_a_laptop_has_one_broker() -> None:
    production = settings_for(CommonSettings, profile="production")
    assert (production.partitions, production.replication_factor, production.min_insync_replicas) == (48, 3, 2)
    local = settings_for(CommonSettings, profile="local")
    assert (local.partitions, local.replication_factor, local.min_insync_replicas) == (4, 1, 1)


def test_settings_do_not_change_while_a_process_runs() -> None:
    settings = settings_for(CommonSettings)
    with pytest.raises(ValidationError, match="frozen"):
        settings.http_port = 1  # type: ignore[misc]
