"""The times a journey speaks of: durations such as `14 days`, and days and hours counted from the case's own now."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SERVICE_ZONE = ZoneInfo("Europe/London")
_DURATION = re.compile(r"([1-9][0-9]{0,3}) (minute|hour|day|week)s?")
_MOMENT = re.compile(r"(today|in ([1-9][0-9]{0,3}) (day|week)s?)(?: at ([01][0-9]|2[0-3]):([0-5][0-9]))?")


def duration_of(text: str) -> timedelta:
    """`3 hours`, `14 days`, `6 weeks` as a length of time; raises ValueError for anything else."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("a duration is written as a number of minutes, hours, days or weeks, such as `14 days`")
    return timedelta(**{f"{match[2]}s": int(match[1])})


def is_moment(text: str) -> bool:
    """Whether the text is a day or moment counted from now."""
    return _MOMENT.fullmatch(text) is not None


def moment_of(text: str, now: datetime) -> str:
    """`today`, `in 14 days` as an ISO date; with `at 14:00` as an ISO time in the service's zone.

    Raises ValueError for anything else.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError("a day is written as `today`, `in 14 days` or `in 2 weeks`, perhaps with `at 14:00`")
    local = now.astimezone(SERVICE_ZONE)
    day = local.date() + (timedelta(**{f"{match[3]}s": int(match[2])}) if match[2] else timedelta())
    if match[4] is None:
        return day.isoformat()
    return datetime.combine(day, time(int(match[4]), int(match[5])), SERVICE_ZONE).isoformat()
