"""Where a case stands: as the engine has it, and as the ledger kept it once the engine no longer does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.gateway.api.sign_in import actor_of
from services.gateway.backends.cases import CaseEngine, CaseNotKept, case_closed, engine_unavailable, unknown_case
from services.gateway.backends.reporting import CaseRow, Reporting
from services.runtime.identity import Caller
from services.runtime.refusal import Kind, Refused
from workflows.contracts.case_view import CaseView
from workflows.contracts.vocabulary import Handling, Stage

# Who may see what of a case is for those who keep it to say; whoever they turn away learns nothing of it here.
_NOT_THEIRS = frozenset({Kind.NOT_FOUND, Kind.FORBIDDEN})
# The ledger's one word for a referrer that is no stage of a case, as the engine's own view writes it.
_COARSE_STAGES = {"being_looked_at": Stage.SCREENING}


class CaseViewer:
    """Views of one case, open or closed."""

    def __init__(self, engine: CaseEngine, reporting: Reporting, now: Callable[[], datetime]) -> None:
        """Ask `engine` first and `reporting` when it keeps the case no longer; `now` is the real time."""
        self._engine = engine
        self._reporting = reporting
        self._now = now

    async def view(self, case_id: str, caller: Caller) -> CaseView:
        """The case as the caller may see it; raises `Refused`: `unknown_case` or a backend being away."""
        try:
            return await self._engine.view(case_id, actor_of(caller))
        except CaseNotKept:
            row = await self._kept(case_id, caller)
        return _view_of(row, self._now())

    def judged_at(self, view: CaseView) -> datetime:
        """The time to judge a case's questions at.

        An idle case's own time is that of its last event; where time is skipped it runs ahead of the real one.
        """
        return max(view.now, self._now())

    async def why_not_kept(self, case_id: str, caller: Caller) -> Refused:
        """How a step in a case that the engine has not is refused.

        `case_closed` to whoever may see it, else `unknown_case`. One that the ledger has open is the engine's to find.
        """
        try:
            row = await self._kept(case_id, caller)
        except Refused as refused:
            return refused
        return case_closed() if row.stage == Stage.CLOSED else engine_unavailable()

    async def _kept(self, case_id: str, caller: Caller) -> CaseRow:
        try:
            return await self._reporting.case(case_id, caller.token)
        except Refused as refused:
            if refused.kind in _NOT_THEIRS:
                raise unknown_case() from None
            raise


def _view_of(row: CaseRow, now: datetime) -> CaseView:
    """The view a summary allows: no people, nothing to do, no step to take."""
    assert row.opened_at is not None  # the ledger refuses a summary without it
    coarse = row.changed_at is None
    return CaseView(
        case_id=row.case_id,
        episode=row.episode,
        sequence=row.sequence,
        now=now,
        coarse=coarse,
        stage=_COARSE_STAGES.get(row.stage) or Stage(row.stage),
        handling=Handling(row.handling) if row.handling else None,
        stream=row.stream,
        harm_type=row.harm_type,
        district=row.district,
        initiator="",
        rj_level="",
        justice_stage="",
        referrer_agency_id=row.referrer_agency_id,
        unit_id=row.unit_id,
        facilitator_ids=row.facilitator_ids,
        paused="",
        paused_person_id="",
        held="",
        waiting_for="",
        # Why it closed is not told to a referrer; the ledger's word in its place is no reason of ours.
        closed_reason="" if coarse else row.closed_reason,
        closed_side="",
        opened_at=row.opened_at,
        next_due_at=row.next_due_at,
        people=(),
        processes=(),
        exchanges=(),
        items=(),
        points=(),
        tasks=(),
        steps_now=(),
    )
