"""What to do about a wrong field, said so that who sent it knows what to send."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from shared.errors import LANGUAGES, Language
from shared.web.fixes import faults_of

SHA256 = r"^[0-9a-f]{64}$"


class Asked(BaseModel):
    stalls: Annotated[int, Field(strict=True)] = 1
    commitment: Annotated[str, Field(pattern=SHA256)] = "0" * 64
    nonce: Annotated[str, Field(pattern=r"^[ -~]{1,200}$")] = "n"
    district: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}$")] = "490"
    word: Annotated[str, Field(pattern=r"^[a-z]+$")] = "open"
    kind: Literal["holiday", "exam", "election"] = "exam"


def fix(language: Language, **sent: object) -> str:
    with pytest.raises(ValidationError) as wrong:
        Asked.model_validate(sent)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in wrong.value.errors()]
    (fault,) = faults_of(errors, language)
    return fault.fix


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sent", ["२४", "24", ""])
def test_a_number_in_quotes_is_asked_for_in_ascii_digits_without_them(language: Language, sent: str) -> None:
    said = fix(language, stalls=sent)
    assert ("ASCII" in said, "24" in said) == (True, True)
    assert "ASCII" not in fix(language, stalls=[])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pattern_with_a_meaning_is_told_by_it(language: Language) -> None:
    assert "64" in fix(language, commitment="f3")
    assert "SHA-256" in fix(language, commitment="f3")
    assert "ASCII" in fix(language, nonce="हळदीकुंकू")
    assert "LGD" in fix(language, district="पुणे")
    assert "^[a-z]+$" in fix(language, word="खुला")
    assert not any("^" in said for said in (fix(language, commitment="f3"), fix(language, nonce="ह")))


def test_the_last_of_a_list_is_joined_in_the_readers_language() -> None:
    assert fix("mr", kind="सुट्टी") == "यापैकी एक पाठवा: 'holiday', 'exam' किंवा 'election'."
    assert fix("hi", kind="छुट्टी") == "इनमें से एक भेजें: 'holiday', 'exam' या 'election'।"
    assert fix("en", kind="feast") == "Send one of: 'holiday', 'exam' or 'election'."
