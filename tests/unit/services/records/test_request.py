"""Repeated requests: the same request has the same digest, any other another, and nothing personal shows in a repr."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.records.domain.contact import Channel, ContactRule, Safety
from services.records.domain.person import PartyRole, Person
from services.records.domain.request import NewNote, Referral, check_repeat, digest
from services.runtime.refusal import Kind, Refused

RULE = ContactRule(
    Channel.EMAIL,
    "canary@example.org",
    Safety.SAFE,
    date(2026, 6, 1),
    0,
    0,
    frozenset({5, 1, 3}),
    may_name_service=False,
)
PERSON = Person(
    "",
    PartyRole.HARMED,
    "Canary",
    date(1990, 1, 1),
    "en",
    interpreter_needed=False,
    needs="Canary needs",
    contact=(RULE,),
)
REFERRAL = Referral("C1", (PERSON,), "Canary narrative", "Canary reference")


def test_the_same_request_has_the_same_digest() -> None:
    again = replace(REFERRAL, people=(replace(PERSON, contact=(replace(RULE, safe_weekdays=frozenset({3, 5, 1})),)),))
    assert digest(again) == digest(REFERRAL)


@pytest.mark.parametrize(
    "other",
    [
        replace(REFERRAL, case_id="C2"),
        replace(REFERRAL, narrative="Another"),
        replace(REFERRAL, agency_reference=""),
        replace(REFERRAL, people=(PERSON, PERSON)),
        replace(REFERRAL, people=(replace(PERSON, name="Another"),)),
        replace(REFERRAL, people=(replace(PERSON, contact=(replace(RULE, safety=Safety.UNKNOWN),)),)),
    ],
)
def test_another_request_has_another_digest(other: Referral) -> None:
    assert digest(other) != digest(REFERRAL)
    with pytest.raises(Refused) as caught:
        check_repeat(digest(REFERRAL), digest(other))
    assert (caught.value.kind, caught.value.codes) == (Kind.CONFLICT, ("idempotency_key_reused",))


def test_nothing_personal_shows() -> None:
    assert "anary" not in repr(REFERRAL)
    assert "anary" not in repr(NewNote("question", "C1", "", "Canary text"))
    assert "1990" not in repr(PERSON)
