"""Proves that the outcome of a stall draw is the one its rules give: python3 check_draw.py FILE [--language en|mr|hi].

One file, the standard library of Python 3.9 or later, nothing of the program that made the draw. Exit status 0: it
holds; 1: it does not, and the first fault of each kind is named; 2: called wrongly.

What has to be shown. The rules (rules.txt in FILE) say: each group applies to her best event that has not refused her,
each event keeps whom it chooses. This program does not repeat that. It takes the outcome as it stands and proves it:

1. The line. A place in it follows from the seed and the ticket by SHA-256 alone; the seed follows from the digests of
   the inputs, the plan and the rules, the public value, and the nonces that were promised before anybody applied.
2. Stability. Take an event, its holders, and all who listed it above what they got. By its plan it must keep exactly
   its holders. Then nobody's stall should have been another's (no envy), none stays empty that somebody wanted who fits
   it (no waste), and guarantees and caps, which are lines of the plan, are kept. How a pass of the plan is worked out:
   of those who sit in a line only the number is kept, for each set of lines they may take. By Hall's theorem a group
   cannot be seated beside those before her exactly if her lines lie in a set of lines that is full of groups who may
   sit nowhere else. In this pass such a set stays full, so whoever fits only there is passed over at once.
3. No better one. There can be several stable outcomes; the draw gives the one that is best for all groups at once. In a
   better one some groups would move, each to an event she listed higher, and events would hold as many as before. Call
   heir of h whom her event keeps in addition when it has to choose without h. Where h moves, her event chooses among
   fewer than that, and such plans have the property that who is chosen among many is chosen among fewer, so it wants
   her heir too, who can only have got this or better: the heir of everybody who moves moves as well. So heirs of heirs
   would close a ring. We look for one. If there is none, there is no better outcome. (And if there is one, all in it
   could be better off and nobody wronged.) Exactly one outcome passes 2 and 3: that of the rules.
4. What each was told: stall, choice, position on waiting lists, and the counts of reasons of each refusal.
"""

# ruff: noqa: B905  zip() of Python 3.9 has no strict

from __future__ import annotations

import csv
import hashlib
import io
import os
import sys
import unicodedata
import zipfile
from array import array
from bisect import bisect_left
from datetime import datetime
from functools import lru_cache
from typing import IO, Any, Callable, Iterable, Iterator, Sequence  # noqa: UP035  Python 3.9

RULES = {  # SHA-256 of rules.txt: their version; whom an event chooses is the same in both
    "f298aca8de6fbdf95b50153c9d84d8b4cbc43959b7757149285b1b60d73d691f": 1,
    "deb00bc7b7bb414129d19f9d5c61b150083ca4dd563cfb539c75cacb12ea2a50": 2,
}
COLUMNS = {
    "applications.csv": "ticket,tier,district,block,stages,tags,categories,upgrade",
    "choices.csv": "ticket,rank,event",
    "draw.csv": "key,value",
    "events.csv": "event,stalls,note",
    "log.csv": "number,at,step,by,what,digest",
    "manifest.csv": "file,sha256",
    "outcome.csv": "place,ticket,event,stall,choice,waiting",
    "parties.csv": "party,name,commitment,nonce",
    "plan.csv": "event,line,stage,categories,fallback,tags,district,stalls",
    "refusals.csv": "place,ticket,rank,event,stalls,other_products,other_reservation,better_place,last_place",
}
TERMS = ["call", "opens_at", "closes_at", "public_source", "public_round", "public_at"]
KEYS = ["format", "run", "call", "opens_at", "closes_at", "closed_at", "public_source", "public_round", "public_at"]
KEYS += ["public_value", "published_at", "inputs_digest", "plan_digest", "rules_digest", "seed", "outcome_digest"]
FORMAT, OPEN, ANY = "bachat-haat-draw/2", "open", -1
OFFICERS = ("block_officer", "district_officer", "mission_manager", "admin")
UNREADABLE = (ValueError, KeyError, IndexError, OverflowError, OSError, EOFError, NotImplementedError, RuntimeError,
              csv.Error, zipfile.BadZipFile)  # fmt: skip
