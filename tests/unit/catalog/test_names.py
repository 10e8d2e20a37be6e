"""How names sound: one key however a word is spelt, measured on the seed's real words and usual slips."""

import random
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from services.catalog.names.domain import both, keys, pairs, sound, telling, whole
from services.catalog.searches.domain import Meant, Reach, Vocabulary, ranked, vocabulary
from shared.localized import Localized

TABLE = tomllib.loads((Path(__file__).parents[3] / "tools" / "seed" / "names.toml").read_text("utf-8"))
WORDS: list[list[str]] = TABLE["words"]
"""Each in Marathi, Hindi and Latin letters."""
ALIKE = (
    ("Savitribai", "सावित्रीबाई", "Sawitri Bai", "सावित्री बाई", "Sāvitrībāī", "સાવિત્રીબાઈ", "సావిత్రీబాయి", "ಸಾವಿತ್ರಿಬಾಯಿ"),
    ("ज्ञानेश्वरी", "Dnyaneshwari", "Gyaneshwari", "Dnyaneshvaree", "Jnaneshwari"),
    ("लक्ष्मी", "Lakshmi", "Laxmi", "Laxmee", "Lakshmee"),
    ("कृष्णा", "Krishna", "Krushna", "Krishnaa"),
    ("जयश्री", "Jayashri", "Jaishri", "Jayashree"),
    ("गौरी", "Gauri", "Gowri", "Gouri"),
    ("जिजाऊ", "Jijau", "Jijao", "Jeejau"),
    ("संभाजी", "Sambhaji", "Sanbhaji", "सम्भाजी"),
    ("समृद्धी", "समृद्धि", "Samruddhi", "Samriddhi", "Samrudhi"),
    ("पूजा", "Pooja", "Puja"),
    ("शीतल", "Shital", "Sheetal"),
    ("विद्या", "Vidya", "Vidhya"),
    ("स्वाती", "Swati", "Svati", "Swaatee"),
    ("अंबिका", "अम्बिका", "Ambika", "Anbika"),
    ("रजनी", "Rajni", "Rajani"),
    ("पूर्णिमा", "Purnima", "Poornima"),
    ("माळेगाव", "Malegaon", "Malegav", "Malegaw", "Malegaum", "मालेगाँव", "मालेगांव"),
    ("गावकर", "Gaonkar", "Gavkar"),
    ("गवळी", "Gaoli", "Gavli", "Gawali"),
    ("गावदेवी", "Gaodevi", "Gaondevi", "Gavdevi"),
    ("गोमती", "Gomti", "Gaumti"),
    ("गौतमी", "Gautami", "Gaotami"),
)
APART = (
    "सरस्वती",
    "सावित्री",
    "शारदा",
    "मीना",
    "नीना",
    "देवी",
    "दिव्या",
    "आशा",
    "उषा",
    "एकता",
    "समता",
    "कमल",
    "प्रगती",
    "प्रेरणा",
    "गावकरी",
    "गौरी",
    "गौण",
    "गौरव",
    "गोमाता",
    "लगन",
)
HABITS = (
    *(
        ("sh", "s"),
        ("w", "v"),
        ("v", "w"),
        ("ee", "i"),
        ("i", "ee"),
        ("u", "oo"),
        ("a", "aa"),
        ("th", "t"),
        ("t", "th"),
    ),
    *(("ksh", "x"), ("bh", "b"), ("dh", "d"), ("n", "nn"), ("au", "ou"), ("j", "z")),
)
"""How people write the same sound in Latin letters."""


def habits(word: str) -> Iterator[str]:
    for one, other in HABITS:
        if one in word.lower()[1:]:
            yield word[0] + word[1:].replace(one, other, 1)


def slips(word: str, chance: random.Random) -> Iterator[str]:
    """A letter left out, doubled, or two in each other's place, behind the first."""
    at = chance.randrange(1, max(2, len(word) - 1))
    yield word[:at] + word[at + 1 :]
    yield word[:at] + word[at] + word[at:]
    yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda spellings: spellings[0])
def test_the_spellings_of_a_name_have_one_key(spellings: tuple[str, ...]) -> None:
    assert {sound(spelling) for spelling in spellings} == {sound(spellings[0])}


