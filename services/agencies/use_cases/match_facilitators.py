"""Finds the facilitators who fit a case."""

from __future__ import annotations

from services.agencies.domain.matching import Candidate, CaseNeeds, match
from services.agencies.use_cases.store import Store
from services.runtime.identity import Caller
from services.runtime.refusal import Kind, Refusal, Refused

_EVERY_UNIT = frozenset({"coordinator", "lead", "specialist"})


async def match_facilitators(
    store: Store, caller: Caller, needs: CaseNeeds, unit_id: str, limit: int
) -> tuple[Candidate, ...]:
    """Answer the best candidates of a unit ("" = anywhere); a unit lead is answered from their own unit only (R-136).

    Raises `Refused(INVALID)` with `unknown_district` or `unknown_unit`.
    """
    known = await store.region_ids()
    refusals = []
    if needs.district_id not in known.districts:
        refusals.append(_unknown("district"))
    if unit_id and unit_id not in known.units:
        refusals.append(_unknown("unit"))
    if refusals:
        raise Refused(Kind.INVALID, *refusals)
    if caller.roles.isdisjoint(_EVERY_UNIT):
        if not caller.unit_id:
            return ()
        unit_id = caller.unit_id
    return match(needs, await store.facilitators(unit_id), limit)


def _unknown(what: str) -> Refusal:
    return Refusal(f"unknown_{what}", f"This names no {what} of the region.", field=f"{what}_id", who="caller")
