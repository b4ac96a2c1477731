"""The console's words cover the whole vocabulary and nothing else."""

from enum import StrEnum

import pytest

from services.console.words import LISTS, OWN_LISTS, word
from services.gateway.backends.records import ReachableBy, Safety
from workflows.contracts import vocabulary

ENUMS = {
    name: found
    for name, found in vars(vocabulary).items()
    if isinstance(found, type) and issubclass(found, StrEnum) and found is not StrEnum
}


def test_every_list_of_the_vocabulary_has_words() -> None:
    assert set(LISTS) == set(ENUMS)


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_every_code_has_words_of_its_own(name: str) -> None:
    assert list(LISTS[name]) == [member.value for member in ENUMS[name]]
    assert len(set(LISTS[name].values())) == len(LISTS[name]), "two codes read the same"


def test_lists_of_records_are_the_gateways() -> None:
    assert set(OWN_LISTS["ContactRoute"]) == set(ReachableBy)
    assert set(OWN_LISTS["Safety"]) == set(Safety)


def test_an_unknown_code_is_shown_readably() -> None:
    assert word("Stage", "brand_new_stage") == "Brand new stage"
    assert word("Stage", None) == ""
