"""The answer key: what an import of the lists must report, counted while they are written."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.seed.state.lines import Row
from tools.seed.state.listing import Listed


@dataclass(slots=True, kw_only=True)
class Part:
    """Of one file or sheet. `bad`: line to rule. `phones` of the good rows: good, bad, none."""

    rows: int = 0
    good: int = 0
    repeated: int = 0
    bad: dict[int, str] = field(default_factory=dict)
    bad_phones: list[int] = field(default_factory=list)
    phones: Counter[str] = field(default_factory=Counter)

    def add(self, line: int, row: Row) -> None:
        self.rows += 1
        if row.line.rule:
            self.bad[line] = row.line.rule
        elif row.repeated:
            self.repeated += 1
        else:
            self.good += 1
            self.phones[row.phone] += 1
            if row.phone == "bad":
                self.bad_phones.append(line)

    def __add__(self, other: "Part") -> "Part":
        """Of both, without their lines: sheets of one file have lines of their own."""
        both = Part(rows=self.rows + other.rows, good=self.good + other.good, repeated=self.repeated + other.repeated)
        both.bad = dict(enumerate([*self.bad.values(), *other.bad.values()]))
        both.phones = self.phones + other.phones
        return both

    @property
    def rules(self) -> Counter[str]:
        """Bad rows by the code of what is wrong with them."""
        return Counter(self.bad.values())

    def shown(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "good": self.good,
            "repeated": self.repeated,
            "bad": {str(line): rule for line, rule in self.bad.items()},
            "bad_phones": self.bad_phones,
            "contacts": {kind: self.phones[kind] for kind in ("good", "bad", "none")},
        }


@dataclass(slots=True, kw_only=True)
class Answers:
    """`doubles`: pairs of ids that are one group, and how each pair shows; `near`: pairs that are two groups."""

    state: str
    scale: float
    seed: int
    files: dict[str, Part] = field(default_factory=dict)
    doubles: list[tuple[str, str, str]] = field(default_factory=list)
    near: list[tuple[str, str]] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(
        default_factory=lambda: {by: Counter() for by in ("programme", "district", "block", "local_body")}
    )

    def add(self, file: str, line: int, row: Row) -> None:
        self.files.setdefault(file, Part()).add(line, row)
        if row.group is not None and not row.repeated:
            self._counted(row.group)

    def _counted(self, group: Listed) -> None:
        place = group.plan.place
        self.counts["programme"][group.programme] += 1
        self.counts["district"][place.district] += 1
        self.counts["local_body" if place.urban else "block"][place.code] += 1
        if group.twin:
            self.doubles.append((group.id, *group.twin))
        if group.near:
            self.near.append((group.id, group.near))

    def of(self, file: str) -> Part:
        """Of a whole file, all its sheets."""
        parts = [part for name, part in self.files.items() if name.partition("!")[0] == file]
        return sum(parts[1:], parts[0])

    @property
    def groups(self) -> int:
        return sum(part.good for part in self.files.values())

    def shown(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "scale": self.scale,
            "seed": self.seed,
            "groups": self.groups,
            "files": {name: part.shown() for name, part in self.files.items()},
            "counts": {by: dict(sorted(counts.items())) for by, counts in self.counts.items()},
            "contacts": sum(part.phones["good"] for part in self.files.values()),
            "doubles": [[one, other] for one, other, _ in self.doubles],
            "double_kinds": [kind for _, _, kind in self.doubles],
            "near": [list(pair) for pair in self.near],
        }

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.shown(), ensure_ascii=False, indent=1) + "\n", "utf-8")
