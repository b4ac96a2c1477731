"""First tables: people, contact rules, notes, the referrals that brought them, access to cases and the read audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _create_cases()
    _create_people()
    _create_notes()


def _create_cases() -> None:
    op.create_table(
        "case_access",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("as_of_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("case_access_pkey")),
    )
    op.create_table(
        "read_audit",
        sa.Column("read_id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("read_id", name=op.f("read_audit_pkey")),
    )
    op.create_index(op.f("read_audit_case_id_idx"), "read_audit", ["case_id"], unique=False)
    op.create_index(op.f("read_audit_reader_id_idx"), "read_audit", ["reader_id"], unique=False)
    op.create_table(
        "referral_request",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("agency_reference", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("subject", "request_key", name=op.f("referral_request_pkey")),
        sa.UniqueConstraint("case_id", name=op.f("referral_request_case_id_key")),
    )
    op.create_table(
        "case_grant",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_access.case_id"], name=op.f("case_grant_case_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "subject", "subject_id", name=op.f("case_grant_pkey")),
    )


def _create_people() -> None:
    op.create_table(
        "person",
        sa.Column("person_id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("interpreter_needed", sa.Boolean(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject", "request_key"],
            ["referral_request.subject", "referral_request.request_key"],
            name=op.f("person_subject_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("person_pkey")),
        sa.UniqueConstraint("subject", "request_key", "position", name=op.f("person_subject_key")),
    )
    op.create_index(op.f("person_case_id_idx"), "person", ["case_id"], unique=False)
    op.create_table(
        "contact_rule",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("safety", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("safe_from_hour", sa.Integer(), nullable=False),
        sa.Column("safe_until_hour", sa.Integer(), nullable=False),
        sa.Column("safe_weekdays", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("may_name_service", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.person_id"], name=op.f("contact_rule_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "channel", name=op.f("contact_rule_pkey")),
    )


def _create_notes() -> None:
    op.create_table(
        "note",
        sa.Column("note_id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("note_person_id_fkey")),
        sa.PrimaryKeyConstraint("note_id", name=op.f("note_pkey")),
        sa.UniqueConstraint("subject", "request_key", "slot", name=op.f("note_subject_key")),
    )
    op.create_index(op.f("note_case_id_idx"), "note", ["case_id"], unique=False)
    op.create_index(op.f("note_person_id_idx"), "note", ["person_id"], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_index(op.f("note_person_id_idx"), table_name="note")
    op.drop_index(op.f("note_case_id_idx"), table_name="note")
    op.drop_table("note")
    op.drop_table("contact_rule")
    op.drop_index(op.f("person_case_id_idx"), table_name="person")
    op.drop_table("person")
    op.drop_table("case_grant")
    op.drop_table("referral_request")
    op.drop_index(op.f("read_audit_reader_id_idx"), table_name="read_audit")
    op.drop_index(op.f("read_audit_case_id_idx"), table_name="read_audit")
    op.drop_table("read_audit")
    op.drop_table("case_access")
