"""What stands against taking one more case, in the order it is told."""

from __future__ import annotations

from datetime import date

import pytest

from services.agencies.domain.facilitator import Facilitator
from services.agencies.domain.reservation import Bar, bar_to_reserving
from tests.unit.services.agencies.facilitators import AT, facilitator


@pytest.mark.parametrize(
    ("someone", "bar"),
    [
        (facilitator(), None),
        (facilitator(open_cases=3), None),
        (None, Bar.UNKNOWN_FACILITATOR),
        (facilitator(ends_on=date(2026, 1, 1), open_cases=4), Bar.ENDED),
        (facilitator(agreement=None, vetting_expires_on=None), Bar.AGREEMENT_LAPSED),
        (facilitator(vetting_expires_on=None, open_cases=4), Bar.NOT_VETTED),
        (facilitator(open_cases=4), Bar.NO_CAPACITY),
    ],
)
def test_the_first_bar_is_told(someone: Facilitator | None, bar: Bar | None) -> None:
    assert bar_to_reserving(someone, AT) == bar


def test_the_codes_are_those_of_the_contract() -> None:
    assert {bar.value for bar in Bar} == {
        "no_capacity", "not_vetted", "ended", "unknown_facilitator", "agreement_lapsed",
    }  # fmt: skip
