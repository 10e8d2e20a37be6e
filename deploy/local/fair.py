"""The story of one stall draw as calls to paste into one shell, from opening a call to checking a ticket."""

import json
from pathlib import Path

from deploy.local.endpoints import Endpoints
from deploy.local.sample import Fair

A_NEW_KEY = "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)"
NAMES = {"mr": "दिवाळी महोत्सव", "hi": "दिवाली महोत्सव", "en": "Diwali fair"}
LINES = [{"tags": ["rural"], "count": 1}, {"count": 2}]
DICE = "ten throws of a die in the block office, before witnesses"
LICENCE = "11521034000123"
IDS = ".venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])'"


def story(known: Endpoints, fair: Fair, open_seconds: int = 60) -> list[tuple[str, str]]:
    """(what it does, what to paste), in order; the lines share shell variables."""
    officer, women = known.header("district_officer"), known.header("relay")
    call, zip_ = f"{known.gateway}/v1/calls", Path(known.headers).parent / "draw.zip"
    return [
        (
            "a secret of the officer's, and when the call closes and the public value comes",
            f"NONCE=$(cat /proc/sys/kernel/random/uuid); CLOSES=$({_in(open_seconds)}); PUBLIC=$({_in(open_seconds + 5)})",
        ),
        (f"open a call: three stalls at “{fair.name}” on {fair.day}", f"CALL=$({_opened(call, officer, fair)})"),
        (f"{len(fair.makers)} groups apply; each gets a ticket", _applied(call, women, fair)),
        (
            "close it when its time is over",
            f"sleep $(( $(date -d $CLOSES +%s) - $(date +%s) + 7 )); {_post(f'{call}/$CALL/close', officer)}",
        ),
        ("open the nonce", _post(f"{call}/$CALL/open-nonce", officer, '{\\"nonce\\": \\"$NONCE\\"}')),
        (
            "draw, with the dice that were thrown after the close",
            _post(
                f"{call}/$CALL/draw",
                officer,
                '{\\"public_value\\": \\"3 1 6 6 2 5 4 1 2 3\\", \\"published_at\\": \\"$PUBLIC\\"}',
            ),
        ),
        ("what came of it, for everybody to see", f'curl -sS "{call}/$CALL/outcome"; echo'),
        ("download it", f'curl -sS "{call}/$CALL/outcome/file" -o {zip_}; ls -l {zip_}'),
        ("draw again", f".venv/bin/python -m tools.draw verify {zip_}"),
        ("one ticket: its place, and why", f".venv/bin/python -m tools.draw mine {zip_} $TICKET"),
        (
            "the same number without us",
            f"SEED=$(curl -sS \"{call}/$CALL/outcome\" | {IDS} seed); printf '%s:%s' $SEED $TICKET | sha256sum",
        ),
        ("what the groups were told", f"tail -n {2 * len(fair.makers)} {known.provider_log}"),
        (
            "what is ordered in this district, by the hour",
            f"curl -sS '{known.gateway}/v1/demand?by=hour' -H @{officer}; echo",
        ),
    ]


def _in(seconds: int) -> str:
    return f"date -u -d '+{seconds} seconds' +%FT%TZ"


def _opened(call: str, officer: Path, fair: Fair) -> str:
    """`$CALL` becomes the id; its answer is shown too."""
    event = {"venue": fair.venue, "days": [fair.day.isoformat()], "lines": LINES}
    body = {
        "names": NAMES,
        "opens_at": "$NOW",
        "closes_at": "$CLOSES",
        "events": [event],
        "commitment": "$HASH",
        "public_source": DICE,
        "public_at": "$PUBLIC",
    }
    said = json.dumps(body, ensure_ascii=False).replace('"', '\\"')
    before = "NOW=$(date -u +%FT%TZ); HASH=$(printf %s $NONCE | sha256sum | cut -d' ' -f1); "
    return f"{before}{_post(call, officer, said).removesuffix('; echo')} | tee /dev/stderr | {IDS} id"


def _applied(call: str, women: Path, fair: Fair) -> str:
    """A loop over groups with a product each; `$TICKET` is the last one's."""
    pairs = " ".join(f"{maker.group}:{maker.product_id}" for maker in fair.makers)
    said = (
        '{\\"group\\": \\"${PAIR%:*}\\", \\"choices\\": [1], \\"products\\": [\\"${PAIR#*:}\\"], '
        f'\\"fssai\\": \\"{LICENCE}\\"}}'
    )
    asked = _post(f"{call}/$CALL/applications", women, said).removesuffix("; echo")
    return f"for PAIR in {pairs}; do TICKET=$({asked} | tee /dev/stderr | {IDS} ticket); echo; done"


def _post(url: str, header: Path, body: str = "") -> str:
    said = f" -H 'Content-Type: application/json' -d \"{body}\"" if body else " -X POST"
    return f'curl -sS "{url}" -H @{header} -H "{A_NEW_KEY}"{said}; echo'
