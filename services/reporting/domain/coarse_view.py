"""What a referrer sees of a case: received, being looked at, allocated or closed, and no more (R-013)."""

from __future__ import annotations

from dataclasses import replace

from services.reporting.domain.case_summary import CaseSummary
from services.reporting.domain.entry import Entry

CLOSED = "closed"
BEING_LOOKED_AT = "being_looked_at"
# Any stage not named here is one of those in which the case is with a facilitator or a satellite.
COARSE_STAGES = {
    "received": "received",
    "info_requested": BEING_LOOKED_AT,
    "screening": BEING_LOOKED_AT,
    "accepted": BEING_LOOKED_AT,
    CLOSED: CLOSED,
}
OTHER_STAGES = "allocated"
COARSE_KINDS = ("referral_received", "taken_up", "information_requested", "allocated", "case_closed")


def coarse_stage(stage: str) -> str:
    """The safe word for a stage."""
    return COARSE_STAGES.get(stage, OTHER_STAGES)


def coarse_summary(summary: CaseSummary) -> CaseSummary:
    """The summary without how it is handled, by whom, since when anything moved, and what it waits for.

    A pause, a safety hold, a closing reason or the time of the last change would tell of the other party's decisions.
    """
    return CaseSummary(
        sequence=0,
        episode=summary.episode,
        stage=coarse_stage(summary.stage),
        stream=summary.stream,
        harm_type=summary.harm_type,
        district_id=summary.district_id,
        referrer_agency_id=summary.referrer_agency_id,
        referrer_id=summary.referrer_id,
        opened_at=summary.opened_at,
        changed_at=None,
        closed_reason=CLOSED if summary.closed_reason else "",
    )


def coarse_entry(entry: Entry) -> Entry:
    """The entry without actor, step, data and traces."""
    return replace(
        entry, stage=coarse_stage(entry.stage), actor_id="", actor_role="", step="", data={}, trace_id="", span_id=""
    )
