"""The agencies service from outside: every RPC answered, every refusal coded, each role where it belongs."""

from __future__ import annotations

import asyncio

import pytest
from alembic import command
from rjhub.agencies.v1 import agencies_pb2 as pb

from services.agencies.rpc.permissions import PERMISSIONS
from services.runtime.migrations import alembic_config
from tests.integration.services.agencies.region import (
    COORDINATOR,
    LOADER,
    REFERRER,
    UNIT_LEAD,
    WORKER,
    Agencies,
    needs,
    practitioner,
    region,
    reservation,
    staff,
)
from tests.support.running_service import Someone

ROLES = sorted(frozenset().union(*PERMISSIONS.values()) | {"service.notifications", "nobody"})
RPCS = {
    "LoadRegion": pb.LoadRegionRequest(),
    "ListAgencies": pb.ListAgenciesRequest(),
    "ListUnits": pb.ListUnitsRequest(),
    "ListVenues": pb.ListVenuesRequest(),
    "GetMe": pb.GetMeRequest(),
    "ListStaff": pb.ListStaffRequest(),
    "MatchFacilitators": pb.MatchFacilitatorsRequest(),
    "ReserveCapacity": pb.ReserveCapacityRequest(),
    "ReleaseCapacity": pb.ReleaseCapacityRequest(),
}


async def test_each_role_gets_where_it_belongs_and_nowhere_else(agencies: Agencies) -> None:
    for path, allowed in PERMISSIONS.items():
        rpc = path.rpartition("/")[2]
        for role in ROLES:
            caller = Someone("S1", (role,))
            codes = await agencies.service.codes(getattr(agencies.stub, rpc), RPCS[rpc], caller)
            assert ("role_not_allowed" in codes) is (role not in allowed), f"{role} on {rpc}: {codes}"


async def test_the_region_is_listed_as_it_was_loaded(agencies: Agencies) -> None:
    call, stub = agencies.service.call, agencies.stub
    loaded = region()
    listed = await call(stub.ListAgencies, pb.ListAgenciesRequest(), REFERRER)
    assert sorted(listed.agencies, key=lambda a: a.agency_id) == sorted(loaded.agencies, key=lambda a: a.agency_id)
    units = await call(stub.ListUnits, pb.ListUnitsRequest(), REFERRER)
    assert {u.unit_id: u for u in units.units} == {u.unit_id: u for u in loaded.units}
    venues = await call(stub.ListVenues, pb.ListVenuesRequest(district_id="dudley"), REFERRER)
    assert list(venues.venues) == [loaded.venues[1]]
    every = await call(stub.ListVenues, pb.ListVenuesRequest(), REFERRER)
    assert len(every.venues) == 2
    names = await call(stub.ListStaff, pb.ListStaffRequest(staff_ids=["S2", "nobody", "S1"]), REFERRER)
    assert [(s.staff_id, s.name, s.agency_id) for s in names.staff] == [
        ("S1", "Canary S1", "hub"),
        ("S2", "Canary S2", "police"),
    ]


async def test_loading_again_changes_what_is_named_and_leaves_the_rest(agencies: Agencies) -> None:
    call, stub = agencies.service.call, agencies.stub
    again = await call(stub.LoadRegion, pb.LoadRegionRequest(region=region()), LOADER)
    assert (again.agencies, again.units, again.staff, again.venues) == (4, 2, 10, 2)
    change = pb.Region(staff=[staff("S3", "coordinator"), staff("S11", "facilitator", practitioner=practitioner())])
    await call(stub.LoadRegion, pb.LoadRegionRequest(region=change), LOADER)
    found = await call(stub.MatchFacilitators, needs(), COORDINATOR)
    ids = {candidate.staff_id for candidate in found.candidates}
    assert ids == {"S5", "S8", "S9", "S10", "S11"}, "S3 facilitates no longer, S11 is new, the others are as they were"
    assert len((await call(stub.ListAgencies, pb.ListAgenciesRequest(), REFERRER)).agencies) == 4