def test_different_names_have_different_keys() -> None:
    assert len({sound(name) for name in APART}) == len(APART)


def test_marathi_hindi_and_latin_spellings_of_the_seeds_words_meet() -> None:
    same = [sound(latin) in {sound(marathi), sound(hindi)} for marathi, hindi, latin in WORDS]
    recall = sum(same) / len(same)
    apart = len({sound(marathi) for marathi, _, _ in WORDS}) / len(WORDS)
    print(f"across scripts: recall {recall:.3f} over {len(same)} words; {apart:.3f} of their keys are their own")
    assert recall >= 0.95
    assert apart >= 0.95


def meant(asked: str, known: Vocabulary) -> list[Meant]:
    """Of whatever reach."""
    return list(chain.from_iterable(ranked(asked, known)))


def test_habits_of_writing_and_slips_of_the_pen_still_find_the_word() -> None:
    chance, known = random.Random(7), vocabulary(sound(marathi) for marathi, _, _ in WORDS)
    tried = {
        "habits": [(latin, other) for marathi, _, latin in WORDS for other in habits(latin)],
        "slips in Latin": [
            (latin, other) for _, _, latin in WORDS if len(latin.split()[0]) > 4 for other in slips(latin, chance)
        ],
        "slips in Devanagari": [
            (word, other) for word, _, _ in WORDS if len(word) > 4 for other in slips(word, chance)
        ],
    }
    for what, least in (("habits", 0.99), ("slips in Latin", 0.93), ("slips in Devanagari", 0.93)):
        asked = [(sound(word), meant(other, known)) for word, other in tried[what]]
        found = [any(word in one.words | one.pairs for one in readings) for word, readings in asked]
        answers = [len({word for one in readings for word in one.words if word in known}) for _, readings in asked]
        recall, most = sum(found) / len(found), sum(answers) / len(answers)
        print(f"{what}: recall {recall:.3f} over {len(found)}; {most:.1f} known words a search")
        assert recall >= least, [pair for pair, there in zip(tried[what], found, strict=True) if not there]
        assert most <= 2


def test_words_that_every_name_has_tell_no_two_apart() -> None:
    one = Localized(mr="सावित्री बाई महिला स्वयंसहाय्यता बचत गट")
    assert telling("Savitribai Mahila Swayam Sahayata Samuh (SHG)") == ["savitribai"]
    assert keys(one) == ["bi", "svitr"]
    assert whole(one) == whole(Localized(en="Savitribai mahila bachat gat")) == sound("Savitribai")
    assert keys(Localized(mr="महिला बचत गट")) == sorted(map(sound, ("महिला", "बचत", "गट")))


def test_names_of_several_words_are_found_joined_apart_and_in_any_order() -> None:
    name = Localized(en="Savitri Bai Phule Mahila SHG")
    assert {sound("savitribai"), both(sound("phule"), sound("savitribai"))} <= set(pairs(name))
    assert both("b", "a") == both("a", "b")
    known = vocabulary(keys(name))
    for query in ("Savitribai Phule", "phule savitri", "savitri bai", "Savitri Phul"):
        assert any(one.pairs & set(pairs(name)) for one in meant(query, known)), query


def test_a_text_of_no_letters_has_no_sound_and_asks_nothing() -> None:
    for text in ("", "!!!", "\u200d", "।॥", " - "):
        assert sound(text) == ""
        assert meant(text, vocabulary(["bi"])) == []
    assert meant("महिला बचत गट", vocabulary(["bi"])) == []
    assert keys(Localized(mr="—")) == []


def test_joiners_case_and_width_change_nothing() -> None:
    assert (
        sound("सावित्री\u200dबाई") == sound("\ufeffSAVITRI\u00adBAI") == sound("\uff33avitribai") == sound("savitribai")
    )
    assert sound("गट २") == sound("gat 2")


def test_a_beginning_that_many_words_share_is_asked_as_a_beginning() -> None:
    known = vocabulary(f"sa{number}" for number in range(500))
    assert {one.start for one in ranked("s", known)[Reach.BEGUN]} == {"s"}
    assert ranked("रमाई s", known)[Reach.BEGUN][0].start == "s"
    few = meant("sa49", vocabulary(["sa49", "sa491", "ra"]))
    assert all(one.start is None for one in few)
