"""A small fair as its close leaves it, and as its draw does, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from services.stalls.applications.domain import Application
from services.stalls.calls.domain import Call, Status
from services.stalls.credits.domain import Standing
from services.stalls.draw import files
from services.stalls.draw.disclosure import Asked
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.freezes.domain import REGISTER, Batch, events_of, rows_of
from services.stalls.outcomes.domain import KeptInputs, KeptOutcome, Struck
from services.stalls.outcomes.store import KeptInputsDocument, KeptOutcomeDocument
from services.stalls.runs import commands as runs
from services.stalls.texts import commands as texts
from services.stalls.texts.domain import TextPart
from services.stalls.texts.store import TextPartDocument
from shared.aggregates import first_kept
from shared.testing import FakeStores
from tests.unit.stalls.small_fair import NONCE, NOON, PUBLIC_VALUE, group


def stores() -> FakeStores:
    return FakeStores(KeptInputsDocument, KeptOutcomeDocument, TextPartDocument)


def batch(applications: Sequence[Application]) -> Batch:
    numbers = {one.group: int(one.group.removeprefix("group-")) for one in applications}
    known = {id_: group(number) for id_, number in numbers.items()}
    return Batch(applications=applications, groups=known, standing=dict.fromkeys(known, Standing()))


def written(call: Call, applications: Sequence[Application], struck: Struck | None = None) -> dict[str, str]:
    """The files of the inputs and the register."""
    events = events_of(call, struck or {})
    return {**rows_of(batch(applications), Asked(events), titled=True), **files.plan(events)}


async def frozen(
    kept: FakeStores, call: Call, applications: Sequence[Application], struck: Struck | None = None
) -> KeptInputs:
    texts_ = written(call, applications, struck)
    where = await texts.keep(kept[TextPart], texts_, call.tenant)
    inputs = KeptInputs(
        id=call.id,
        tenant=call.tenant,
        files={name: where[name] for name in (*files.INPUTS, *files.PLAN)},
        register=where[REGISTER],
        applications=len(applications),
        inputs_digest=files.digest({name: texts_[name] for name in files.INPUTS}),
        plan_digest=files.digest({name: texts_[name] for name in files.PLAN}),
        rules_digest=RULES_DIGEST,
        struck=struck or {},
        frozen_at=NOON,
    )
    return await first_kept(kept[KeptInputs], call.id, inputs)


def ready(call: Call, kept: KeptInputs) -> Call:
    """Closed with these inputs, its nonce opened, its public value confirmed."""
    return replace(
        call,
        status=Status.DRAWING,
        parties=tuple(replace(one, nonce=NONCE) for one in call.parties),
        inputs_digest=kept.inputs_digest,
        plan_digest=kept.plan_digest,
        rules_digest=kept.rules_digest,
        public_value=PUBLIC_VALUE,
        public_value_at=NOON + timedelta(hours=2),
        closed_at=NOON,
    )


async def drawn(kept: FakeStores, call: Call, applications: Sequence[Application]) -> KeptOutcome:
    inputs = await frozen(kept, call, applications)
    return await first_kept(kept[KeptOutcome], call.id, await runs.computed(kept, ready(call, inputs)))
