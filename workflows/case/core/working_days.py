"""Working days in England and Wales, and the hour at which things fall due (R-020)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflows.case.core.bank_holidays import BANK_HOLIDAYS

LONDON = ZoneInfo("Europe/London")
DUE_HOUR = time(10, 0)


def is_working_day(day: date) -> bool:
    """Monday to Friday, except bank holidays."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def add_working_days(day: date, working_days: int) -> date:
    """The day that many working days after `day`; the day itself does not count."""
    left = working_days
    while left > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            left -= 1
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    next_year, next_month = divmod(year * 12 + month + 1, 12)
    last_day = (date(next_year, next_month + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last_day))


def local_day(at: datetime) -> date:
    """The day it is in London at this moment."""
    return at.astimezone(LONDON).date()


def local_time(at: datetime) -> str:
    """The time it is in London at this moment, as HH:MM."""
    return at.astimezone(LONDON).strftime("%H:%M")


def due_at(day: date) -> datetime:
    """Ten in the morning of that day in London, as UTC."""
    return datetime.combine(day, DUE_HOUR, tzinfo=LONDON).astimezone(UTC)


def working_days_after(at: datetime, working_days: int) -> datetime:
    """Ten in the morning, that many working days after the day of `at`."""
    return due_at(add_working_days(local_day(at), working_days))
