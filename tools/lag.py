"""How far behind the consumers are: the offset they start from (MongoDB) beside the one Kafka is told (advisory)."""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Annotated, Any, get_args

import typer
from kafka import TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError
from rich.live import Live
from rich.table import Table

from shared.consumer.parking import COLLECTION as PARKED
from shared.consumer.parking import OPEN
from shared.consumer.partitions import COLLECTION as OFFSETS
from shared.documents import Doc
from tools.environment import Service, ToolSettings, database_of, kafka_admin, plain_errors, readable, system

EVERY_SECONDS = 2.0
LEGEND = """\
end: where Kafka's log ends · next: the offset the group goes on from; MongoDB keeps it beside the effects
lag: end less next · told Kafka: the group's committed offset, for dashboards only, renewed every few seconds
parked: events put aside; `.venv/bin/python -m tools.replay list` shows them"""
NUMBERS = ("partition", "end", "next", "lag", "told Kafka", "parked")
EXAMPLE = "Example:  .venv/bin/python -m tools.lag --watch      or, for programs:  .venv/bin/python -m tools.lag --json"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Place = tuple[str, str, int]
"""Consumer group, topic, partition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """One partition of one group. `next` is where the group goes on, None when it never took the partition."""

    group: str
    topic: str
    partition: int
    end: int
    next: int | None
    committed: int | None
    parked: int
    remade: bool = False
    """The topic was deleted and made anew since: the group will refuse to start from this offset."""

    @property
    def lag(self) -> int | None:
        return None if self.next is None else self.end - self.next

    @property
    def differs(self) -> int:
        """By how much Kafka was told less than what is applied; a consumer tells it every few seconds."""
        return 0 if self.next is None or self.committed is None else self.next - self.committed


@app.command(epilog=EXAMPLE)
def main(
    watch: Annotated[bool, typer.Option("--watch", help="Again every two seconds, until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A list of objects instead of a table; one a line.")] = False,
) -> None:
    """Lag of every consumer group, topic and partition, and how many of its events are parked."""
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what is wrong is said once, by us
    settings = system()
    with plain_errors(KafkaError), closing(kafka_admin(settings)) as admin:
        if as_json:
            _print_json(settings, admin, watch=watch)
        elif watch:
            _show(settings, admin)
        else:
            readable().print(table(read(settings, admin)))


def _print_json(settings: ToolSettings, admin: Any, *, watch: bool) -> None:
    for lags in _again(settings, admin, watch=watch):
        rows = [{**asdict(lag), "lag": lag.lag} for lag in lags]
        print(json.dumps(rows, ensure_ascii=False), flush=True)


def _show(settings: ToolSettings, admin: Any) -> None:
    with Live(console=readable(), auto_refresh=False) as live:
        for lags in _again(settings, admin, watch=True):
            live.update(table(lags), refresh=True)


def _again(settings: ToolSettings, admin: Any, *, watch: bool) -> Iterator[list[Lag]]:
    yield read(settings, admin)
    while watch:
        time.sleep(EVERY_SECONDS)
        yield read(settings, admin)


def read(settings: ToolSettings, admin: Any) -> list[Lag]:
    """Every partition that a group of ours has taken or told Kafka about, in order."""
    kept, parked = _in_mongodb(settings)
    committed = _committed(settings, admin)
    places = sorted(kept.keys() | committed.keys())
    ids, ends = _topics(admin, places)
    return [
        Lag(
            group=place[0],
            topic=place[1],
            partition=place[2],
            end=ends.get(place[1:], 0),
            next=kept[place]["next"] if place in kept else None,
            committed=committed.get(place),
            parked=parked[place],
            remade=place in kept and kept[place]["topic_id"] != ids.get(place[1]),
        )
        for place in places
    ]


def _in_mongodb(settings: ToolSettings) -> tuple[dict[Place, Doc], Counter[Place]]:
    """The rows of every group's partitions, and how many events wait in its parking."""
    kept: dict[Place, Doc] = {}
    parked: Counter[Place] = Counter()
    for service in get_args(Service):
        with database_of(service, settings) as database:
            for row in database[OFFSETS].find():
                group, topic, partition = row["_id"].split(":")
                kept[group, topic, int(partition)] = row
            for row in database[PARKED].find({"status": {"$in": OPEN}}, {"group": 1, "topic": 1, "partition": 1}):
                parked[row["group"], row["topic"], row["partition"]] += 1
    return kept, parked


def _committed(settings: ToolSettings, admin: Any) -> dict[Place, int]:
    groups = [settings.group(f"{service}.reactions") for service in get_args(Service)]
    told = admin.list_group_offsets(groups)
    return {
        (group, place.topic, place.partition): committed.offset
        for group in groups
        for place, committed in told.get(group, {}).items()
    }


def _topics(admin: Any, places: Iterable[Place]) -> tuple[dict[str, str], dict[tuple[str, int], int]]:
    """Ids of the topics that exist, and where their partitions end."""
    names = sorted({topic for _, topic, _ in places})
    found = [topic for topic in admin.describe_topics(names) if not topic["error_code"]] if names else []
    ids = {topic["name"]: str(topic["topic_id"]) for topic in found}
    wanted = {TopicPartition(topic, partition): OffsetSpec.LATEST for _, topic, partition in places if topic in ids}
    ends = admin.list_partition_offsets(wanted) if wanted else {}
    return ids, {(place.topic, place.partition): at.offset for place, at in ends.items()}


def table(lags: list[Lag]) -> Table:
    """Yellow: behind, or told otherwise than it is; red: parked events, or a topic that was made anew."""
    shown = Table("group", "topic", *NUMBERS, "remark", title="What consumers have still to do", caption=LEGEND)
    shown.caption_justify = "left"
    for column in shown.columns[2 : 2 + len(NUMBERS)]:
        column.justify = "right"
    for lag in lags:
        shown.add_row(lag.group, lag.topic, *_figures(lag), note(lag))
    if not lags:
        shown.caption = "No consumer has run yet."
    return shown


def _figures(lag: Lag) -> list[str]:
    behind = f"[yellow]{lag.lag}[/]" if lag.lag else _or_dash(lag.lag)
    told = f"[yellow]{lag.committed}[/]" if lag.differs else _or_dash(lag.committed)
    parked = f"[red]{lag.parked}[/]" if lag.parked else "0"
    return [str(lag.partition), str(lag.end), _or_dash(lag.next), behind, told, parked]


def note(lag: Lag) -> str:
    """What a person should make of it; empty when all is well."""
    if lag.remade:
        return "[red]the topic was made anew: clear this row on purpose[/]"
    if lag.next is None:
        return "no row in MongoDB: starts from 0"
    if lag.differs:
        return f"[yellow]Kafka was told {abs(lag.differs)} {'less' if lag.differs > 0 else 'more'}[/]"
    return ""


def _or_dash(number: int | None) -> str:
    return "-" if number is None else str(number)


if __name__ == "__main__":
    app(prog_name=".venv/bin/python -m tools.lag")
