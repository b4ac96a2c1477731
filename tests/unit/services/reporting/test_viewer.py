"""Which cases each role opens."""

import pytest

from services.reporting.domain.viewer import Scope, Viewer


@pytest.mark.parametrize(
    ("roles", "scope"),
    [
        ({"coordinator"}, Scope(everything=True)),
        ({"lead"}, Scope(everything=True)),
        ({"operator"}, Scope(everything=True)),
        ({"unit_lead"}, Scope(unit_id="unit-1")),
        ({"facilitator"}, Scope(facilitator_id="staff-1")),
        ({"specialist"}, Scope(facilitator_id="staff-1")),
        ({"referrer"}, Scope(referrer_agency_id="agency-1")),
        ({"referrer", "unit_lead"}, Scope(unit_id="unit-1", referrer_agency_id="agency-1")),
        ({"commissioner"}, Scope()),
        ({"administrator"}, Scope()),
        ({"service.worker"}, Scope()),
        ({"service.gateway"}, Scope()),
        (set(), Scope()),
    ],
)
def test_scope_follows_from_roles(roles: set[str], scope: Scope) -> None:
    assert Viewer("staff-1", frozenset(roles), "agency-1", "unit-1").scope() == scope


def test_a_role_without_its_unit_or_agency_opens_nothing() -> None:
    assert Viewer("staff-1", frozenset({"unit_lead", "referrer"}), "", "").scope() == Scope()
