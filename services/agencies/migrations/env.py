"""Runs the agencies database's migrations; Alembic loads it."""

from __future__ import annotations

from services.agencies.storage.tables import Table
from services.runtime.migrations import run_environment

run_environment(Table.metadata)
