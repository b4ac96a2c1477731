"""Reporting: the append-only case ledger, and the timelines, caseloads, task lists and figures read from it."""
