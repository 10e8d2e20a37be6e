"""What a long run found, as text and as one HTML file that needs nothing else."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.chaos.long.rounds import Finding
from tests.chaos.long.timeline import Time, drawn

STYLE = """body{font:15px/1.5 sans-serif;max-width:1180px;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse}td,th{padding:.15em .9em .15em 0;text-align:left;vertical-align:top}
td+td{font-variant-numeric:tabular-nums}pre{background:#f5f5f5;padding:.7em;overflow:auto;font-size:12px}
.clean{color:#2e7d32}.broken{color:#b3261e}svg{max-width:100%;height:auto}details{margin:.4em 0}"""


@dataclass(frozen=True)
class Report:
    seed: int
    findings: Sequence[Finding]

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.failed]

    @property
    def verdict(self) -> str:
        total = sum(finding.seconds for finding in self.findings) / 60
        rounds = f"{len(self.findings)} rounds in {total:.1f} minutes"
        return f"{rounds}, {len(self.failed)} failed" if self.failed else f"{rounds}, all clean"

    @property
    def figures(self) -> list[tuple[str, str]]:
        found = self.findings
        market = [one for one in found if one.kind == "market"]
        faults = sum((one.faults for one in found), Counter[str]())
        planned = sum(bool(plan) for one in found for _, _, plan in one.died)
        return [
            ("seed", str(self.seed)),
            ("orders placed", str(sum(len(one.placed_at) for one in found))),
            ("refused (orders, applications)", str(sum(one.refused for one in found))),
            ("facts told", str(sum(one.facts for one in found))),
            ("of them told again", str(sum(one.repeated for one in found))),
            ("faults", f"{faults.total()} of {len(faults)} kinds"),
            ("deaths of processes", f"{sum(len(one.died) for one in found)}, {planned} of them with a named point"),
            ("longest time without an order", f"{max((one.longest_outage for one in market), default=0):.1f} s"),
            ("longest time to settle", f"{max((one.settled_in for one in found), default=0):.0f} s"),
            ("poisoned records", str(sum(one.poison for one in found))),
            ("parked: exactly these and what followed on their keys", str(sum(one.parked for one in found))),
            ("invariants looked at", str(sum(one.checked for one in found))),
            ("invariants that did not hold", str(sum(len(one.differences) for one in found))),
        ]

    def again(self, finding: Finding) -> str:
        return f"CHAOS_SEED={self.seed} CHAOS_ROUND={finding.number} make chaos MINUTES=1"

    def text(self) -> str:
        lines = [f"Chaos: {self.verdict}", ""]
        lines += [f"  {name:<55}{value:>14}" for name, value in self.figures]
        lines += ["", "  faults by kind"]
        lines += [f"    {kind:<53}{count:>14}" for kind, count in self._kinds()]
        for finding in self.findings:
            lines += ["", *_round_text(finding)]
            if finding.failed:
                lines += [f"    its folder: {finding.folder}", f"    once more: {self.again(finding)}"]
        return "\n".join(lines) + "\n"

    def _kinds(self) -> list[tuple[str, int]]:
        return sorted(sum((one.faults for one in self.findings), Counter[str]()).items())

    def html(self) -> str:
        state = "broken" if self.failed else "clean"
        rows = "".join(f"<tr><td>{escape(name)}<td>{escape(value)}" for name, value in self.figures)
        kinds = "".join(f"<tr><td>{escape(kind)}<td>{count}" for kind, count in self._kinds())
        rounds = "".join(self._round(finding) for finding in self.findings)
        head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Chaos</title><style>{STYLE}</style>'
        return (
            f'{head}<h1>Chaos: <span class="{state}">{escape(self.verdict)}</span></h1>'
            f"<table>{rows}</table><h2>The whole time</h2>{drawn(_whole(self.findings))}"
            f"<details><summary>Faults by kind</summary><table>{kinds}</table></details><h2>Rounds</h2>{rounds}</html>"
        )

    def _round(self, finding: Finding) -> str:
        state = "broken" if finding.failed else "clean"
        said = escape("\n".join(_round_text(finding)[1:]))
        again = (
            f"<p>Once more: <code>{escape(self.again(finding))}</code>; its folder: {escape(str(finding.folder))}</p>"
        )
        return (
            f'<h3 class="{state}">{escape(_title(finding))}</h3>{drawn(_time(finding))}'
            f"<details{' open' if finding.failed else ''}><summary>What happened</summary><pre>{said}</pre></details>"
            f"{again if finding.failed else ''}"
        )

    def write(self, folder: Path) -> Path:
        """report.txt and report.html; the latter's path."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.txt").write_text(self.text(), encoding="utf-8")
        (folder / "report.html").write_text(self.html(), encoding="utf-8")
        return folder / "report.html"


def _title(finding: Finding) -> str:
    verdict = f"{len(finding.differences)} invariants do not hold" if finding.failed else "clean"
    return f"Round {finding.number}, a {finding.kind}: {verdict}"


def _round_text(finding: Finding) -> list[str]:
    counts = {
        "orders": len(finding.placed_at),
        "facts": finding.facts,
        "told again": finding.repeated,
        "deaths": len(finding.died),
        "faults": len(finding.marks),
        "poison": finding.poison,
        "parked": finding.parked,
    }
    outage = f"{finding.longest_outage:.1f} s without an order at most, settled in {finding.settled_in:.0f} s"
    return [
        f"{_title(finding)} ({finding.seconds:.0f} s: {', '.join(finding.phases)})",
        f"    {', '.join(f'{count} {name}' for name, count in counts.items())}, {outage}",
        *_happened(finding),
        *(f"    NOT: {name}\n      " + "\n      ".join(shown) for name, shown in finding.differences.items()),
    ]


def _happened(finding: Finding) -> Iterator[str]:
    for mark in finding.marks:
        took = f" ({mark.ended - mark.began:.1f} s)" if mark.ended > mark.began else ""
        yield f"    {mark.began - finding.began:6.1f} s {mark.kind}{took}{': ' if mark.said else ''}{mark.said}"
    for at, name, plan in finding.died:
        yield f"    {at - finding.began:6.1f} s {name} died{f' at {plan}' if plan else ''}"


def _time(finding: Finding) -> Time:
    deaths = [(at, f"{name} {plan}") for at, name, plan in finding.died]
    return Time(finding.began, finding.seconds, finding.placed_at, finding.samples, finding.marks, deaths)


def _whole(findings: Sequence[Finding]) -> Time:
    times = [_time(finding) for finding in findings]
    return Time(
        findings[0].began,
        findings[-1].began + findings[-1].seconds - findings[0].began,
        [at for one in times for at in one.orders],
        [sample for one in times for sample in one.samples],
        [mark for one in times for mark in one.marks],
        [death for one in times for death in one.deaths],
    )
