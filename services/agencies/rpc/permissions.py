"""Which roles may call which RPC of the agencies service; what is finer than a role is decided in the use cases."""

from __future__ import annotations

from services.agencies.domain.staff import STAFF_ROLES

_SERVICE = "/rjhub.agencies.v1.AgenciesService"
_LOADERS = frozenset({"service.loader", "administrator"})
_READERS = STAFF_ROLES | {"service.gateway"}
_MATCHERS = frozenset({"coordinator", "lead", "unit_lead", "specialist"})
_WORKER = frozenset({"service.worker"})

PERMISSIONS: dict[str, frozenset[str]] = {
    f"{_SERVICE}/LoadRegion": _LOADERS,
    f"{_SERVICE}/ListAgencies": _READERS,
    f"{_SERVICE}/ListUnits": _READERS,
    f"{_SERVICE}/ListVenues": _READERS,
    f"{_SERVICE}/GetMe": STAFF_ROLES,
    f"{_SERVICE}/ListStaff": _READERS,
    f"{_SERVICE}/MatchFacilitators": _MATCHERS,
    f"{_SERVICE}/ReserveCapacity": _WORKER,
    f"{_SERVICE}/ReleaseCapacity": _WORKER,
}
