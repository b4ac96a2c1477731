"""The ledger, its projections, and the functions that keep a batch of entries in one call."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSE_CHANGE = """
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""
_KEEP_EACH_ROW = """
CREATE TRIGGER entry_is_kept BEFORE UPDATE OR DELETE ON entry
  FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()
"""
_KEEP_THE_TABLE = """
CREATE TRIGGER entries_are_kept BEFORE TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
"""
# Whoever the default privileges let write here may only add.
_LET_NOBODY_CHANGE = """
DO $$
DECLARE holder text;
BEGIN
  FOR holder IN SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'entry' AND grantee NOT IN ('PUBLIC', current_user)
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON entry FROM %I', holder);
  END LOOP;
END $$
"""

# Brings both projections of a case to a summary, unless they are already at it or past it.
_PUT_SUMMARY = """
CREATE FUNCTION put_summary(p_case_id text, p_summary jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_summary AS kept (case_id, sequence, episode, stage, handling, stream, harm_type, district_id,
      referrer_agency_id, referrer_id, unit_id, facilitator_ids, paused, held, opened_at, changed_at, next_due_at,
      closed_reason)
    SELECT p_case_id, given.* FROM jsonb_to_record(p_summary) AS given (sequence bigint, episode int, stage text,
      handling text, stream text, harm_type text, district_id text, referrer_agency_id text, referrer_id text,
      unit_id text, facilitator_ids text[], paused boolean, held boolean, opened_at timestamptz,
      changed_at timestamptz, next_due_at timestamptz, closed_reason text)
  ON CONFLICT (case_id) DO UPDATE SET (sequence, episode, stage, handling, stream, harm_type, district_id,
      referrer_agency_id, referrer_id, unit_id, facilitator_ids, paused, held, opened_at, changed_at, next_due_at,
      closed_reason)
    = (excluded.sequence, excluded.episode, excluded.stage, excluded.handling, excluded.stream, excluded.harm_type,
      excluded.district_id, excluded.referrer_agency_id, excluded.referrer_id, excluded.unit_id,
      excluded.facilitator_ids, excluded.paused, excluded.held, excluded.opened_at, excluded.changed_at,
      excluded.next_due_at, excluded.closed_reason)
    WHERE kept.sequence < excluded.sequence;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  DELETE FROM task WHERE task.case_id = p_case_id;
  INSERT INTO task (case_id, task_id, kind, owner_role, owner_id, unit_id, person_id, due_at, blocked_by, urgent,
      reason)
    SELECT p_case_id, given.* FROM jsonb_to_recordset(p_summary -> 'tasks') AS given (task_id text, kind text,
      owner_role text, owner_id text, unit_id text, person_id text, due_at timestamptz, blocked_by text,
      urgent boolean, reason text);
END $$
"""

