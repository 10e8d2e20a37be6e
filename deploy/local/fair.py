"""The story of one stall draw as calls to paste into one shell, from opening a call to checking a ticket."""

import json
from pathlib import Path

from deploy.local.endpoints import Endpoints
from deploy.local.sample import Sample

Steps = list[tuple[str, str]]
"""(what it does, what to paste); the lines share shell variables."""

A_NEW_KEY = "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)"
NAMES = {"mr": "दिवाळी महोत्सव", "hi": "दिवाली महोत्सव", "en": "Diwali fair"}
LINES = [{"tags": ["first_stall"], "count": 1}, {"count": 2}]
GROUND = {
    "kind": "weekly_market",
    "owner": "ग्रामपंचायत",
    "names": {"mr": "आठवडी बाजारतळ", "hi": "साप्ताहिक बाज़ार मैदान", "en": "Weekly market ground"},
    "stalls": 3,
}
SOURCE = "ten throws of a die in the block office, before witnesses"
THROWN = "3 1 6 6 2 5 4 1 2 3"
LICENCE = "11521034000123"
OFFICE = {"mr": "गटविकास अधिकारी कार्यालय", "hi": "खण्ड विकास अधिकारी कार्यालय", "en": "Block office"}
PAPER = {"mr": "दैनिक", "hi": "दैनिक", "en": "A newspaper"}
HASHES = {"HASH": "NONCE", "OTHERS_HASH": "OTHERS"}
NONCES_OPEN_SECONDS = 20
DRAW = ".venv/bin/python -m tools.draw"


def story(known: Endpoints, about: Sample, open_seconds: int = 60) -> Steps:
    """All of it, in order."""
    officer, women = known.header("block_officer"), known.header("relay")
    colleague = known.header("district_officer")
    calls = f"{known.gateway}/v1/calls"
    return [
        *_applying(calls, officer, women, about, open_seconds),
        *_drawing(calls, officer, colleague),
        *_checking(calls, Path(known.headers).parent / "draw.zip"),
        *_afterwards(known, officer, women, about),
    ]


def _applying(calls: str, officer: Path, women: Path, about: Sample, open_seconds: int) -> Steps:
    closes, public = (
        f"$(date -u -d '+{seconds} seconds' +%FT%TZ)" for seconds in (open_seconds, open_seconds + NONCES_OPEN_SECONDS)
    )
    random = "$(cat /proc/sys/kernel/random/uuid)"
    secret = f"NONCE={random}; OTHERS={random}; CLOSES={closes}; PUBLIC={public}"
    return [
        ("register a ground of the block, where three stalls can stand", _ground(calls, officer, about)),
        ("a secret of the office, another of a newspaper; the close, and when the public value comes", secret),
        ("open a call: three stalls there in ten days, one kept for who never had any", _opened(calls, officer)),
        (f"{len(about.makers)} groups apply; each gets a ticket", _applied(calls, women, about)),
    ]


def _drawing(calls: str, officer: Path, colleague: Path) -> Steps:
    """The newspaper keeps silent: its secret is struck out, and the draw goes on."""
    over, out = (f"sleep $(( $(date -d ${name} +%s) - $(date +%s) + 2 ))" for name in ("CLOSES", "PUBLIC"))
    nonce, value = {"nonce": "$NONCE"}, {"public_value": THROWN, "published_at": "$PUBLIC"}
    draw = f"{calls}/$CALL/draw"
    return [
        ("close it when its time is over", f"{over}; {_post(f'{calls}/$CALL/close', officer)}; echo"),
        ("rehearse: how many get a stall where, by another seed", f"{_post(f'{calls}/$CALL/dry-run', officer)}; echo"),
        ("open the office's secret", f"{_post(f'{calls}/$CALL/open-nonce', officer, nonce)}; echo"),
        ("name the dice, thrown since", f"{out}; {_post(draw, officer, value)}; echo"),
        ("another officer confirms them: it is drawn", f"{_post(draw, colleague, value)}; echo"),
    ]


