import os
import subprocess
import sys
from pathlib import Path

import pytest
from kafka.errors import KafkaError, KafkaTimeoutError
from pymongo.errors import ServerSelectionTimeoutError

from tools.environment import NAMED, sentence

ROOT = Path(__file__).parents[3]


def topics(*arguments: str, data: Path) -> "subprocess.CompletedProcess[str]":
    given = {name: value for name, value in os.environ.items() if name not in NAMED}
    command = [sys.executable, "-m", "tools.topics", *arguments]
    env = {**given, "BACHAT_DATA": str(data)}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_without_a_running_system_the_topics_tool_says_how_to_start_one(tmp_path: Path) -> None:
    told = topics(data=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "make up" in told.stderr
    assert "KAFKA_BOOTSTRAP_SERVERS" in told.stderr


def test_the_topics_tool_explains_itself_without_any_server(tmp_path: Path) -> None:
    told = topics("--help", data=tmp_path)
    assert told.returncode == 0
    assert "Create the topics" in told.stdout


@pytest.mark.parametrize(
    ("error", "setting"),
    [(KafkaTimeoutError("away"), "KAFKA_BOOTSTRAP_SERVERS"), (ServerSelectionTimeoutError("away"), "MONGODB_URI")],
)
def test_a_server_that_is_away_is_named_by_its_setting_beside_what_starts_it(error: Exception, setting: str) -> None:
    assert setting in sentence(error)
    assert "make up" in sentence(error)


def test_what_a_broker_refuses_is_told_in_its_own_words() -> None:
    assert "orders.orders: replication factor" in sentence(KafkaError("orders.orders: replication factor is 3"))