@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        (pb.LoadRegionRequest(), {"region_missing"}),
        (
            pb.LoadRegionRequest(region=pb.Region(agencies=[pb.Agency(sharing_agreement_from="2026-01-01")])),
            {"agency_id_missing", "name_missing", "kind_unspecified", "sharing_agreement_until_missing"},
        ),
        (
            pb.LoadRegionRequest(
                region=pb.Region(
                    agencies=[
                        pb.Agency(
                            agency_id="x",
                            name="x",
                            kind=pb.AGENCY_KIND_HUB,
                            sharing_agreement_from="2026-02-01",
                            sharing_agreement_until="2026-01-01",
                        )
                    ]
                )
            ),
            {"sharing_agreement_until_too_early"},
        ),
        (
            pb.LoadRegionRequest(
                region=pb.Region(
                    staff=[
                        pb.Staff(
                            staff_id="a@example.org",
                            name="x" * 201,
                            agency_id="hub",
                            roles=["service.worker"],
                            ends_on="soon",
                            practitioner=pb.Practitioner(specialisms=["magic"], capacity_cases=-1),
                        )
                    ]
                )
            ),
            {
                "staff_id_malformed",
                "name_too_long",
                "roles_unknown",
                "ends_on_malformed",
                "specialisms_unknown",
                "capacity_cases_out_of_range",
                "level_unspecified",
                "employment_unspecified",
            },
        ),
        (
            pb.LoadRegionRequest(
                region=pb.Region(
                    units=[pb.Unit(unit_id="u", name="U", kind=pb.UNIT_KIND_HUB, agency_id="x", district_ids=["y"])],
                    staff=[staff("S1", "lead", unit_id="z"), staff("S1", "lead")],
                )
            ),
            {"unknown_agency", "unknown_district", "unknown_unit", "staff_id_repeated"},
        ),
        (
            pb.LoadRegionRequest(region=pb.Region(staff=[pb.Staff(staff_id="x", name="y", agency_id="hub")])),
            {"roles_missing"},
        ),
    ],
)
async def test_a_faulty_region_is_refused_whole(
    agencies: Agencies, request_: pb.LoadRegionRequest, codes: set[str]
) -> None:
    assert set(await agencies.service.codes(agencies.stub.LoadRegion, request_, LOADER)) == codes
    names = await agencies.service.call(agencies.stub.ListStaff, pb.ListStaffRequest(staff_ids=["S1"]), REFERRER)
    assert names.staff[0].name == "Canary S1"
    assert len((await agencies.service.call(agencies.stub.ListUnits, pb.ListUnitsRequest(), REFERRER)).units) == 2


async def test_the_signed_in_person_finds_themselves(agencies: Agencies) -> None:
    me = await agencies.service.call(agencies.stub.GetMe, pb.GetMeRequest(), Someone("S3", ("facilitator",)))
    assert me.staff == region().staff[2]
    assert me.agency.agency_id == "hub"


@pytest.mark.parametrize(
    ("subject", "code"),
    [("S6", "agreement_lapsed"), ("S7", "agreement_missing"), ("S8", "staff_ended"), ("S404", "unknown_staff")],
)
async def test_who_may_not_get_in_is_told_why(agencies: Agencies, subject: str, code: str) -> None:
    codes = await agencies.service.codes(agencies.stub.GetMe, pb.GetMeRequest(), Someone(subject, ("referrer",)))
    assert codes == (code,)


async def test_candidates_come_fit_first_with_their_reasons(agencies: Agencies) -> None:
    await agencies.service.call(agencies.stub.ReserveCapacity, reservation("S3"), WORKER)
    found = await agencies.service.call(agencies.stub.MatchFacilitators, needs(specialisms=["youth"]), COORDINATOR)
    assert [(c.staff_id, c.fit, list(c.reasons_against), c.open_cases) for c in found.candidates] == [
        ("S5", True, [], 0),
        ("S3", True, [], 1),
        ("S10", False, ["agreement_lapsed"], 0),
        ("S8", False, ["ended"], 0),
        ("S9", False, ["not_vetted"], 0),
    ]
    assert found.candidates[0].name == "Canary S5"
    assert found.candidates[0].level == pb.LEVEL_INTERMEDIATE
    two = await agencies.service.call(agencies.stub.MatchFacilitators, needs(limit=2), COORDINATOR)
    assert len(two.candidates) == 2


@pytest.mark.parametrize("unit_id", ["", "centre", "north"])
async def test_a_unit_lead_finds_their_own_unit_only(agencies: Agencies, unit_id: str) -> None:
    found = await agencies.service.call(agencies.stub.MatchFacilitators, needs(unit_id=unit_id), UNIT_LEAD)
    assert [candidate.staff_id for candidate in found.candidates] == ["S5"]


async def test_a_unit_lead_without_a_unit_finds_nobody(agencies: Agencies) -> None:
    found = await agencies.service.call(agencies.stub.MatchFacilitators, needs(), Someone("S4", ("unit_lead",)))
    assert not found.candidates


