"""What stands in docs/ and beside these tests is what the code says today."""

from pathlib import Path

import pytest

from shared.settings import CommonSettings
from tools.contracts import asyncapi, files
from tools.contracts.__main__ import broken, difference, every_document, stale
from tools.contracts.files import ASYNCAPI, Files


@pytest.fixture(scope="module")
def documents() -> Files:
    return every_document()


def test_no_document_is_stale(documents: Files) -> None:
    changed = [difference(path, documents[path]) for path in stale(documents)]
    assert not changed, "run `make contracts` and look at what changed:\n" + "\n".join(changed)


def test_no_promise_is_broken() -> None:
    assert broken() == []


def test_a_stale_document_is_shown_line_by_line(tmp_path: Path, documents: Files) -> None:
    files.write(documents, tmp_path)
    assert stale(documents, tmp_path) == []
    kept = tmp_path / ASYNCAPI
    kept.write_text(kept.read_text("utf-8").replace("order-placed.v1:", "order-noted.v1:", 1), "utf-8")
    assert stale(documents, tmp_path) == [ASYNCAPI]
    shown = difference(ASYNCAPI, documents[ASYNCAPI], tmp_path)
    assert "-      order-noted.v1:" in shown
    assert "+      order-placed.v1:" in shown


def test_the_documents_name_the_partitions_that_are_made() -> None:
    made = {profile: CommonSettings.model_construct(profile=profile).partitions for profile in asyncapi.PARTITIONS}
    assert made == asyncapi.PARTITIONS