def _checking(calls: str, file: Path) -> Steps:
    outcome = f'curl -sS "{calls}/$CALL/outcome"'
    seed = f"SEED=$({outcome} | {_read('seed')})"
    return [
        ("what came of it: for everybody, without a token", f"{outcome}; echo"),
        ("who did which step, each bound to the one before it", f'curl -sS "{calls}/$CALL/log"; echo'),
        ("download it", f'curl -sS "{calls}/$CALL/outcome/file" -o {file}; ls -l {file}'),
        ("draw it again", f"{DRAW} verify {file}"),
        ("one ticket: its place, and why", f"{DRAW} mine {file} $TICKET"),
        ("the same number without us", f"{seed}; printf '%s:%s' $SEED $TICKET | sha256sum"),
    ]


def _afterwards(known: Endpoints, officer: Path, women: Path, about: Sample) -> Steps:
    allotted = f'curl -sS "{known.gateway}/v1/allotments?call=$CALL&status=allotted" -H @{women}'
    told = f"for _ in $(seq 60); do {allotted} | grep -q '\"id\"' && break; sleep 1; done"
    first = f"ALLOTMENT=$({allotted} | {_read('items', 0, 'id')})"
    confirm = _post(f"{known.gateway}/v1/allotments/$ALLOTMENT/confirm", women)
    return [
        ("the result goes out to everybody", told),
        ("what the groups were told", f"tail -n {2 * len(about.makers)} {known.provider_log}"),
        ("one of those with a stall says that she comes", f"{first}; {confirm}; echo"),
        ("what is ordered of this block's goods", f"curl -sS '{known.gateway}/v1/demand?by=hour' -H @{officer}; echo"),
    ]


def _ground(calls: str, officer: Path, about: Sample) -> str:
    """`$VENUE` becomes the id: each time a new ground, so that the story can be told again."""
    body = {**GROUND, "district": about.district, "block": about.block}
    asked = f"{_post(calls.replace('/calls', '/venues'), officer, body)} | tee /dev/stderr | {_read('id')}"
    return f"VENUE=$({asked}); DAY=$(TZ=Asia/Kolkata date -d '+10 days' +%F); echo"


def _opened(calls: str, officer: Path) -> str:
    """`$CALL` becomes the id; the answer is shown too."""
    body = {
        "names": NAMES,
        "opens_at": "$NOW",
        "closes_at": "$CLOSES",
        "events": [{"venue": "$VENUE", "days": ["$DAY"], "lines": LINES}],
        "parties": [{"name": OFFICE, "commitment": "$HASH"}, {"name": PAPER, "commitment": "$OTHERS_HASH"}],
        "public_source": SOURCE,
        "public_at": "$PUBLIC",
    }
    hashes = (f"{name}=$(printf %s ${of} | sha256sum | cut -d' ' -f1)" for name, of in HASHES.items())
    before = "; ".join(["NOW=$(date -u +%FT%TZ)", *hashes])
    return f"{before}; CALL=$({_post(calls, officer, body)} | tee /dev/stderr | {_read('id')}); echo"


def _applied(calls: str, women: Path, about: Sample) -> str:
    """A loop over groups with a product each; `$TICKET` is the last one's."""
    pairs = " ".join(f"{maker.group}:{maker.product_id}" for maker in about.makers)
    body = {"group": "${PAIR%:*}", "choices": [1], "products": ["${PAIR#*:}"], "fssai": LICENCE}
    asked = f"{_post(f'{calls}/$CALL/applications', women, body)} | tee /dev/stderr | {_read('ticket')}"
    return f"for PAIR in {pairs}; do TICKET=$({asked}); echo; done"


def _read(*path: str | int) -> str:
    """That part of the JSON on standard input."""
    found = "".join(f"[{json.dumps(step)}]" for step in path)
    return f".venv/bin/python -c 'import json, sys; print(json.load(sys.stdin){found})'"


def _post(url: str, header: Path, body: object = None) -> str:
    """In double quotes, so that the shell puts its variables into the body."""
    text = json.dumps(body, ensure_ascii=False).replace('"', '\\"')
    said = f" -H 'Content-Type: application/json' -d \"{text}\"" if body else " -X POST"
    return f'curl -sS "{url}" -H @{header} -H "{A_NEW_KEY}"{said}'