_APPEND_ENTRIES = """
CREATE FUNCTION append_entries(p_case_id text, p_entries jsonb, p_summary jsonb)
RETURNS TABLE (outcome text, at_sequence bigint) LANGUAGE plpgsql AS $$
DECLARE
  v_first bigint := (p_entries -> 0 ->> 'sequence')::bigint;
  v_last bigint := (p_entries -> -1 ->> 'sequence')::bigint;
  v_kept bigint;
  v_other bigint;
BEGIN
  -- One writer per case at a time, so that what is read below stays true until commit.
  PERFORM pg_advisory_xact_lock(hashtextextended(p_case_id, 0));
  SELECT coalesce(max(entry.sequence), 0) INTO v_kept FROM entry WHERE entry.case_id = p_case_id;
  IF v_first > v_kept + 1 THEN
    RETURN QUERY SELECT 'gap', v_kept + 1;
    RETURN;
  END IF;
  IF v_first <= v_kept THEN
    -- Trace ids are left out: a retried call is the same entry under another span.
    SELECT min(kept.sequence) INTO v_other
      FROM jsonb_to_recordset(p_entries) AS given (sequence bigint, episode int, kind text, happened_at timestamptz,
        actor_id text, actor_role text, step text, stage text, data jsonb)
      JOIN entry AS kept ON kept.case_id = p_case_id AND kept.sequence = given.sequence
      WHERE (given.episode, given.kind, given.happened_at, given.actor_id, given.actor_role, given.step, given.stage,
          given.data)
        IS DISTINCT FROM (kept.episode, kept.kind, kept.happened_at, kept.actor_id, kept.actor_role, kept.step,
          kept.stage, kept.data);
    IF v_other IS NOT NULL THEN
      RETURN QUERY SELECT 'mismatch', v_other;
      RETURN;
    END IF;
  END IF;
  IF v_last > v_kept THEN
    INSERT INTO entry (case_id, sequence, episode, kind, happened_at, actor_id, actor_role, step, stage, data, trace_id,
        span_id, summary)
      SELECT p_case_id, given.sequence, given.episode, given.kind, given.happened_at, given.actor_id, given.actor_role,
        given.step, given.stage, given.data, given.trace_id, given.span_id,
        CASE WHEN given.sequence = v_last THEN p_summary END
      FROM jsonb_to_recordset(p_entries) AS given (sequence bigint, episode int, kind text, happened_at timestamptz,
        actor_id text, actor_role text, step text, stage text, data jsonb, trace_id text, span_id text)
      WHERE given.sequence > v_kept;
    PERFORM put_summary(p_case_id, p_summary);
  END IF;
  RETURN QUERY SELECT 'kept', v_last;
END $$
"""


def upgrade() -> None:
    """Make the tables, then what guards and fills them."""
    _make_entry()
    _make_case_summary()
    _make_task()
    for statement in (
        _REFUSE_CHANGE,
        _KEEP_EACH_ROW,
        _KEEP_THE_TABLE,
        _LET_NOBODY_CHANGE,
        _PUT_SUMMARY,
        _APPEND_ENTRIES,
    ):
        op.execute(statement)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make_entry() -> None:
    op.create_table(
        "entry",
        *_texts("case_id"),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        *_texts("kind"),
        _moment("happened_at"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        *_texts("actor_id", "actor_role", "step", "stage"),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        *_texts("trace_id", "span_id"),
        sa.Column("summary", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "sequence"),
    )
    op.create_index("entry_kind_happened_at", "entry", ["kind", "happened_at"])


def _make_case_summary() -> None:
    op.create_table(
        "case_summary",
        *_texts("case_id"),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        *_texts(
            "stage", "handling", "stream", "harm_type", "district_id", "referrer_agency_id", "referrer_id", "unit_id"
        ),
        sa.Column("facilitator_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        _moment("opened_at"),
        _moment("changed_at"),
        _moment("next_due_at", nullable=True),
        *_texts("closed_reason"),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("case_summary_changed_at", "case_summary", ["changed_at", "case_id"])
    op.create_index("case_summary_stage", "case_summary", ["stage", "changed_at", "case_id"])
    op.create_index("case_summary_district", "case_summary", ["district_id", "changed_at", "case_id"])
    op.create_index(
        "case_summary_unit",
        "case_summary",
        ["unit_id", "changed_at", "case_id"],
        postgresql_where=sa.text("unit_id <> ''"),
    )
    op.create_index("case_summary_referrer_agency", "case_summary", ["referrer_agency_id", "opened_at", "case_id"])
    op.create_index("case_summary_facilitators", "case_summary", ["facilitator_ids"], postgresql_using="gin")


def _make_task() -> None:
    op.create_table(
        "task",
        *_texts("case_id", "task_id", "kind", "owner_role", "owner_id", "unit_id", "person_id"),
        _moment("due_at", nullable=True),
        *_texts("blocked_by"),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        *_texts("reason"),
        sa.PrimaryKeyConstraint("case_id", "task_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_summary.case_id"]),
    )
    op.create_index("task_due_at", "task", ["due_at", "case_id", "task_id"])
    op.create_index("task_owner", "task", ["owner_id"], postgresql_where=sa.text("owner_id <> ''"))
    op.create_index("task_pool", "task", ["owner_role", "unit_id"], postgresql_where=sa.text("owner_id = ''"))
