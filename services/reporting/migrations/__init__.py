"""The versions of the ledger database, for Alembic."""
