"""Intentions and links in PostgreSQL; the only place with SQL."""
