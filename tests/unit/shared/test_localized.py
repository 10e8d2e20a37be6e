import unicodedata

import pytest

from shared.localized import Localized, LocalTextMissing, having, words


def test_vowel_signs_stay_inside_their_word() -> None:
    assert words(["उडीद पापड (तिखट)", "Urad PAPAD"]) == ["papad", "urad", "उडीद", "तिखट", "पापड"]


def test_a_word_is_the_same_however_it_was_typed() -> None:
    composed, apart = "क\u093c", unicodedata.normalize("NFD", "\u0958")
    assert words([composed]) == words([apart]) == words(["\u0958"])
    assert words(["र\u200dहा"]) == words(["रहा"])


def test_a_search_asks_that_each_word_begins_one() -> None:
    assert having("words", "Papad उडी") == [{"words": {"$regex": "^papad"}}, {"words": {"$regex": "^उडी"}}]
    assert having("words", None) == having("words", " .* ") == []


def test_english_alone_is_not_enough() -> None:
    Localized(hi="उड़द पापड़").require_local("title")
    with pytest.raises(LocalTextMissing, match="title: write it in Marathi or Hindi"):
        Localized(en="Urad papad").require_local("title")
