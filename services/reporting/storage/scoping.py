"""Puts a viewer's scope into the query itself, so that a row outside it is never read."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, false, or_, true

from services.reporting.domain.coarse_view import COARSE_STAGES, OTHER_STAGES
from services.reporting.domain.viewer import Scope, Viewer
from services.reporting.storage.tables import CaseSummaryRow, TaskRow

Value = TypeVar("Value")

_POOLED_TO_OWN_AGENCY = "referrer"


def seen_whole(scope: Scope) -> ColumnElement[bool]:
    """The cases whose whole content is the viewer's to see."""
    if scope.everything:
        return true()
    ways: list[ColumnElement[bool]] = [false()]
    if scope.unit_id:
        ways.append(CaseSummaryRow.unit_id == scope.unit_id)
    if scope.facilitator_id:
        ways.append(CaseSummaryRow.facilitator_ids.contains([scope.facilitator_id]))
    return or_(*ways)


def seen_at_all(scope: Scope) -> ColumnElement[bool]:
    """The cases the viewer may know of, whole or coarse."""
    if scope.referrer_agency_id:
        return or_(seen_whole(scope), CaseSummaryRow.referrer_agency_id == scope.referrer_agency_id)
    return seen_whole(scope)


def stage_shown(scope: Scope) -> SQLColumnExpression[str]:
    """The stage as the viewer sees it: coarse where the case is; filtering by the true one would tell it."""
    coarse = case(COARSE_STAGES, value=CaseSummaryRow.stage, else_=OTHER_STAGES)
    return _whole_or_coarse(scope, CaseSummaryRow.stage, coarse)


def order_time(
    scope: Scope, changed_at: ColumnElement[Value], opened_at: ColumnElement[Value]
) -> SQLColumnExpression[Value]:
    """The time a list is ordered by: the last change where the case is seen whole, else when it was opened."""
    return _whole_or_coarse(scope, changed_at, opened_at)


def owned(viewer: Viewer) -> ColumnElement[bool]:
    """The tasks that are the viewer's own, or anyone's in one of their roles and, if it names a unit, in that unit.

    A task for referrers belongs to the agency that referred the case, never to another one.
    """
    roles = viewer.roles - {_POOLED_TO_OWN_AGENCY}
    unit = or_(TaskRow.unit_id == "", TaskRow.unit_id == viewer.unit_id)
    ways = [
        TaskRow.owner_id == viewer.subject,
        and_(TaskRow.owner_id == "", TaskRow.owner_role.in_(sorted(roles)), unit),
    ]
    agency_id = viewer.scope().referrer_agency_id
    if agency_id:
        ways.append(
            and_(
                TaskRow.owner_id == "",
                TaskRow.owner_role == _POOLED_TO_OWN_AGENCY,
                CaseSummaryRow.referrer_agency_id == agency_id,
            )
        )
    return or_(*ways)


def overseen(scope: Scope) -> ColumnElement[bool]:
    """The tasks of others the viewer oversees: the hub all of them, a satellite's lead those of its cases."""
    if scope.everything:
        return true()
    return CaseSummaryRow.unit_id == scope.unit_id if scope.unit_id else false()


def whole_label(scope: Scope) -> ColumnElement[bool]:
    """Whether the row is seen whole, as a column."""
    return seen_whole(scope).label("whole")


def _whole_or_coarse(
    scope: Scope, whole: SQLColumnExpression[Value], coarse: SQLColumnExpression[Value]
) -> SQLColumnExpression[Value]:
    # Written out where it is known beforehand, since only a plain column can use an index.
    if scope.everything or not scope.referrer_agency_id:
        return whole
    if not scope.sees_whole_cases:
        return coarse
    return case((seen_whole(scope), whole), else_=coarse)
