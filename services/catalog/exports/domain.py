"""A group as a row of the exported file. No account, no relay: the file leaves the house."""

from services.catalog.groups.domain import Group, sees_entry
from shared.places.directory import blocks, districts, local_bodies
from shared.scope import Scope

HEADER = (
    *("id", "programme", "code", "other_programmes", "other_codes", "name_mr", "name_hi", "name_en"),
    *("district", "district_name", "block", "block_name", "local_body", "local_body_name", "ward", "village"),
    *("activities", "federation", "active", "reason", "stall_years"),
)


def row(group: Group, scope: Scope) -> tuple[str, ...]:
    """The columns of HEADER. Who sees names and places alone has the rest empty."""
    entry = sees_entry(group, scope)
    told = _entry(group) if entry else {}
    there = {**_public(group), **told}
    return tuple(there.get(column, "") for column in HEADER)


def _public(group: Group) -> dict[str, str]:
    names = {f"name_{language}": text for language, text in group.names.kept().items()}
    places = ((districts(), "district"), (blocks(), "block"), (local_bodies(), "local_body"))
    codes = {field: code for _, field in places if (code := getattr(group, field))}
    named = {f"{field}_name": table[codes[field]].name for table, field in places if codes.get(field) in table}
    return {"id": group.id, "active": "yes" if group.active else "no", **names, **codes, **named}


def _entry(group: Group) -> dict[str, str]:
    others = {
        "other_programmes": "; ".join(other.programme for other in group.absorbs),
        "other_codes": "; ".join(other.code for other in group.absorbs),
    }
    place = {"ward": group.ward or "", "village": group.village or ""}
    work = {"activities": "; ".join(group.activities), "federation": group.federation or ""}
    life = {"reason": group.why or "", "stall_years": "; ".join(map(str, group.years))}
    return {"programme": group.programme, "code": group.code, **others, **place, **work, **life}