HOLDS = {
    "en": """HOLDS: {seated} of {groups} groups have one of {stalls} stalls of {events} events.
The files are those of the manifest, the rules are known (version {rules}), the {steps} steps of the log form one chain.
The seed is made of the inputs, the plan, the rules, the public value and {nonces} promised nonces.
Everybody stands in line where SHA-256 puts her ticket; stall, choice and waiting lists follow from the places.
No stall should have been another's; none is empty that somebody wanted who fits it; guarantees and caps are kept.
No other such outcome is better for anybody: there is no ring of heirs.
All {refusals} refusals give the right counts.""",
    "mr": """सोडत बरोबर आहे: {groups} पैकी {seated} गटांना {events} मैदानांवरील {stalls} स्टॉलपैकी एक मिळाला.
फाइली manifest प्रमाणे आहेत, नियम माहीत आहेत (आवृत्ती {rules}), नोंदवहीतील {steps} पायऱ्यांची साखळी अखंड आहे.
बीज अर्ज, आराखडा, नियम, सार्वजनिक आकडा आणि आधी ठसा दिलेले {nonces} गुप्त शब्द यांपासूनच बनले आहे.
प्रत्येक गट SHA-256 ने ठरणाऱ्या स्थानावर आहे; स्टॉल, पसंती आणि प्रतीक्षा यादी त्या स्थानांनुसार आहेत.
कोणाचाही स्टॉल दुसऱ्या गटाला मिळायला हवा नव्हता; मागणी असलेला, चालणारा स्टॉल रिकामा नाही; राखीव जागा आणि मर्यादा पाळल्या आहेत.
यापेक्षा कोणासाठीही चांगला असा दुसरा निकाल नाही.
नकारांच्या सर्व {refusals} नोंदींतील आकडे बरोबर आहेत.""",
    "hi": """लॉटरी सही है: {groups} में से {seated} समूहों को {events} मैदानों के {stalls} स्टॉल में से एक मिला।
फ़ाइलें manifest के अनुसार हैं, नियम ज्ञात हैं (संस्करण {rules}), लेखे के {steps} चरणों की कड़ी अटूट है।
बीज आवेदनों, योजना, नियमों, सार्वजनिक अंक और पहले से छाप दिए गए {nonces} गुप्त शब्दों से ही बना है।
हर समूह SHA-256 से तय स्थान पर है; स्टॉल, पसंद और प्रतीक्षा सूची उन्हीं स्थानों से निकलती हैं।
किसी का स्टॉल किसी और समूह को नहीं मिलना चाहिए था; माँगा गया और चलने वाला कोई स्टॉल खाली नहीं; आरक्षण और सीमाएँ मानी गई हैं।
इससे किसी के लिए भी बेहतर दूसरा परिणाम नहीं है।
मनाही की सभी {refusals} प्रविष्टियों की गिनती सही है।""",
}
DRY = {
    "en": "REHEARSAL: there is no public value, and nobody gets anything by it.",
    "mr": "ही रंगीत तालीम आहे: सार्वजनिक आकडा नाही, आणि यातून कोणालाही काही मिळत नाही.",
    "hi": "यह पूर्वाभ्यास है: सार्वजनिक अंक नहीं है, और इससे किसी को कुछ नहीं मिलता।",
}
FORMER = {
    "en": "BUT these are earlier rules (version 1), which ask for no whole log: who fixed the seed is not proven here.",
    "mr": "पण हे आधीचे नियम (आवृत्ती 1) आहेत; त्यांत पूर्ण नोंदवही लागत नाही: बीज कोणी ठरवले हे येथे सिद्ध होत नाही.",
    "hi": "लेकिन ये पहले के नियम (संस्करण 1) हैं, जिनमें पूरा लेखा नहीं चाहिए: बीज किसने तय किया, यह यहाँ सिद्ध नहीं होता।",
}
ALONE = {
    "en": "BUT no promised nonce went into the seed: it hangs on the public value alone.",
    "mr": "पण बीजात आधी जाहीर केलेला एकही गुप्त शब्द नाही: ते केवळ सार्वजनिक आकड्यावर अवलंबून आहे.",
    "hi": "लेकिन बीज में पहले से घोषित कोई गुप्त शब्द नहीं है: वह केवल सार्वजनिक अंक पर निर्भर है।",
}
FAILS = {
    "en": "DOES NOT HOLD. The first fault of each kind:",
    "mr": "सोडत बरोबर नाही. प्रत्येक प्रकारची पहिली चूक:",
    "hi": "लॉटरी सही नहीं है। हर प्रकार की पहली गलती:",
}


class Faults:
    """Of each kind the first in words, and how many there are."""

    def __init__(self) -> None:
        self.first: dict[str, str] = {}
        self.count: dict[str, int] = {}

    def add(self, kind: str, sentence: str) -> None:
        self.first.setdefault(kind, sentence)
        self.count[kind] = self.count.get(kind, 0) + 1

    def same(self, kind: str, where: str, found: object, right: object) -> None:
        if found != right:
            self.add(kind, f"{where}: there stands {found!r}, right is {right!r}")

    def sentences(self) -> list[str]:
        more = {kind: f" (and {count - 1:,} more like it)" if count > 1 else "" for kind, count in self.count.items()}
        return [f"{kind}: {sentence}{more[kind]}" for kind, sentence in self.first.items()]


