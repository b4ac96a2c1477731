"""Answers the agencies service's RPCs: reads the request, runs one use case in one unit of work, writes the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from rjhub.agencies.v1 import agencies_pb2, agencies_pb2_grpc

from services.agencies.rpc import requests, responses
from services.agencies.rpc.region_message import read_region
from services.agencies.storage.store import SqlStore
from services.agencies.use_cases.get_me import get_me
from services.agencies.use_cases.load_region import load_region
from services.agencies.use_cases.match_facilitators import match_facilitators
from services.agencies.use_cases.reserve_capacity import reserve_capacity
from services.runtime.database import Database
from services.runtime.rpc_server import current_caller


class AgenciesServicer(agencies_pb2_grpc.AgenciesServiceServicer):
    """The RPCs of `rjhub.agencies.v1.AgenciesService`; lists without a rule of their own come straight from storage."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """`clock` gives the real time, aware, for those who sign in today."""
        self._database = database
        self._clock = clock

    async def LoadRegion(
        self, request: agencies_pb2.LoadRegionRequest, context: object
    ) -> agencies_pb2.LoadRegionResponse:
        """Load or refresh the region."""
        region = read_region(request)
        async with self._store() as store:
            await load_region(store, region)
        return agencies_pb2.LoadRegionResponse(
            agencies=len(region.agencies), units=len(region.units), staff=len(region.staff), venues=len(region.venues)
        )

    async def ListAgencies(
        self, request: agencies_pb2.ListAgenciesRequest, context: object
    ) -> agencies_pb2.ListAgenciesResponse:
        """Every agency."""
        async with self._store() as store:
            found = await store.agencies()
        return agencies_pb2.ListAgenciesResponse(agencies=map(responses.write_agency, found))

    async def ListUnits(
        self, request: agencies_pb2.ListUnitsRequest, context: object
    ) -> agencies_pb2.ListUnitsResponse:
        """Every unit."""
        async with self._store() as store:
            found = await store.units()
        return agencies_pb2.ListUnitsResponse(units=map(responses.write_unit, found))

    async def ListVenues(
        self, request: agencies_pb2.ListVenuesRequest, context: object
    ) -> agencies_pb2.ListVenuesResponse:
        """The venues of a district or of all."""
        district_id = requests.read_district_id(request)
        async with self._store() as store:
            found = await store.venues(district_id)
        return agencies_pb2.ListVenuesResponse(venues=map(responses.write_venue, found))

    async def GetMe(self, request: agencies_pb2.GetMeRequest, context: object) -> agencies_pb2.GetMeResponse:
        """The caller's own entry."""
        async with self._store() as store:
            staff, agency = await get_me(store, current_caller(), self._clock())
        return agencies_pb2.GetMeResponse(staff=responses.write_staff(staff), agency=responses.write_agency(agency))

    async def ListStaff(
        self, request: agencies_pb2.ListStaffRequest, context: object
    ) -> agencies_pb2.ListStaffResponse:
        """The names of some staff; unknown ids are left out."""
        staff_ids = requests.read_staff_ids(request)
        async with self._store() as store:
            found = await store.staff_names(staff_ids)
        return agencies_pb2.ListStaffResponse(staff=map(responses.write_staff_name, found))

    async def MatchFacilitators(
        self, request: agencies_pb2.MatchFacilitatorsRequest, context: object
    ) -> agencies_pb2.MatchFacilitatorsResponse:
        """The best candidates for a case."""
        needs, unit_id, limit = requests.read_case_needs(request)
        async with self._store() as store:
            candidates = await match_facilitators(store, current_caller(), needs, unit_id, limit)
        return agencies_pb2.MatchFacilitatorsResponse(candidates=map(responses.write_candidate, candidates))

    async def ReserveCapacity(
        self, request: agencies_pb2.ReserveCapacityRequest, context: object
    ) -> agencies_pb2.ReserveCapacityResponse:
        """Take one place of capacity."""
        reservation, at = requests.read_reservation(request)
        async with self._store() as store:
            bar = await reserve_capacity(store, reservation, at)
        return agencies_pb2.ReserveCapacityResponse(reserved=bar is None, reason=bar or "")

    async def ReleaseCapacity(
        self, request: agencies_pb2.ReleaseCapacityRequest, context: object
    ) -> agencies_pb2.ReleaseCapacityResponse:
        """Give a place back."""
        reservation = requests.read_release(request)
        async with self._store() as store:
            await store.release(reservation)
        return agencies_pb2.ReleaseCapacityResponse()

    @asynccontextmanager
    async def _store(self) -> AsyncIterator[SqlStore]:
        async with self._database.unit_of_work() as connection:
            yield SqlStore(connection)