@pytest.mark.parametrize(
    ("rpc", "request_", "caller", "codes"),
    [
        ("MatchFacilitators", pb.MatchFacilitatorsRequest(limit=51), COORDINATOR,
         {"case_id_missing", "district_id_missing", "level_at_least_unspecified", "at_missing", "limit_out_of_range"}),
        ("MatchFacilitators", needs(district_id="atlantis", unit_id="x"), COORDINATOR,
         {"unknown_district", "unknown_unit"}),
        ("MatchFacilitators", needs(specialisms=["magic"], languages=["!"]), COORDINATOR,
         {"specialisms_unknown", "languages_malformed"}),
        ("ListStaff", pb.ListStaffRequest(staff_ids=["S1"] * 201), REFERRER, {"staff_ids_too_many"}),
        ("ListStaff", pb.ListStaffRequest(staff_ids=["a b"]), REFERRER, {"staff_ids_malformed"}),
        ("ListVenues", pb.ListVenuesRequest(district_id="a b"), REFERRER, {"district_id_malformed"}),
        ("ReserveCapacity", pb.ReserveCapacityRequest(), WORKER,
         {"case_id_missing", "episode_out_of_range", "staff_id_missing", "at_missing"}),
        ("ReleaseCapacity", pb.ReleaseCapacityRequest(), WORKER,
         {"case_id_missing", "episode_out_of_range", "staff_id_missing"}),
    ],
)  # fmt: skip
async def test_a_faulty_request_is_told_every_fault(
    agencies: Agencies, rpc: str, request_: object, caller: Someone, codes: set[str]
) -> None:
    assert set(await agencies.service.codes(getattr(agencies.stub, rpc), request_, caller)) == codes


@pytest.mark.parametrize(
    ("staff_id", "reason"),
    [
        ("S8", "ended"),
        ("S9", "not_vetted"),
        ("S10", "agreement_lapsed"),
        ("S1", "unknown_facilitator"),
        ("S404", "unknown_facilitator"),
    ],
)
async def test_a_place_that_cannot_be_taken_says_why(agencies: Agencies, staff_id: str, reason: str) -> None:
    answer = await agencies.service.call(agencies.stub.ReserveCapacity, reservation(staff_id), WORKER)
    assert (answer.reserved, answer.reason) == (False, reason)


async def test_a_place_is_taken_once_released_and_taken_again(agencies: Agencies) -> None:
    call, stub = agencies.service.call, agencies.stub
    release = pb.ReleaseCapacityRequest(case_id="C1", episode=1, staff_id="S5")
    await call(stub.ReleaseCapacity, release, WORKER)
    for _ in range(2):
        assert (await call(stub.ReserveCapacity, reservation("S5"), WORKER)).reserved
    full = await call(stub.ReserveCapacity, reservation("S5", "C2"), WORKER)
    assert (full.reserved, full.reason) == (False, "no_capacity")
    for _ in range(2):
        await call(stub.ReleaseCapacity, release, WORKER)
    assert (await call(stub.ReserveCapacity, reservation("S5", "C2"), WORKER)).reserved
    assert not (await call(stub.ReserveCapacity, reservation("S5", "C1"), WORKER)).reserved


async def test_a_place_held_stays_held_when_vetting_has_run_out(agencies: Agencies) -> None:
    call, stub = agencies.service.call, agencies.stub
    assert (await call(stub.ReserveCapacity, reservation("S3"), WORKER)).reserved
    lapsed = staff("S3", "facilitator", practitioner=practitioner(vetting_expires_on="2026-01-01"))
    await call(stub.LoadRegion, pb.LoadRegionRequest(region=pb.Region(staff=[lapsed])), LOADER)
    assert (await call(stub.ReserveCapacity, reservation("S3"), WORKER)).reserved
    assert (await call(stub.ReserveCapacity, reservation("S3", "C2"), WORKER)).reason == "not_vetted"


async def test_twenty_at_once_never_take_more_than_there_is(agencies: Agencies) -> None:
    answers = await asyncio.gather(
        *(
            agencies.service.call(agencies.stub.ReserveCapacity, reservation("S3", f"C{number}"), WORKER)
            for number in range(20)
        )
    )
    assert sum(answer.reserved for answer in answers) == 3
    assert {answer.reason for answer in answers if not answer.reserved} == {"no_capacity"}


async def test_the_same_place_at_once_is_one_place(agencies: Agencies) -> None:
    answers = await asyncio.gather(
        *(agencies.service.call(agencies.stub.ReserveCapacity, reservation("S3"), WORKER) for _ in range(20))
    )
    assert all(answer.reserved for answer in answers)
    found = await agencies.service.call(agencies.stub.MatchFacilitators, needs(), COORDINATOR)
    assert {c.staff_id: c.open_cases for c in found.candidates}["S3"] == 1


async def test_the_tables_are_those_of_the_migrations(agencies: Agencies) -> None:
    config = alembic_config(agencies.service.service_database.owner_url, "services.agencies")
    await asyncio.to_thread(command.check, config)
