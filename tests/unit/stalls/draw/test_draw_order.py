"""Sentences about the place in line and the seed: a stranger makes both again in her own shell."""

import subprocess

import pytest

from services.stalls.draw.order import key, line_up
from services.stalls.draw.seed import (
    FORMAT,
    NONCE,
    RULES,
    RULES_DIGEST,
    PublicValueNotPlain,
    as_cell,
    commitment,
    is_cell,
    plain,
    seed,
)
from tests.unit.stalls.draw.instances import SEED, group

INPUTS, PLAN = "1" * 64, "2" * 64
NIFTY = "Nifty 50: 24,315.95 (22-11-2026)"


def in_a_shell(script: str, *arguments: str) -> str:
    return subprocess.run(
        ["/bin/sh", "-c", script, "sh", *arguments], capture_output=True, text=True, check=True
    ).stdout


def test_the_lot_is_what_one_line_of_sha256sum_shows() -> None:
    shown = in_a_shell('printf \'%s:%s\' "$1" "$2" | sha256sum', SEED, "0000000000000042")
    assert key(SEED, group(42, tier=3)) == (3, shown.split()[0], "0000000000000042")


def test_the_line_is_by_tier_then_lot_then_ticket() -> None:
    line = line_up(SEED, [group(number, tier=number % 3) for number in range(1, 40)])
    assert [applicant.tier for applicant in line] == sorted(applicant.tier for applicant in line)
    lots = [key(SEED, applicant)[1] for applicant in line if applicant.tier == 1]
    assert lots == sorted(lots)


def test_another_seed_is_another_line() -> None:
    people = [group(number) for number in range(1, 40)]
    assert line_up(SEED, people) != line_up("0" * 64, people)


def test_the_seed_is_what_printf_and_sha256sum_make_of_its_parts() -> None:
    script = (
        'value=$(printf "%s" "$4" | tr -dc "A-Za-z0-9" | tr a-z A-Z | sha256sum | cut -d" " -f1); '
        'printf "%s\\n%s\\n%s\\n%s\\n%s\\n%s" BACHATHAAT/1 "$1" "$2" "$3" "$value" "$5" | sha256sum'
    )
    shown = in_a_shell(script, INPUTS, PLAN, RULES_DIGEST, NIFTY, "a nonce of 2026")
    assert seed(INPUTS, PLAN, RULES_DIGEST, NIFTY, ["a nonce of 2026"]) == shown.split()[0]
    assert FORMAT == "BACHATHAAT/1"


def test_every_part_moves_the_seed() -> None:
    made = {
        seed(INPUTS, PLAN, RULES_DIGEST, NIFTY, ["nonce"]),
        seed("3" * 64, PLAN, RULES_DIGEST, NIFTY, ["nonce"]),
        seed(INPUTS, "4" * 64, RULES_DIGEST, NIFTY, ["nonce"]),
        seed(INPUTS, PLAN, "5" * 64, NIFTY, ["nonce"]),
        seed(INPUTS, PLAN, RULES_DIGEST, "NIFTY 50: 26,068.16", ["nonce"]),
        seed(INPUTS, PLAN, RULES_DIGEST, NIFTY, ["nonce", "of another"]),
    }
    assert len(made) == 6


@pytest.mark.parametrize(
    "typed",
    [
        "3166",
        " 3  1 6,6",
        "३ १ ६ ६",
        "3\u200c1\u200d6\ufe0f6",
        "3\u034f166",
        "3166\u2800",
        "\uff13\uff11\uff16\uff16",
        "3-1/6.6",
    ],
)
def test_spellings_that_look_alike_make_one_seed(typed: str) -> None:
    assert plain(typed) == "3166"
    assert seed(INPUTS, PLAN, RULES_DIGEST, typed, ["n"]) == seed(INPUTS, PLAN, RULES_DIGEST, "3 1 6 6", ["n"])


@pytest.mark.parametrize("typed", ["", " ", "निफ्टी", "3166 \u0430", "…", "\u200c", "\u31643166"])
def test_what_could_be_written_with_another_scripts_letters_is_no_public_value(typed: str) -> None:
    with pytest.raises(PublicValueNotPlain):
        plain(typed)


def test_a_commitment_is_the_sha256_of_the_nonce() -> None:
    assert commitment("a nonce of 2026") == in_a_shell("printf '%s' 'a nonce of 2026' | sha256sum").split()[0]


def test_a_nonce_is_printable_ascii() -> None:
    assert NONCE.fullmatch("3f9c aa#1")
    assert not any(map(NONCE.fullmatch, ("", "दोन", "two\nlines", "x" * 201)))


def test_a_cell_of_the_public_file_holds_one_line_of_text() -> None:
    assert is_cell(NIFTY)
    assert is_cell("शर्\u200dयत")
    assert not any(map(is_cell, ("two\nlines", "\u0928\u093c", "tab\t", "x" * 1001, "\x1b[2J")))


def test_the_rules_are_plain_ascii_and_end_their_last_line() -> None:
    assert RULES.isascii()
    assert RULES.endswith(".\n")


@pytest.mark.parametrize("text", ["=HYPERLINK(A2)", "+91", "-1", "@SUM(1+9)"])
def test_what_a_spreadsheet_would_run_stands_in_no_cell(text: str) -> None:
    assert not is_cell(text)
    assert is_cell(as_cell(text))
    assert is_cell(f"a {text}")
