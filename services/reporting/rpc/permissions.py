"""Who may call which RPC of reporting; which cases they then see is decided in the queries."""

from __future__ import annotations

_SEES_CASES = frozenset({"coordinator", "lead", "operator", "unit_lead", "facilitator", "specialist", "referrer"})

PERMISSIONS: dict[str, frozenset[str]] = {
    "/rjhub.reporting.v1.ReportingService/AppendEntries": frozenset({"service.worker"}),
    "/rjhub.reporting.v1.ReportingService/GetTimeline": _SEES_CASES,
    "/rjhub.reporting.v1.ReportingService/GetCase": _SEES_CASES,
    "/rjhub.reporting.v1.ReportingService/ListCases": _SEES_CASES,
    "/rjhub.reporting.v1.ReportingService/ListTasks": _SEES_CASES,
    "/rjhub.reporting.v1.ReportingService/GetFigures": frozenset({"commissioner", "coordinator", "lead", "operator"}),
}