class Files:
    """The zip; `at` is the file and row read last. Rows count from 1, the columns' names not counted."""

    def __init__(self, path: str | IO[bytes]) -> None:
        self.at = "the zip"
        self.zip = zipfile.ZipFile(path)
        entries = self.zip.infolist()
        if any(entry.compress_type for entry in entries):
            raise ValueError("its files are compressed; those of a draw are stored as they are: download it again")
        names = sum(len(entry.filename.encode()) for entry in entries)
        end = self.zip.fp.seek(0, 2) if self.zip.fp else 0
        if end != 22 + sum(entry.file_size for entry in entries) + 76 * len(entries) + 2 * names:
            raise ValueError("something else stands before, between or behind its files")

    def sha256(self, name: str) -> str:
        self.at, made = name, hashlib.sha256()
        with self.zip.open(name) as file:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                made.update(chunk)
        return made.hexdigest()

    def rows(self, name: str) -> Iterator[list[str]]:
        self.at = name
        with io.TextIOWrapper(self.zip.open(name), "utf-8", newline="") as text:
            reader = csv.reader(whole_lines(text), strict=True)
            columns = ",".join(next(reader, []))
            if columns not in (COLUMNS[name], COLUMNS[name].replace(",upgrade", "")):
                raise ValueError(f"its columns are not {COLUMNS[name]}")
            width = columns.count(",") + 1
            for at, row in enumerate(reader, 1):
                self.at = f"{name}, row {at}"
                if len(row) != width:
                    raise ValueError(f"{len(row)} cells instead of {width}")
                yield row


def whole_lines(text: Iterable[str]) -> Iterator[str]:
    """Each ends in a line feed alone."""
    for line in text:
        if line[-1:] != "\n" or line[-2:-1] == "\r":
            raise ValueError("a line does not end in a line feed alone")
        yield line


def number(cell: str) -> int:
    """Not negative, and written in the one way."""
    value = int(cell)
    if value < 0 or str(value) != cell:
        raise ValueError(cell)
    return value


def sha256(*lines: object) -> str:
    return hashlib.sha256("\n".join(map(str, lines)).encode()).hexdigest()


def plain(public_value: str) -> str:
    """What counts of it: digits and Latin letters, as ASCII digits and capitals."""
    spelled = unicodedata.normalize("NFKC", public_value).upper()
    counted = "".join(str(unicodedata.decimal(letter, letter)) for letter in spelled if letter.isalnum())
    if not counted or any(letter > "~" for letter in counted):
        raise ValueError("a public value is made of digits and Latin letters")
    return counted


def due(said: dict[str, Any]) -> str:
    """The announced hour; where the call was closed only then or later, as long after the close as was announced."""
    if said["closed_at"] < said["public_at"]:
        return str(said["public_at"])
    closes, public, closed = (
        datetime.strptime(said[key], "%Y-%m-%dT%H:%M:%S.%f%z") for key in ("closes_at", "public_at", "closed_at")
    )
    put_off = closed.replace(microsecond=0) + (public - closes)
    return put_off.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def check_parties(parties: list[list[str]], faults: Faults) -> None:
    """Each kept her promise, which was her own."""
    for at, (party, _, promised, nonce) in enumerate(parties, 1):
        faults.same("parties", f"parties.csv, row {at}, party", party, str(at))
        if nonce:
            faults.same("promise", f"parties.csv, row {at}, commitment", promised, sha256(nonce))
            if not all(" " <= letter <= "~" for letter in nonce):
                faults.add("promise", f"parties.csv, row {at}, nonce: not printable ASCII")
        if promised in [other for _, _, other, _ in parties[: at - 1]]:
            faults.add("promise", f"parties.csv, row {at}, commitment: another party has it too")


