"""Safe contact: whatever is unknown, stale or outside a person's hours sends nothing (R-030 to R-035)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.domain.contact import Channel, ContactRule, Safety
from services.records.domain.safe_contact import (
    CONFIRMED_WITHIN_DAYS,
    SERVICE_ZONE,
    Blocked,
    BlockedReason,
    NotBefore,
    SafeContact,
    safe_contact,
)

MONDAY_NOON = datetime(2026, 6, 1, 11, 0, tzinfo=UTC)  # 12:00 in summer time
NO_CHANNEL = Blocked(BlockedReason.NO_SAFE_CHANNEL)
STALE = Blocked(BlockedReason.STALE_SAFETY)


def rule(channel: Channel = Channel.EMAIL, **changes: Any) -> ContactRule:
    """A safe rule confirmed on the day, for any hour between 9 and 20, but for the changes."""
    given_: dict[str, Any] = {
        "address": "canary@example.org",
        "safety": Safety.SAFE,
        "confirmed_on": date(2026, 6, 1),
        "safe_from_hour": 0,
        "safe_until_hour": 0,
        "safe_weekdays": frozenset(),
        "may_name_service": False,
    }
    return ContactRule(channel=channel, **(given_ | changes))


def by(channel: Channel, *, may_name_service: bool = False) -> SafeContact:
    return SafeContact(channel, "canary@example.org", may_name_service)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], NO_CHANNEL),
        ([rule()], by(Channel.EMAIL)),
        ([rule(may_name_service=True)], by(Channel.EMAIL, may_name_service=True)),
        ([rule(safety=Safety.UNKNOWN)], NO_CHANNEL),
        ([rule(safety=Safety.NOT_SAFE)], NO_CHANNEL),
        ([rule(address="")], NO_CHANNEL),
        ([rule(Channel.PHONE), rule(Channel.VOICEMAIL), rule(Channel.VISIT), rule(Channel.THIRD_PARTY)], NO_CHANNEL),
        ([rule(confirmed_on=None)], STALE),
        ([rule(confirmed_on=date(2026, 3, 3))], by(Channel.EMAIL)),
        ([rule(confirmed_on=date(2026, 3, 2))], STALE),
        ([rule(confirmed_on=date(2026, 6, 2))], by(Channel.EMAIL)),
        ([rule(confirmed_on=date(2026, 6, 3))], STALE),
        ([rule(Channel.LETTER), rule(Channel.SMS)], by(Channel.SMS)),
        ([rule(Channel.SMS), rule()], by(Channel.EMAIL)),
        (
            [rule(safety=Safety.NOT_SAFE), rule(Channel.SMS, confirmed_on=None), rule(Channel.LETTER)],
            by(Channel.LETTER),
        ),
        ([rule(safe_from_hour=5, safe_until_hour=5)], NO_CHANNEL),
    ],
)
def test_who_may_be_written_to(rules: list[ContactRule], expected: object) -> None:
    assert safe_contact(rules, MONDAY_NOON) == expected


@pytest.mark.parametrize(
    ("changes", "moment", "opening"),
    [
        ({}, "2026-06-01T07:59:59", "2026-06-01T08:00"),  # 9:00 in summer is 8:00 UTC
        ({}, "2026-06-01T08:00", None),
        ({}, "2026-06-01T18:59:59", None),
        ({}, "2026-06-01T19:00", "2026-06-02T08:00"),
        ({}, "2026-01-05T08:59", "2026-01-05T09:00"),  # in winter local is UTC
        ({"safe_weekdays": frozenset({3})}, "2026-06-01T11:00", "2026-06-03T08:00"),
        ({"safe_weekdays": frozenset({1})}, "2026-06-01T19:00", "2026-06-08T08:00"),
        ({"safe_from_hour": 0, "safe_until_hour": 24}, "2026-06-01T23:30", None),
        ({"safe_from_hour": 22, "safe_until_hour": 24}, "2026-06-01T11:00", "2026-06-01T21:00"),
        # The clocks go forward on 29 March 2026 at 1:00, so the hour from 1 to 2 is missing that Sunday.
        ({"safe_from_hour": 1, "safe_until_hour": 2}, "2026-03-28T12:00", "2026-03-30T00:00"),
        ({"safe_from_hour": 9, "safe_until_hour": 10}, "2026-03-28T12:00", "2026-03-29T08:00"),
        # They go back on 25 October 2026 at 2:00: the hour from 1 to 2 comes twice and is safe both times.
        ({"safe_from_hour": 1, "safe_until_hour": 2}, "2026-10-25T01:30", None),
        ({"safe_from_hour": 1, "safe_until_hour": 2}, "2026-10-24T12:00", "2026-10-25T00:00"),
    ],
)
def test_hours_are_local_and_wait_for_the_next_opening(
    changes: dict[str, Any], moment: str, opening: str | None
) -> None:
    resolution = safe_contact([rule(confirmed_on=at(moment).date(), **changes)], at(moment))
    if opening is None:
        assert isinstance(resolution, SafeContact)
    else:
        assert resolution == NotBefore(at(opening))


def test_a_letter_waits_for_no_hour() -> None:
    midnight = at("2026-06-01T23:30")
    assert isinstance(safe_contact([rule(Channel.LETTER, safe_weekdays=frozenset({5}))], midnight), SafeContact)


def test_a_message_waits_rather_than_go_by_a_channel_liked_less() -> None:
    night = at("2026-06-01T22:00")
    assert safe_contact([rule(), rule(Channel.LETTER)], night) == NotBefore(at("2026-06-02T08:00"))


def test_an_address_is_in_no_repr() -> None:
    assert "canary" not in repr(rule())
    assert "canary" not in repr(safe_contact([rule()], MONDAY_NOON))


RULES = st.builds(
    rule,
    channel=st.sampled_from(Channel),
    address=st.sampled_from(["", "canary@example.org"]),
    safety=st.sampled_from(Safety),
    confirmed_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    safe_from_hour=st.integers(-1, 25),
    safe_until_hour=st.integers(-1, 25),
    safe_weekdays=st.frozensets(st.integers(0, 8)),
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(st.lists(RULES, max_size=7), MOMENTS)
def test_an_address_is_given_out_only_when_everything_is_known_to_be_safe(
    rules: list[ContactRule], moment: datetime
) -> None:
    resolution = safe_contact(rules, moment)
    if not isinstance(resolution, SafeContact):
        return
    matching = [kept for kept in rules if kept.channel is resolution.channel and kept.safety is Safety.SAFE]
    local = moment.astimezone(SERVICE_ZONE)
    assert resolution.address
    assert any(
        kept.confirmed_on is not None
        and -1 <= (local.date() - kept.confirmed_on).days <= CONFIRMED_WITHIN_DAYS
        and (
            kept.channel is Channel.LETTER
            or (
                kept.safe_hours[0] <= local.hour < kept.safe_hours[1]
                and (not kept.safe_weekdays or local.isoweekday() in kept.safe_weekdays)
            )
        )
        for kept in matching
    )


@given(RULES, MOMENTS)
def test_the_next_safe_moment_lies_ahead_is_safe_and_is_the_first(kept: ContactRule, moment: datetime) -> None:
    resolution = safe_contact([kept], moment)
    if not isinstance(resolution, NotBefore):
        return
    assert moment < resolution.moment <= moment + timedelta(days=15)
    fresh = rule(
        kept.channel,
        confirmed_on=resolution.moment.date(),
        safe_from_hour=kept.safe_from_hour,
        safe_until_hour=kept.safe_until_hour,
        safe_weekdays=kept.safe_weekdays,
    )
    assert isinstance(safe_contact([fresh], resolution.moment), SafeContact)
    just_before = resolution.moment - timedelta(seconds=1)
    if just_before > moment:
        assert isinstance(safe_contact([fresh], just_before), NotBefore)
