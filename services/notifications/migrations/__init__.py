"""The versions of the notifications database, for Alembic."""