def check_claims(files: Files, faults: Faults) -> dict[str, Any]:
    """Manifest, digests, promises and seed. What draw.csv says, and what there is to tell of the rest."""
    names = sorted({*COLUMNS, "rules.txt"} - {"manifest.csv"})
    faults.same("files", "the zip", sorted(files.zip.namelist()), sorted([*names, "manifest.csv"]))
    digests = {name: files.sha256(name) for name in names}
    manifest = [tuple(row) for row in files.rows("manifest.csv")]
    faults.same("manifest", "manifest.csv", [name for name, _ in manifest], names)
    for at, (name, said_digest) in enumerate(manifest, 1):
        faults.same("manifest", f"manifest.csv, row {at}, {name}", said_digest, digests.get(name))
    told = [(key, value) for key, value in files.rows("draw.csv")]
    faults.same("draw.csv", "draw.csv, keys", [key for key, _ in told], KEYS)
    said: dict[str, Any] = {**dict.fromkeys(KEYS, ""), **dict(told)}
    faults.same("format", "draw.csv, format", said["format"], FORMAT)
    said["rules"] = RULES.get(digests["rules.txt"])
    if said["rules"] is None or said["run"] not in ("final", "dry"):
        faults.add("rules", "rules.txt or draw.csv, run: these are not rules that this program knows")
    parts = {"inputs": ("applications.csv", "choices.csv"), "plan": ("events.csv", "plan.csv"),
             "outcome": ("outcome.csv", "refusals.csv")}  # fmt: skip
    root = {part: sha256("".join(f"{name},{digests[name]}\n" for name in parts[part])) for part in parts}
    for part, right in (*root.items(), ("rules", digests["rules.txt"])):
        faults.same("digest", f"draw.csv, {part}_digest", said[f"{part}_digest"], right)
    parties = list(files.rows("parties.csv"))
    check_parties(parties, faults)
    nonces = [nonce for _, _, _, nonce in parties if nonce]
    seed = sha256("BACHATHAAT/1 dry", root["inputs"], root["plan"], said["public_source"])
    if said["run"] == "final":
        public = sha256(plain(said["public_value"]))
        seed = sha256("BACHATHAAT/1", root["inputs"], root["plan"], digests["rules.txt"], public, *nonces)
        if not said["closes_at"] < said["public_at"] <= due(said) <= said["published_at"]:
            faults.add("time", "draw.csv: the public value was not to be, or was not, published after the close")
    faults.same("seed", "draw.csv, seed", said["seed"], seed)
    said["nonces"], said["steps"] = len(nonces), check_log(list(files.rows("log.csv")), said, parties, faults)
    return said


def check_log(log: list[list[str]], said: dict[str, Any], parties: list[list[str]], faults: Faults) -> int:
    """Each step's digest goes over the one before; each step says what stands elsewhere in the file."""
    before = "0" * 64
    for at, (count, instant, step, by, what, digest) in enumerate(log, 1):
        faults.same("log", f"log.csv, row {at}, number", count, str(at))
        faults.same("log", f"log.csv, row {at}, digest", digest, sha256(before, count, instant, step, by, what))
        before = digest
    terms = [said[key] for key in TERMS]
    value = sha256(said["published_at"], said["public_value"])
    struck = " ".join(party for party, _, _, nonce in parties if not nonce)
    right = [
        ("opened", sha256(*terms, *(f"{promised} {name}" for _, name, promised, _ in parties))),
        ("closed", f"{said['inputs_digest']} {said['plan_digest']} {said['rules_digest']}"),
        *sorted(("nonce_opened", f"{party} {promised}") for party, _, promised, nonce in parties if nonce),
        *([("nonces_struck", struck)] if struck else []),
        *(("value_named", value), ("confirmed", value), ("drawn", f"{said['seed']} {said['outcome_digest']}")),
    ]
    named = ("value_named", "confirmed")  # before the value may stand the round
    found = [(step, what.rpartition(" ")[2] if step in named else what) for _, _, step, _, what, _ in log]
    twice = [named[0]] * 2  # who named a value may name another until it is confirmed: the last one counts
    found = [one for at, one in enumerate(found) if [step for step, _ in found[at : at + 2]] != twice]
    opened = [at for at, (step, _) in enumerate(found) if step == "nonce_opened"]
    found[min(opened, default=0) : max(opened, default=-1) + 1] = sorted(found[at] for at in opened)
    if said["run"] == "final" and said["rules"] == max(RULES.values()):
        faults.same("steps", "log.csv, step and what", found, right)
        if not all(said["closed_at"] <= log[at][1] < due(said) for at in opened):
            faults.add("steps", "log.csv, nonce_opened: not between the close and the hour of the public value")
        check_hours(log, said, faults)
    elif wrong := [step for step in found if step not in right]:  # a rehearsal, or of before there was a log
        faults.add("steps", f"log.csv: {wrong[0]} does not fit the rest of the file")
    check_officers(log, said, faults)
    return len(log)


def check_hours(log: list[list[str]], said: dict[str, Any], faults: Faults) -> None:
    """What was promised before the close, in the order of time; who kept silent, could have spoken until the hour."""
    instants = [(row[1], row[2]) for row in log]
    for at, (instant, step) in enumerate(instants[1:], 2):
        if instant < instants[at - 2][0]:
            faults.add("time", f"log.csv, row {at}: {step} is earlier than the step before")
    for at, (instant, step) in enumerate(instants, 1):
        if step == "opened" and not instant < said["closes_at"] < said["closed_at"] > said["opens_at"]:
            faults.add("time", f"log.csv, row {at}: the call was not opened before its close, or was closed too early")
        if step == "nonces_struck" and instant < due(said):
            faults.add("time", f"log.csv, row {at}: nonces are struck out before their hour is over")


