"""What is shown of archives and of what was forgotten."""

import json
from collections.abc import Sequence

from rich.table import Table

from tools.backup.archive import Archive
from tools.backup.reconcile import Fate, Forgotten

ADVICE = {
    "order-accepted": "the group accepts it again; the stock is sold already, and is not sold twice",
    "order-cancelled": "who cancelled it cancels it again; the stock is free already",
    "stock-changed": "the group counts its stock again, when the replay is through",
    "product-changed": "the group makes the change again; until then orders sells by the newer one",
    "product-listed": "the group lists it again; until then orders sells it though catalog does not",
    "product-paused": "the group pauses it again; orders sells none meanwhile",
}
"""What a person can do about something that is in the backup, by what happened to it since."""
ELSE_KNOWN = "it stands as in the backup: who did this does it again"
UNKNOWN = (
    "others know it (an order's stock stays held): bring-back, or who made it sends it again (same Idempotency-Key)"
)


def advice(one: Forgotten) -> str:
    if one.fate in (Fate.AGAIN, Fate.BACK):
        return "nothing"
    if one.fate is Fate.OTHERWISE:
        return f"now {one.now}: others acted on the first; look at both"
    return ADVICE.get(one.told.name, ELSE_KNOWN) if one.known else UNKNOWN


def forgotten_table(rows: Sequence[Forgotten]) -> Table:
    shown = Table("topic", "subject", "fact", "what", "time", "since then", "what to do", title="Told, but forgotten")
    for one in rows:
        told = one.told
        place = f"{told.incarnation}:{told.sequence}"
        when = told.time.isoformat(timespec="seconds")
        shown.add_row(told.topic, told.subject, place, told.name, when, one.fate.value, advice(one))
    return shown


def forgotten_json(rows: Sequence[Forgotten]) -> str:
    return json.dumps([_plain(one) for one in rows], ensure_ascii=False)


def _plain(one: Forgotten) -> dict[str, object]:
    told = one.told
    where = {"topic": told.topic, "partition": told.partition, "offset": told.offset, "subject": told.subject}
    what = {"incarnation": told.incarnation, "sequence": told.sequence, "type": told.type, "name": told.name}
    fate = {"known": one.known, "fate": one.fate.value, "now": one.now, "advice": advice(one)}
    return {**where, **what, "time": told.time.isoformat(), **fate}


def archives_table(archives: Sequence[Archive]) -> Table:
    shown = Table("archive", "service", "of", "incarnation", "documents", "bytes", title="Backups")
    for archive in archives:
        manifest = archive.manifest()
        documents = sum(one.documents for one in manifest.collections.values())
        size = sum(one.bson.bytes for one in manifest.collections.values())
        numbers = (str(manifest.incarnation), f"{documents:,}", f"{size:,}")
        shown.add_row(archive.folder.name, manifest.service, f"{manifest.at:%Y-%m-%d %H:%M:%SZ}", *numbers)
    return shown
