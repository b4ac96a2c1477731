"""Days and hours are counted from the case's own now, in the service's zone."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.local.demo.times import duration_of, is_moment, moment_of

NIGHT_IN_JUNE = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # already July in London


def test_durations() -> None:
    assert duration_of("90 minutes") == timedelta(minutes=90)
    assert duration_of("1 day") == timedelta(days=1)
    assert duration_of("6 weeks") == timedelta(weeks=6)


@pytest.mark.parametrize("text", ["", "days", "0 days", "-1 days", "1.5 days", "2 months", "14 days "])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="14 days"):
        duration_of(text)


def test_days_are_those_of_the_service() -> None:
    assert moment_of("today", NIGHT_IN_JUNE) == "2026-07-01"
    assert moment_of("in 2 weeks", NIGHT_IN_JUNE) == "2026-07-15"


def test_an_hour_is_local_and_keeps_over_the_change_of_clocks() -> None:
    assert moment_of("in 1 day at 14:00", NIGHT_IN_JUNE) == "2026-07-02T14:00:00+01:00"
    assert moment_of("in 20 weeks at 14:00", NIGHT_IN_JUNE) == "2026-11-18T14:00:00+00:00"


@pytest.mark.parametrize("text", ["tomorrow", "in 3 months", "in 3 days at 25:00", "They met in 3 days"])
def test_what_is_no_moment(text: str) -> None:
    assert not is_moment(text)
    with pytest.raises(ValueError, match="today"):
        moment_of(text, NIGHT_IN_JUNE)