def check_officers(log: list[list[str]], said: dict[str, Any], faults: Faults) -> None:
    """Two of them, and none chose among rounds: the one announced, or a later one where all was fixed too late."""
    by: dict[str, str] = {}
    for at, (_, _, step, who, what, _) in enumerate(log, 1):
        if step not in ("value_named", "confirmed"):
            continue
        by[step], used = who, what.rpartition(" ")[0]
        if who.split()[0] not in OFFICERS:
            faults.add("officers", f"log.csv, row {at}: {who} is no officer")
        later = said["closed_at"] >= said["public_at"] and used and number(used) >= number(said["public_round"] or "0")
        corrected = step == "value_named" == [*[row[2] for row in log], ""][at]
        if used != said["public_round"] and not later and not corrected:
            faults.add("round", f"log.csv, row {at}: round {used or '-'}, announced was {said['public_round'] or '-'}")
    if "confirmed" in by and by.get("value_named", "").split()[-1:] == by["confirmed"].split()[-1:]:
        faults.add("officers", "log.csv: one person named the public value and confirmed it")


Tell = Callable[[str, int, int], None]
Pass = tuple[int, list[int], list[tuple[int, int]]]
"""Which of the plan's passes, how many stalls of each line it gives, to whom: places, lines (bits) they may take."""


