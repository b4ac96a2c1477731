"""What a referrer is shown (R-013)."""

from dataclasses import fields
from datetime import UTC, datetime

from services.reporting.domain.case_summary import CaseSummary, Task
from services.reporting.domain.coarse_view import coarse_entry, coarse_stage, coarse_summary
from services.reporting.domain.entry import Entry

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def test_every_stage_has_one_of_four_words() -> None:
    words = {
        stage: coarse_stage(stage)
        for stage in (
            *("received", "info_requested", "screening", "accepted", "allocated", "engaging", "preparing", "ready"),
            *("delivering", "monitoring", "follow_up", "closed"),
        )
    }
    assert set(words.values()) == {"received", "being_looked_at", "allocated", "closed"}
    assert {stage for stage, word in words.items() if word == "being_looked_at"} == {
        "info_requested",
        "screening",
        "accepted",
    }


def test_a_coarse_summary_keeps_only_what_the_referrer_knew_and_the_stage() -> None:
    whole = CaseSummary(
        sequence=9,
        episode=1,
        stage="preparing",
        handling="specialist",
        stream="crime",
        harm_type="assault",
        district_id="dudley",
        referrer_agency_id="police",
        referrer_id="officer-1",
        unit_id="unit-1",
        facilitator_ids=("staff-1",),
        paused=True,
        held=True,
        opened_at=NOW,
        changed_at=NOW,
        next_due_at=NOW,
        closed_reason="withdrew",
        tasks=(Task(task_id="t", kind="k", owner_role="lead"),),
    )
    coarse = coarse_summary(whole)
    kept = {field.name for field in fields(whole) if getattr(coarse, field.name) == getattr(whole, field.name)}
    assert kept == {"episode", "stream", "harm_type", "district_id", "referrer_agency_id", "referrer_id", "opened_at"}
    assert (coarse.stage, coarse.closed_reason) == ("allocated", "closed")


def test_a_coarse_entry_has_no_actor_step_data_or_trace() -> None:
    entry = Entry(
        sequence=1,
        episode=1,
        kind="allocated",
        happened_at=NOW,
        stage="preparing",
        actor_id="staff-1",
        actor_role="lead",
        step="allocate",
        data={"facilitator_id": "staff-2"},
        trace_id="a" * 32,
        span_id="b" * 16,
    )
    assert coarse_entry(entry) == Entry(
        sequence=1, episode=1, kind="allocated", happened_at=NOW, stage="allocated", data={}
    )
