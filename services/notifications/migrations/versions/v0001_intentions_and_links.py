"""Intentions and single-use links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "intention",
        *_texts("intention_id", "digest", "case_id", "person_id", "template"),
        sa.Column("template_version", sa.Integer(), nullable=True),
        *_texts("language", "channel", "status", "reason", "message_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("intention_id"),
        sa.CheckConstraint("status IN ('claimed', 'sending', 'sent', 'handed_to_person')", name="intention_status"),
    )
    op.create_index("intention_case", "intention", ["case_id"])
    op.create_table(
        "link",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        *_texts("intention_id", "case_id", "person_id", "point_id", "language"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("token_hash"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]
