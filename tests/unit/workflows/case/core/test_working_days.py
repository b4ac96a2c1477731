"""Working days against the `holidays` package, and the hour at which things fall due (R-020)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import holidays
import pytest

from workflows.case.core.bank_holidays import BANK_HOLIDAYS, FIRST_YEAR, LAST_YEAR
from workflows.case.core.working_days import (
    add_months,
    add_working_days,
    due_at,
    working_days_after,
    working_days_between,
)


@pytest.mark.parametrize("nation", ["ENG", "WLS"])
def test_the_table_is_that_of_england_and_wales(nation: str) -> None:
    known = holidays.country_holidays("GB", subdiv=nation, years=range(FIRST_YEAR, LAST_YEAR + 1))
    assert frozenset(known) == BANK_HOLIDAYS


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 4, 1), 2, date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day is a Saturday, so Monday is off
        (date(2026, 6, 6), 1, date(2026, 6, 8)),
        (date(2026, 6, 8), 0, date(2026, 6, 8)),
    ],
)
def test_adding_working_days(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count) == expected
    assert working_days_between(day, expected) == count


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 6, 30), 5, date(2026, 11, 30)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
    ],
)
def test_adding_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_due_at_ten_in_london_summer_and_winter() -> None:
    assert due_at(date(2026, 7, 1)) == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert due_at(date(2026, 1, 2)) == datetime(2026, 1, 2, 10, tzinfo=UTC)


def test_the_day_is_london_s() -> None:
    late = datetime(2026, 6, 8, 23, 30, tzinfo=UTC)  # already Tuesday in London
    assert working_days_after(late, 1) == datetime(2026, 6, 10, 9, tzinfo=UTC)
