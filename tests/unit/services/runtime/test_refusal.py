"""A refusal says its codes and survives pickling."""

import pickle

import pytest

from services.runtime.refusal import Kind, Refusal, Refused


def test_its_text_is_the_codes_alone() -> None:
    refused = Refused(Kind.INVALID, Refusal("age_missing", "Say the age.", field="age"), Refusal("area_unknown", "No."))
    assert str(refused) == "age_missing, area_unknown"
    assert refused.codes == ("age_missing", "area_unknown")


def test_without_a_reason_it_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError):
        Refused(Kind.INVALID)


def test_it_survives_pickling() -> None:
    refused = pickle.loads(pickle.dumps(Refused(Kind.CONFLICT, Refusal("taken", "It is taken.", who="coordinator"))))
    assert refused.kind is Kind.CONFLICT
    assert refused.refusals == (Refusal("taken", "It is taken.", who="coordinator"),)
