"""Who may see a case and write into it, as a table of readers and grants."""

from __future__ import annotations

from collections.abc import Set

import pytest

from services.records.domain.case_access import CaseAccess, Grant, GrantSubject
from services.runtime.identity import Caller


def caller(subject: str, role: str, unit_id: str = "") -> Caller:
    return Caller(subject, frozenset({role}), "", unit_id, "")


HUB = Grant(GrantSubject.HUB, "")
NORTH = Grant(GrantSubject.UNIT, "north")
S5 = Grant(GrantSubject.STAFF, "S5")
COORDINATOR = caller("S1", "coordinator")
LEAD = caller("S2", "lead")
REGISTRANT = caller("S3", "referrer")
UNIT_LEAD = caller("S4", "unit_lead", "north")
FACILITATOR = caller("S5", "facilitator", "north")
COLLEAGUE = caller("S6", "facilitator", "north")
ELSEWHERE = caller("S7", "unit_lead", "south")
NO_UNIT = caller("S8", "unit_lead")
GATEWAY = caller("gateway", "service.gateway")
EVERYBODY = (COORDINATOR, LEAD, REGISTRANT, UNIT_LEAD, FACILITATOR, COLLEAGUE, ELSEWHERE, NO_UNIT, GATEWAY)


@pytest.mark.parametrize(
    ("grants", "readers"),
    [
        (None, {"S1", "S2"}),
        (frozenset(), set()),
        ({HUB}, {"S1", "S2"}),
        ({NORTH}, {"S4"}),
        ({S5}, {"S5"}),
        ({HUB, NORTH, S5}, {"S1", "S2", "S4", "S5"}),
        ({Grant(GrantSubject.UNIT, "")}, set()),
        ({Grant(GrantSubject.STAFF, "")}, set()),
    ],
)
def test_the_grants_say_who_sees(grants: Set[Grant] | None, readers: set[str]) -> None:
    access = CaseAccess("S3", grants)
    assert {reader.subject for reader in EVERYBODY if access.may_be_seen_by(reader)} == readers
    assert {reader.subject for reader in EVERYBODY if access.may_be_written_by(reader)} == readers | {"S3", "gateway"}


def test_nobody_sees_or_writes_a_case_that_is_not_there() -> None:
    access = CaseAccess("", None)
    assert not access.known
    assert not any(access.may_be_seen_by(reader) or access.may_be_written_by(reader) for reader in EVERYBODY)
    assert not access.may_be_written_by(caller("", "referrer"))


def test_a_specialist_sees_what_their_unit_is_granted() -> None:
    assert CaseAccess("S3", {NORTH}).may_be_seen_by(caller("S9", "specialist", "north"))
