"""The schema of every version ever published, kept beside the tests: what they say can only grow."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from shared.contracts import FACTS
from shared.events import Fact
from tools.contracts.compatibility import breaks
from tools.contracts.files import GOLDENS, PUBLISHED, ROOT, Files, as_json, read
from tools.contracts.schemas import fields_of, schema_of

PERSONAL = ("name", "phone", "mobile", "address", "account", "email", "aadhaar", "upi")
OF_PLACES = frozenset(
    {"call_name", "venue_name", "venue_name_before"}
)  # what a fair or a ground is called stands on a board there
Facts = tuple[type[Fact], ...]


def version_of(fact: type[Fact]) -> str:
    """Such as `orders.orders/order-placed.v1`: its line in the list, its path below the goldens."""
    return f"{fact.topic}/{fact.name}.v{fact.major}"


def golden_path(version: str) -> Path:
    return GOLDENS / f"{version}.schema.json"


def published(root: Path = ROOT) -> list[str]:
    return (read(PUBLISHED, root) or "").split()


def goldens(facts: Facts = FACTS, root: Path = ROOT) -> Files:
    """The schemas as they are today, and the list of versions with new ones at its end."""
    versions = {version_of(fact): fact for fact in facts}
    known = published(root)
    files = {golden_path(version): as_json(schema_of(fact)) for version, fact in versions.items()}
    files[PUBLISHED] = "".join(f"{line}\n" for line in [*known, *(v for v in versions if v not in known)])
    return files


def broken_promises(facts: Facts = FACTS, root: Path = ROOT) -> Iterator[str]:
    """What today's models would take from those who read what was published."""
    versions = {version_of(fact): fact for fact in facts}
    for version in published(root):
        golden = read(golden_path(version), root)
        if golden is None:
            yield f"{version}: its golden is gone; bring {golden_path(version)} back"
        elif version not in versions:
            yield f"{version}: no model reads it any more, but its facts are kept for ever"
        else:
            for change in breaks(json.loads(golden), schema_of(versions[version])):
                yield f"{version}: {change}. Write a new version with upgrade(), readers first"
    yield from _unlisted(published(root), root)


def _unlisted(listed: Iterable[str], root: Path) -> Iterator[str]:
    known = {golden_path(version) for version in listed}
    for path in sorted((root / GOLDENS).rglob("*.json")):
        if path.relative_to(root) not in known:
            yield f"{path.relative_to(root)}: not in {PUBLISHED}"


def personal_fields(facts: Facts = FACTS) -> Iterator[str]:
    """Fields that by their name hold personal data, which stays off the topics."""
    for fact in facts:
        for field in sorted(fields_of(schema_of(fact)) - OF_PLACES):
            if any(word in field.split("_") for word in PERSONAL):
                yield f"{version_of(fact)}: {field} may hold personal data; publish an id instead"
