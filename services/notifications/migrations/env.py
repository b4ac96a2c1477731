"""Where Alembic begins: the tables this database should have."""

from services.notifications.storage.tables import Table
from services.runtime.migrations import run_environment

run_environment(Table.metadata)