class Draw:
    """Inputs, plan and outcome. Events have the index of their row, groups that of their place; places count from 0."""

    def __init__(self, files: Files, said: dict[str, Any], faults: Faults) -> None:
        self.faults, self.bits, self.masks = faults, dict[str, int](), dict[str, int]()
        self.numbers, self.plans, self.counts = list[int](), list[int](), list[list[int]]()
        self.kinds: dict[Any, int] = {}  # all there is to know of lines without their counts, or of a group: its number
        self.alike: list[Any] = []  # …and back
        self.read_plan(files)
        self.read_applications(files, said["seed"])
        self.reach = lru_cache(1 << 18)(self._reach)

    def mask(self, words: str) -> int:
        """A bit for each word."""
        if words not in self.masks:
            new = (self.bits.setdefault(word, 1 << len(self.bits)) for word in set(words.split()))
            self.masks[words] = ANY if words == "*" else sum(new)
        return self.masks[words]

    def kind(self, what: Any) -> int:
        if what not in self.kinds:
            self.kinds[what] = len(self.alike)
            self.alike.append(what)
        return self.kinds[what]

    def read_plan(self, files: Files) -> None:
        lines: dict[str, list[Any]] = {}
        for event, line, stage, takes, fallback, tags, district, stalls in files.rows("plan.csv"):
            asked = (self.mask(stage), self.mask(takes), self.mask(fallback), self.mask(tags), district)
            listed = lines.setdefault(event, [])
            listed.append((asked, number(stalls)))
            if number(line) != len(listed):
                raise ValueError("its lines do not follow each other")
        for event, stalls, _ in files.rows("events.csv"):
            listed = lines.pop(event, [])
            if self.numbers and number(event) <= self.numbers[-1]:
                raise ValueError("an event is there twice, or out of order")
            if number(stalls) != sum(count for _, count in listed):
                raise ValueError(f"its lines in plan.csv do not give {stalls} stalls")
            self.numbers.append(number(event))
            self.plans.append(self.kind(tuple(asked for asked, _ in listed)))
            self.counts.append([count for _, count in listed])
        if lines:
            raise ValueError(f"plan.csv has lines of event {min(lines)}, which is not here")

    def read_applications(self, files: Files, seed: str) -> None:
        """Everybody by place, with her choices."""
        keys, kinds = list[bytes](), array("l")
        lot = hashlib.sha256(f"{seed}:".encode("ascii"))
        for row in files.rows("applications.csv"):
            ticket, tier = row[0].encode("ascii"), number(row[1])
            if keys and ticket <= keys[-1][33:]:
                raise ValueError("a ticket is there twice, or out of order")
            made = lot.copy()
            made.update(ticket)
            keys.append(bytes([tier]) + made.digest() + ticket)
            kinds.append(self.kind((row[2], self.mask(row[4]), self.mask(row[5]), self.mask(row[6]))))
        start, events, index = array("l"), array("l"), {event: at for at, event in enumerate(self.numbers)}
        listed = set[int]()
        for asking, rank, event in files.rows("choices.csv"):
            if rank == "1":
                start.append(len(events))
                listed.clear()
            if asking.encode("ascii") != keys[len(start) - 1][33:] or number(rank) != len(events) - start[-1] + 1:
                raise ValueError("not the next choice of the next applicant")
            events.append(index[number(event)])
            listed.add(events[-1])
            if len(listed) != len(events) - start[-1]:
                raise ValueError("an event is there twice")
        start.append(len(events))
        if len(start) != len(keys) + 1:
            raise ValueError("somebody has no choices")
        line = sorted(range(len(keys)), key=keys.__getitem__)
        self.tickets = [keys[who][33:].decode("ascii") for who in line]
        self.like = array("l", (kinds[who] for who in line))
        self.choices = [events[start[who] : start[who + 1]] for who in line]

    def read_outcome(self, files: Files) -> None:
        """Who holds what and who was refused, as outcome.csv says; stall numbers and waiting lists with it."""
        events, faults = len(self.numbers), self.faults
        self.got = array("l")  # by place: which of her choices, from 0; -1 for none
        self.holders = [array("l") for _ in range(events)]
        self.refused = [array("l") for _ in range(events)]  # numbers of refusals, by place
        self.refusals = array("l")  # by place and rank: whose
        waiting = [0] * events
        for place, row in enumerate(files.rows("outcome.csv")):
            ticket, wanted = self.tickets[place], self.choices[place]
            got = number(row[4]) - 1 if row[4] else -1
            stall, queue = "", []
            if got >= 0:
                self.holders[wanted[got]].append(place)
                stall = str(len(self.holders[wanted[got]]))
            for at in wanted[: got if got >= 0 else None]:
                self.refused[at].append(len(self.refusals))
                self.refusals.append(place)
            for at in wanted if got < 0 else ():
                if self.counts[at]:
                    waiting[at] += 1
                    queue.append(f"{self.numbers[at]}:{waiting[at]}")
            event = str(self.numbers[wanted[got]]) if got >= 0 else ""
            right = [str(place + 1), ticket, event, stall, str(got + 1) if event else "", " ".join(queue)]
            for column, found, expected in zip(COLUMNS["outcome.csv"].split(","), row, right) if row != right else ():
                faults.same(column, f"outcome.csv, row {place + 1}, ticket {ticket}, {column}", found, expected)
            self.got.append(got)
        faults.same("rows", "outcome.csv, rows", len(self.got), len(self.tickets))

    def _reach(self, plan: int, who: int) -> tuple[int, ...]:
        """Which lines somebody may take, as bits: for each pass of the plan; at last those whose products take hers."""
        lines, (district, stages, tags, sells) = self.alike[plan], self.alike[who]
        first = self.mask(OPEN)
        stages |= first
        fits = [not sells & ~takes for _, takes, _, _, _ in lines]
        passes = []
        for stage in dict.fromkeys([first, *(line[0] for line in lines)]):
            fill = [line[0] == stage and stage & stages and fits[at] for at, line in enumerate(lines)]
            kept = [ok and (lines[at][3] & tags or lines[at][4] == district) for at, ok in enumerate(fill)]
            passes += [bits_of(kept), bits_of(fill)]
        return (*passes, bits_of([not sells & ~line[2] for line in lines]), bits_of(fits))

    def chosen(self, event: int, competing: Sequence[int]) -> list[Pass]:
        """What the event's plan gives to whom of these places, pass by pass."""
        free, passes, lines = list(self.counts[event]), [], bits_of(self.counts[event])
        left = [(place, self.reach(self.plans[event], self.like[place])) for place in competing]
        for step in range(len(left[0][1]) - 1 if left else 0):
            wants = [may[step] & lines for _, may in left]
            if any(wants):
                seating = Seating(free)
                seated = {at for at, want in enumerate(wants) if want and seating.seats(want)}
                seating.prefer_first_lines()
                passes.append((step, seating.used, [(left[at][0], wants[at]) for at in sorted(seated)]))
                left = [one for at, one in enumerate(left) if at not in seated]
                free = [count - used for count, used in zip(free, seating.used)]
                lines = bits_of(free)
        return passes


def bits_of(flags: Sequence[Any]) -> int:
    return sum(1 << at for at, flag in enumerate(flags) if flag)


@lru_cache(1 << 16)
def lines_of(bits: int) -> tuple[int, ...]:
    return tuple(at for at in range(bits.bit_length()) if bits >> at & 1)


