"""Contact rules: what nobody could be reached by, or reached at, is refused by field."""

from __future__ import annotations

from typing import Any

import pytest

from services.records.domain.contact import Channel, ContactRule, Safety, contact_faults


def rule(channel: Channel, address: str, safety: Safety = Safety.SAFE, **changes: Any) -> ContactRule:
    given: dict[str, Any] = {
        "confirmed_on": None,
        "safe_from_hour": 0,
        "safe_until_hour": 0,
        "safe_weekdays": frozenset(),
        "may_name_service": False,
    }
    return ContactRule(channel=channel, address=address, safety=safety, **(given | changes))


@pytest.mark.parametrize(
    "good",
    [
        rule(Channel.EMAIL, "ida.invented+rj@mail.example.org"),
        rule(Channel.SMS, "01632 960001"),
        rule(Channel.PHONE, "+44 (1632) 960-002"),
        rule(Channel.LETTER, "1 Nowhere Lane\nWalsall"),
        rule(Channel.VOICEMAIL, ""),
        rule(Channel.VISIT, ""),
        rule(Channel.EMAIL, "", Safety.NOT_SAFE),
        rule(Channel.EMAIL, "", Safety.UNKNOWN),
        rule(Channel.VISIT, "", safe_from_hour=0, safe_until_hour=24, safe_weekdays=frozenset(range(1, 8))),
    ],
)
def test_a_good_rule_has_no_fault(good: ContactRule) -> None:
    assert not list(contact_faults(good))


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (rule(Channel.EMAIL, ""), "address_missing"),
        (rule(Channel.LETTER, ""), "address_missing"),
        (rule(Channel.EMAIL, "no address"), "address_malformed"),
        (rule(Channel.EMAIL, "a@example.org,b@example.org"), "address_malformed"),
        (rule(Channel.EMAIL, "a@example.org\r\nBcc: b@example.org"), "address_malformed"),
        (rule(Channel.SMS, "a@example.org"), "address_malformed"),
        (rule(Channel.PHONE, "12"), "address_malformed"),
        (rule(Channel.VISIT, "", safe_from_hour=9, safe_until_hour=9), "safe_until_hour_out_of_range"),
        (rule(Channel.VISIT, "", safe_from_hour=9, safe_until_hour=25), "safe_until_hour_out_of_range"),
        (rule(Channel.VISIT, "", safe_from_hour=-1, safe_until_hour=9), "safe_until_hour_out_of_range"),
        (rule(Channel.VISIT, "", safe_weekdays=frozenset({0})), "safe_weekdays_out_of_range"),
        (rule(Channel.VISIT, "", safe_weekdays=frozenset({8})), "safe_weekdays_out_of_range"),
    ],
)
def test_a_bad_rule_is_refused_by_field(bad: ContactRule, code: str) -> None:
    faults = list(contact_faults(bad))
    assert [fault.code for fault in faults] == [code]
    assert code.startswith(faults[0].field)
    assert faults[0].who
