"""May a published version change like this? Only a new optional field may come; all else is a new version.

Facts are kept for ever and read by services of other releases, so both directions count: old readers meet new facts,
new readers meet old ones. That is why a wider enum or bound is refused just like a narrower one.
"""

from collections.abc import Iterator

from tools.contracts.schemas import ANNOTATIONS, Schema

WITHIN = frozenset({"properties", "required", "items", "anyOf"})


def breaks(old: Schema, new: Schema, at: str = "") -> Iterator[str]:
    """One sentence for each change that needs a new version."""
    yield from _keywords(old, new, at)
    yield from _fields(old, new, at)
    yield from _items(old, new, at)
    yield from _variants(old, new, at)


def _keywords(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for keyword in sorted((set(old) | set(new)) - WITHIN - ANNOTATIONS):
        was, is_ = old.get(keyword), new.get(keyword)
        if was != is_:
            yield f"{at or 'the fact'}: {keyword} was {was!r} and is {is_!r}"


def _fields(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    had_to, has_to = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() - after.keys()):
        yield f"{_join(at, name)} is gone (removed or renamed)"
    for name in sorted((after.keys() - before.keys()) & has_to):
        yield f"{_join(at, name)} is new and required; give it a default"
    for name in sorted(before.keys() & after.keys()):
        if (name in had_to) != (name in has_to):
            yield f"{_join(at, name)} was {_needed(name in had_to)} and is {_needed(name in has_to)}"
        yield from breaks(before[name], after[name], _join(at, name))


def _items(old: Schema, new: Schema, at: str) -> Iterator[str]:
    if ("items" in old) != ("items" in new):
        yield f"{at}: what the list holds is described in one version only"
    elif "items" in old:
        yield from breaks(old["items"], new["items"], f"{at}[]")


def _variants(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = old.get("anyOf", []), new.get("anyOf", [])
    if len(before) != len(after):
        yield f"{at}: it could be one of {len(before)} types and can be one of {len(after)}"
        return
    for was, is_ in zip(before, after, strict=True):
        yield from breaks(was, is_, at)


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _needed(required: bool) -> str:
    return "required" if required else "optional"