class Seating:
    """One pass: how many sit in each line, for each set of lines (bits) that they may take."""

    def __init__(self, free: Sequence[int]) -> None:
        self.free, self.used = free, [0] * len(free)
        self.sitting = [dict[int, int]() for _ in free]
        self.full = 0  # lines full of those who may sit nowhere else

    def move(self, who: int, source: int | None, target: int) -> None:
        if source is not None:
            self.sitting[source][who] -= 1
            if not self.sitting[source][who]:
                del self.sitting[source][who]
        self.sitting[target][who] = self.sitting[target].get(who, 0) + 1

    def seats(self, want: int) -> bool:
        """Whether she has a stall beside all before her, who may move to make room."""
        seen = self.full | want
        looked_at, cause = list(lines_of(want & ~self.full)), dict[int, tuple[int, int]]()
        for line in looked_at:
            if self.used[line] < self.free[line]:
                self.used[line] += 1
                while line in cause:
                    source, who = cause[line]
                    self.move(who, source, line)
                    line = source  # noqa: PLW2901
                self.move(want, None, line)
                return True
            for who in self.sitting[line]:
                for further in lines_of(who & ~seen):
                    seen |= 1 << further
                    cause[further] = line, who
                    looked_at.append(further)
        self.full = seen
        return False

    def prefer_first_lines(self) -> None:
        """The stalls given out are those that come first in the plan, as far as the same groups can fill them."""
        for line, free in enumerate(self.free):
            while self.used[line] < free and any(self.used[line + 1 :]) and self.draws_from_later(line):
                pass

    def draws_from_later(self, line: int) -> bool:
        targets, cause = [line], dict[int, tuple[int, int]]()
        for target in targets:
            for source, groups in enumerate(self.sitting):
                who = next((who for who in groups if who >> target & 1), 0)
                if not who or source in cause or source == line:
                    continue
                cause[source] = target, who
                targets.append(source)
                if source > line:
                    self.used[source] -= 1
                    self.used[line] += 1
                    while source != line:
                        target, who = cause[source]  # noqa: PLW2901
                        self.move(who, source, target)
                        source = target  # noqa: PLW2901
                    return True
        return False


def check_events(draw: Draw, tell: Tell) -> list[array[int]]:
    """Every event keeps exactly its holders. For each refusal of outcome.csv the counts of its reasons."""
    reasons = [array("l", [0]) * len(draw.refusals) for _ in range(5)]
    for event, holders in enumerate(draw.holders):
        if not event % 500:
            tell("check", event, len(draw.holders))
        refused = [draw.refusals[at] for at in draw.refused[event]]
        passes = draw.chosen(event, sorted([*holders, *refused]))
        check_holders(draw, event, holders, sorted(place for _, _, seated in passes for place, _ in seated))
        known: dict[Any, Any] = {}
        for at, place in zip(draw.refused[event], refused):
            may = draw.reach(draw.plans[event], draw.like[place])
            if may not in known:
                known[may] = reason(draw.counts[event], passes, may)
            *counts, rivals = known[may]
            before = bisect_left(rivals, place)
            for column, count in zip(reasons, (*counts, rivals[before - 1] + 1 if counts[3] and before else 0)):
                column[at] = count
    return reasons


def check_holders(draw: Draw, event: int, holders: Sequence[int], kept: Sequence[int]) -> None:
    gain, lose = sorted({*kept} - {*holders}), sorted({*holders} - {*kept})
    she, other = (f"ticket {draw.tickets[who[0]]} (place {who[0] + 1})" if who else "" for who in (gain, lose))
    where = f"outcome.csv, row {(lose or gain or [0])[0] + 1}, event {draw.numbers[event]}"
    if gain and lose:
        draw.faults.add("envy", f"{where}: {she} should have the stall of {other}")
    elif gain:
        draw.faults.add("waste", f"{where}: a stall stays empty that {she} wanted and fits")
    elif lose:
        draw.faults.add("cap or guarantee", f"{where}: by the plan there is no stall for {other} beside the others")


def reason(counts: Sequence[int], passes: Sequence[Pass], may: tuple[int, ...]) -> tuple[Any, ...]:
    """Why one who may take these lines got none: all stalls, then as columns; last who got what she might have had."""
    left, rivals = list(counts), list[int]()
    for step, used, seated in passes:
        mine = may[step] & bits_of(used)
        for line in lines_of(mine):
            left[line] -= used[line]
        rivals += [place for place, want in seated if want & mine]
    reserved = sum(left[line] for line in lines_of(may[-1]))
    return sum(counts), sum(left) - reserved, reserved, sum(counts) - sum(left), sorted(rivals)


def check_refusals(draw: Draw, files: Files, reasons: Sequence[array[int]]) -> None:
    rank, rows = 0, -1
    for rows, row in enumerate(files.rows("refusals.csv")):
        place = draw.refusals[rows]
        rank = rank + 1 if rows and place == draw.refusals[rows - 1] else 1
        ticket, event = draw.tickets[place], draw.numbers[draw.choices[place][rank - 1]]
        right = [str(cell) for cell in (place + 1, ticket, rank, event, *(column[rows] for column in reasons))]
        right[-1] = "" if right[-1] == "0" else right[-1]
        for column, found, expected in zip(COLUMNS["refusals.csv"].split(","), row, right) if row != right else ():
            draw.faults.same(f"refusal, {column}", f"refusals.csv, row {rows + 1}, ticket {ticket}", found, expected)
    draw.faults.same("rows", "refusals.csv, rows", rows + 1, len(draw.refusals))


