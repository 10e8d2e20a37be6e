"""Custom resources against the CRDs of a folder, with a count of what could not be asked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.kubernetes.crds.defaults import filled
from tools.kubernetes.crds.definitions import Definition, Kind, kind_of
from tools.kubernetes.crds.rules import Answer, Asked, asked
from tools.kubernetes.overlays import Json, title

LONGEST = 200


@dataclass
class Checked:
    """Faults and counts. `unknown` are the kinds that no CRD of the folder defines, with their documents' number."""

    faults: list[str] = field(default_factory=list)
    documents: int = 0
    unknown: Counter[Kind] = field(default_factory=Counter)
    answers: Counter[Answer] = field(default_factory=Counter)
    not_evaluated: Counter[tuple[str, str]] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """A line of counts, then each rule that nobody asked and each kind that nobody knows."""
        held, silent = self.answers[Answer.HOLDS], self.answers[Answer.NOT_EVALUATED]
        changes = self.answers[Answer.OF_CHANGES]
        told = f"{held} CEL rules hold, {silent} could not be evaluated, {changes} speak of changes alone"
        rules = [f"  not evaluated ({n}×): {rule[:LONGEST]} [{why}]" for (rule, why), n in self.not_evaluated.items()]
        unknown = self.unknown if self.documents else {}  # with none at all, one line says so
        kinds = [f"  NOT CHECKED, no CRD here: {kind} of {group} ({n})" for (group, kind), n in unknown.items()]
        return [f"{self.documents} custom resources against their CRDs; {told}", *rules, *kinds]


def check(documents: Iterable[Json], definitions: Mapping[Kind, Definition]) -> Checked:
    """Ask each document's CRD."""
    done = Checked()
    for document in documents:
        if definition := definitions.get(kind_of(document)):
            done.documents += 1
            _check(document, definition, done)
        else:
            done.unknown[kind_of(document)] += 1
    return done


def _check(document: Json, definition: Definition, done: Checked) -> None:
    whole = filled(definition.schema, document)
    for error in definition.validator.iter_errors(whole):
        done.faults.append(f"{title(document)}: {error.json_path}: {error.message[:LONGEST]}")
    for each in asked(definition.schema, whole):
        done.answers[each.answer] += 1
        _note(document, each, done)


def _note(document: Json, each: Asked, done: Checked) -> None:
    if each.answer is Answer.BROKEN:
        done.faults.append(f"{title(document)}: {each.place}: {each.what}")
    elif each.answer is Answer.NOT_EVALUATED:
        done.not_evaluated[each.what, each.why] += 1
