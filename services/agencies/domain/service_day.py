"""Which calendar day a moment falls on where the service works."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SERVICE_ZONE = ZoneInfo("Europe/London")


def service_day(at: datetime) -> date:
    """The local day of an aware moment: agreements, vetting and contracts are dated, not timed."""
    return at.astimezone(SERVICE_ZONE).date()
