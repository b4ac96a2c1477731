"""First tables: the region, its staff and facilitators, and the reservations of their capacity."""

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
    _create_region()
    _create_staff()


def _create_region() -> None:
    op.create_table(
        "agency",
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sharing_agreement_from", sa.Date(), nullable=True),
        sa.Column("sharing_agreement_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(sharing_agreement_from is null) = (sharing_agreement_until is null)",
            name=op.f("agency_agreement_whole_check"),
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("agency_pkey")),
    )
    op.create_table(
        "district",
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district_id", name=op.f("district_pkey")),
    )
    op.create_table(
        "unit",
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("district_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("unit_agency_id_fkey")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("unit_pkey")),
    )
    op.create_table(
        "venue",
        sa.Column("venue_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("district_id", sa.Text(), nullable=False),
        sa.Column("separate_entrances", sa.Boolean(), nullable=False),
        sa.Column("separate_waiting_rooms", sa.Boolean(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("venue_district_id_fkey")),
        sa.PrimaryKeyConstraint("venue_id", name=op.f("venue_pkey")),
    )
    op.create_index(op.f("venue_district_id_idx"), "venue", ["district_id"], unique=False)


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("staff_agency_id_fkey")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name=op.f("staff_unit_id_fkey")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("staff_pkey")),
    )
    op.create_index(op.f("staff_unit_id_idx"), "staff", ["unit_id"], unique=False)
    op.create_table(
        "practitioner",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("employment", sa.Text(), nullable=False),
        sa.Column("specialisms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("district_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("capacity_cases", sa.Integer(), nullable=False),
        sa.Column("vetting_expires_on", sa.Date(), nullable=True),
        sa.CheckConstraint("capacity_cases >= 0", name=op.f("practitioner_capacity_check")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"], name=op.f("practitioner_staff_id_fkey")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("practitioner_pkey")),
    )
    op.create_table(
        "reservation",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"], name=op.f("reservation_staff_id_fkey")),
        sa.PrimaryKeyConstraint("case_id", "episode", "staff_id", name=op.f("reservation_pkey")),
    )
    op.create_index(op.f("reservation_staff_id_idx"), "reservation", ["staff_id"], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_index(op.f("reservation_staff_id_idx"), table_name="reservation")
    op.drop_table("reservation")
    op.drop_table("practitioner")
    op.drop_index(op.f("staff_unit_id_idx"), table_name="staff")
    op.drop_table("staff")
    op.drop_index(op.f("venue_district_id_idx"), table_name="venue")
    op.drop_table("venue")
    op.drop_table("unit")
    op.drop_table("district")
    op.drop_table("agency")
