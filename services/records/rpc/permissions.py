"""Which roles may call which RPC of the records service; who sees which case is decided in the use cases."""

from __future__ import annotations

_SERVICE = "/rjhub.records.v1.RecordsService"
_CASE_STAFF = frozenset({"coordinator", "lead", "unit_lead", "facilitator", "specialist"})
_REGISTRANTS = frozenset({"referrer", "coordinator", "lead", "unit_lead", "facilitator", "service.gateway"})
_WRITERS = _CASE_STAFF | {"referrer", "service.gateway"}

PERMISSIONS: dict[str, frozenset[str]] = {
    f"{_SERVICE}/RegisterReferral": _REGISTRANTS,
    f"{_SERVICE}/AddNote": _WRITERS,
    f"{_SERVICE}/DiscardRequest": _REGISTRANTS | _WRITERS,
    f"{_SERVICE}/GetCaseRecord": _CASE_STAFF,
    f"{_SERVICE}/SetContactRule": _CASE_STAFF,
    f"{_SERVICE}/ResolveContact": frozenset({"service.notifications"}),
    f"{_SERVICE}/PutCaseAccess": frozenset({"service.worker"}),
}