def heirs(draw: Draw, event: int, leavers: set[int]) -> set[int]:
    """Whom the event keeps in addition when it chooses without these."""
    wanting = [*draw.holders[event], *(draw.refusals[at] for at in draw.refused[event])]
    passes = draw.chosen(event, sorted({*wanting} - leavers))
    return {place for _, _, seated in passes for place, _ in seated}.difference(draw.holders[event])


def check_best(draw: Draw) -> None:
    """No ring of heirs. Many leavers at once first: who is nobody's heir then is no single leaver's heir either."""
    movers, before = {place for place, got in enumerate(draw.got) if got > 0}, -1
    events = list(range(len(draw.holders)))
    while len(movers) != before:
        before, staying, coming = len(movers), set[int](), set[int]()
        wanted = [at for at in events if not movers.isdisjoint(draw.refusals[one] for one in draw.refused[at])]
        events = [at for at in wanted if not movers.isdisjoint(draw.holders[at])]
        for event in events:
            leavers = movers.intersection(draw.holders[event])
            found = heirs(draw, event, leavers) & movers
            staying |= set() if found else leavers
            coming |= found
        at_work = {*events}
        movers = {mover for mover in movers & coming - staying if draw.choices[mover][draw.got[mover]] in at_work}
    heir = {place: max(heirs(draw, draw.choices[place][draw.got[place]], {place}), default=-1) for place in movers}
    for place in movers:
        seen, at = set[int](), place
        while at in heir and at not in seen:
            seen.add(at)
            at = heir[at]
        if at in seen:
            first, second = draw.tickets[at], draw.tickets[heir[at]]
            draw.faults.add(
                "not the best", f"outcome.csv, row {at + 1}: {first} leaves her stall to {second}, and so on in a ring"
            )
            return


def checked(path: str | IO[bytes], tell: Tell) -> tuple[list[str], dict[str, Any]]:
    """Faults in sentences, none where it holds; and what there is to say about it. `tell`: stage, done, of how many."""
    faults, said, files = Faults(), dict[str, Any](), None
    try:
        tell("read", 0, 1)
        files = Files(path)
        said = check_claims(files, faults)
        draw = Draw(files, said, faults)
        draw.read_outcome(files)
        if "ticket" not in faults.first and len(draw.got) == len(draw.tickets):
            check_refusals(draw, files, check_events(draw, tell))
            if not {"envy", "waste", "cap or guarantee"} & {*faults.first}:
                check_best(draw)
        said.update(groups=len(draw.tickets), seated=sum(map(len, draw.holders)), events=len(draw.numbers))
        said.update(stalls=sum(map(sum, draw.counts)), refusals=len(draw.refusals))
    except UNREADABLE as error:
        faults.add("unreadable", f"{files.at if files else path}: {str(error) or type(error).__name__}")
    return faults.sentences(), said


def check(path: str | IO[bytes]) -> list[str]:
    """The first fault of each kind in a sentence; nothing where the draw holds."""
    return checked(path, nobody)[0]


def verdict(path: str, language: str, tell: Tell) -> tuple[int, list[str]]:
    """Exit status and what to print."""
    faults, said = checked(path, tell)
    lines = [FAILS[language], *faults] if faults else HOLDS[language].format(**said).splitlines()
    if not faults and said["run"] == "final":
        lines += [FORMER[language]] * (said["rules"] != max(RULES.values())) + [ALONE[language]] * (not said["nonces"])
    return (1 if faults else 0), [DRY[language]] * (said.get("run") == "dry") + lines


def nobody(_stage: str, _done: int, _total: int) -> None:
    """Nobody is told how far it is."""


def terminal(stage: str, done: int, total: int) -> None:
    print(f"\r{stage} {done:,}/{total:,} ", end="", file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """What could move the cursor of a terminal stands as an escape; joiners stay."""
    return "".join(one if one.isprintable() or one in "\u200c\u200d" else ascii(one)[1:-1] for one in text)


def main(arguments: Sequence[str]) -> int:
    """0 holds, 1 not, 2 wrong usage."""
    *paths, option, language = arguments if "--language" in arguments else [*arguments, "--language", "en"]
    missing = len(paths) == 1 and not os.path.isfile(paths[0])  # noqa: PTH113
    if len(paths) != 1 or option != "--language" or language not in HOLDS or missing:
        lines = [printable(f"{paths[0]}: no such file")] if missing else []
        print(*lines, (__doc__ or "").partition("\n\n")[0], sep="\n", file=sys.stderr)
        return 2
    status, lines = verdict(paths[0], language, terminal if sys.stderr.isatty() else nobody)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every terminal knows Devanagari
    print("\n".join(map(printable, lines)))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
