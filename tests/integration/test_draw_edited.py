"""What somebody with the database's password changes is found, and nobody acts on it; on a real MongoDB."""

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.stalls.draw import archive
from services.stalls.draw.damage import FileChanged
from services.stalls.draws.commands import carry_on
from services.stalls.outcomes.domain import DrawFilesDamaged, KeptInputs, KeptOutcome, TicketOfAnother
from shared.errors import LANGUAGES, Problem
from tests.integration.stall_calls import Fair
from tools.draw.__main__ import app


async def test_a_stranger_verifies_the_file_and_finds_what_was_edited(fair: Fair, tmp_path: Path) -> None:
    await fair.drawn()
    target, path = tmp_path / "सोडत.zip", f"/v1/calls/{fair.call}/outcome/file"
    target.write_bytes((await fair.house.client.get(path)).content)
    verified = CliRunner().invoke(app, ["verify", str(target)])
    assert (verified.exit_code, verified.output[:6]) == (0, "equal:"), verified.output
    rows = (await fair.house.client.get(path.removesuffix("/file"))).json()["items"]
    mine = CliRunner().invoke(app, ["mine", str(target), rows[-1]["ticket"], "--language", "mr"])
    assert rows[-1]["refusals"][0]["rank"] == 1
    assert mine.exit_code == 0, mine.output
    await _edit(fair, "\n1,", "\n2,")
    target.write_bytes((await fair.house.client.get(path)).content)
    found = CliRunner().invoke(app, ["verify", str(target)])
    assert found.exit_code == 1
    assert "outcome.csv" in found.output


async def test_whose_ticket_is_whose_cannot_be_changed_unnoticed(fair: Fair) -> None:
    await fair.close()
    kept = await fair.house.stores[KeptInputs].get(fair.call)
    parts = fair.house.running.database.collection("draw_files")
    part = await parts.find_one({"_id": kept.register[0]})
    assert part is not None
    rows = part["text"].splitlines(keepends=True)
    await parts.update_one({"_id": part["_id"]}, {"$set": {"text": "".join([rows[0], *rows[2:], rows[1]])}})
    await fair.open_nonce()
    assert (await fair.draw()).json()["code"] == "TextChanged"
    assert (await fair.state()).status == "drawing", "nothing is made of it, and nothing is half made"
    assert not await fair.allotments()


async def test_frozen_inputs_that_were_edited_are_not_drawn(fair: Fair) -> None:
    for answer in (await fair.close(), await fair.open_nonce()):
        assert answer.status_code == 200
    await _edit(fair, ",0,0,,", ",3,0,,")
    answer = await fair.draw()
    assert (answer.status_code, answer.json()["code"]) == (409, "DrawFilesDamaged")
    await _edit(fair, ",3,0,,", ",0,0,,")
    await fair.later(minutes=1)
    await fair.timers()
    assert (await fair.state()).status == "published"


async def test_an_edited_outcome_is_handed_out_to_be_found_and_nobody_acts_on_it(fair: Fair) -> None:
    await fair.drawn()
    await _edit(fair, "\n1,", "\n2,")
    with pytest.raises(DrawFilesDamaged):
        await carry_on(fair.house.running, fair.call)
    zipped = await fair.house.client.get(f"/v1/calls/{fair.call}/outcome/file")
    with pytest.raises(FileChanged, match=r"outcome\.csv"):
        archive.unpack(zipped.content)


@pytest.mark.parametrize(
    ("table", "kept_cells", "refused"),
    [("outcome.csv", 2, DrawFilesDamaged), ("line", 2, TicketOfAnother), ("line", 1, TicketOfAnother)],
    ids=["who got what", "whose ticket it is", "who stands where"],
)
async def test_a_shelf_put_beside_the_published_outcome_tells_nobody_anything(
    fair: Fair, table: str, kept_cells: int, refused: type[Problem]
) -> None:
    """Whoever edits parts may give them their right digests and name them in the outcome's document."""
    await fair.drawn()
    database = fair.house.running.database
    kept = await fair.house.stores[KeptOutcome].get(fair.call)
    (id_,) = kept.shelves[table].parts
    part = await database.collection("draw_files").find_one({"_id": id_})
    assert part is not None
    rows = [row.split(",") for row in part["text"].splitlines()]
    rows[1][kept_cells:], rows[10][kept_cells:] = rows[10][kept_cells:], rows[1][kept_cells:]
    text = "".join(",".join(row) + "\n" for row in rows)
    forged = hashlib.sha256(text.encode()).hexdigest()
    await database.collection("draw_files").insert_one({**part, "_id": forged, "text": text})
    beside = {"$set": {"shelves.$.parts": [forged]}}
    await database.collection("outcomes").update_one({"_id": fair.call, "shelves.table": table}, beside)
    with pytest.raises(refused) as said:
        await carry_on(fair.house.running, fair.call)
    assert all(fair.call in said.value.sentence(language) for language in LANGUAGES)
    assert not await fair.allotments()


async def _edit(fair: Fair, old: str, new: str) -> None:
    """As somebody with the database's password would."""
    rows = fair.house.running.database.collection("draw_files")
    async for doc in rows.find():
        if old in doc["text"] and (doc["text"].startswith(("ticket,tier", "place,ticket,event,stall"))):
            await rows.update_one({"_id": doc["_id"]}, {"$set": {"text": doc["text"].replace(old, new, 1)}})
