"""Who gets in: known staff in service, of an agency whose agreement is in force (R-130)."""

from __future__ import annotations

from datetime import date

import pytest

from services.agencies.domain.admission import admit
from services.agencies.domain.agency import Agency, AgencyKind, SharingAgreement
from services.agencies.domain.staff import Staff
from services.runtime.refusal import Kind, Refused

AGREEMENT = SharingAgreement(date(2026, 1, 1), date(2026, 12, 31))


def staff(ends_on: date | None = None) -> Staff:
    return Staff("S1", "Ida Invented", "A1", "", ("referrer",), ends_on, None)


def agency(agreement: SharingAgreement | None = AGREEMENT) -> Agency:
    return Agency("A1", "An Agency", AgencyKind.POLICE, agreement)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 12, 31)])
def test_the_first_and_the_last_day_count(today: date) -> None:
    assert admit(staff(ends_on=today), agency(), today) == (staff(ends_on=today), agency())


@pytest.mark.parametrize(
    ("person", "organisation", "today", "code"),
    [
        (None, None, date(2026, 6, 1), "unknown_staff"),
        (staff(), None, date(2026, 6, 1), "unknown_staff"),
        (staff(date(2026, 5, 31)), agency(), date(2026, 6, 1), "staff_ended"),
        (staff(), agency(None), date(2026, 6, 1), "agreement_missing"),
        (staff(), agency(), date(2025, 12, 31), "agreement_missing"),
        (staff(), agency(), date(2027, 1, 1), "agreement_lapsed"),
    ],
)
def test_everybody_else_is_told_why_not(
    person: Staff | None, organisation: Agency | None, today: date, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        admit(person, organisation, today)
    assert caught.value.kind is Kind.FORBIDDEN
    assert caught.value.codes == (code,)
    assert caught.value.refusals[0].who


def test_a_name_is_not_in_the_repr() -> None:
    assert "Ida" not in repr(staff())
