"""The ledger and its projections in PostgreSQL; the only place with SQL."""
