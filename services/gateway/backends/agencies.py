"""Agencies, units, venues, staff and the match of facilitators, as the agencies service answers them."""

from __future__ import annotations

from datetime import datetime

import grpc.aio
from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.agencies.v1 import agencies_pb2 as pb
from rjhub.agencies.v1 import agencies_pb2_grpc

from services.gateway.backends.form import Form
from services.gateway.backends.wire import number_of, word_of
from services.runtime.rpc_channel import RpcCall

_TIMEOUT_SECONDS = 5.0


class Agency(Form):
    """One agency; empty agreement dates mean none is on file, so that nobody of it gets in."""

    agency_id: str
    name: str
    kind: str
    sharing_agreement_from: str
    sharing_agreement_until: str


class Unit(Form):
    """The hub, a satellite unit, or a specialist one."""

    unit_id: str
    name: str
    kind: str
    agency_id: str
    district_ids: tuple[str, ...]


class Venue(Form):
    """A place to meet, with what matters for safety there."""

    venue_id: str
    name: str
    district_id: str
    separate_entrances: bool
    separate_waiting_rooms: bool
    step_free: bool


class StaffName(Form):
    """A staff id with the name to show for it."""

    staff_id: str
    name: str
    agency_id: str


class Practitioner(Form):
    """What a member of staff who facilitates brings."""

    level: str
    employment: str
    specialisms: tuple[str, ...]
    languages: tuple[str, ...]
    district_ids: tuple[str, ...]
    capacity_cases: int
    vetting_expires_on: str


class Me(Form):
    """The signed-in person's own entry; `practitioner` is null for someone who does not facilitate."""

    staff_id: str
    name: str
    agency_id: str
    agency_name: str
    unit_id: str
    roles: tuple[str, ...]
    ends_on: str
    practitioner: Practitioner | None


class Candidate(Form):
    """One facilitator for a case, with what speaks for and against them (codes)."""

    staff_id: str
    name: str
    unit_id: str
    level: str
    open_cases: int
    capacity_cases: int
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    fit: bool


class Wanted(Form):
    """What a facilitator must bring; empty means no demand."""

    level_at_least: str = ""
    specialisms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    unit_id: str = ""
    limit: int = 0


class Agencies:
    """The agencies service; every call is made as the token's owner and raises `Refused`."""

    def __init__(self, channel: grpc.aio.Channel, rpc: RpcCall) -> None:
        """Call through `channel`."""
        self._stub = agencies_pb2_grpc.AgenciesServiceStub(channel)
        self._rpc = rpc

    async def me(self, token: str) -> Me:
        """The token's owner."""
        answer = await self._rpc.call(
            self._stub.GetMe, pb.GetMeRequest(), token=token, timeout_seconds=_TIMEOUT_SECONDS
        )
        staff = answer.staff
        return Me(
            staff_id=staff.staff_id,
            name=staff.name,
            agency_id=staff.agency_id,
            agency_name=answer.agency.name,
            unit_id=staff.unit_id,
            roles=tuple(staff.roles),
            ends_on=staff.ends_on,
            practitioner=_practitioner(staff.practitioner) if staff.HasField("practitioner") else None,
        )

    async def agencies(self, token: str) -> tuple[Agency, ...]:
        """Every agency of the region."""
        answer = await self._rpc.call(
            self._stub.ListAgencies, pb.ListAgenciesRequest(), token=token, timeout_seconds=_TIMEOUT_SECONDS
        )
        return tuple(
            Agency(
                agency_id=agency.agency_id,
                name=agency.name,
                kind=word_of(pb.AgencyKind, agency.kind),
                sharing_agreement_from=agency.sharing_agreement_from,
                sharing_agreement_until=agency.sharing_agreement_until,
            )
            for agency in answer.agencies
        )

    async def units(self, token: str) -> tuple[Unit, ...]:
        """Every unit of the region."""
        answer = await self._rpc.call(
            self._stub.ListUnits, pb.ListUnitsRequest(), token=token, timeout_seconds=_TIMEOUT_SECONDS
        )
        return tuple(
            Unit(
                unit_id=unit.unit_id,
                name=unit.name,
                kind=word_of(pb.UnitKind, unit.kind),
                agency_id=unit.agency_id,
                district_ids=tuple(unit.district_ids),
            )
            for unit in answer.units
        )

    async def venues(self, district_id: str, token: str) -> tuple[Venue, ...]:
        """The venues of one district, or all."""
        request = pb.ListVenuesRequest(district_id=district_id)
        answer = await self._rpc.call(self._stub.ListVenues, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)
        return tuple(
            Venue(
                venue_id=venue.venue_id,
                name=venue.name,
                district_id=venue.district_id,
                separate_entrances=venue.separate_entrances,
                separate_waiting_rooms=venue.separate_waiting_rooms,
                step_free=venue.step_free,
            )
            for venue in answer.venues
        )

    async def staff(self, staff_ids: list[str], token: str) -> tuple[StaffName, ...]:
        """Display names of at most 200 staff; unknown ids are left out."""
        request = pb.ListStaffRequest(staff_ids=staff_ids)
        answer = await self._rpc.call(self._stub.ListStaff, request, token=token, timeout_seconds=_TIMEOUT_SECONDS)
        return tuple(
            StaffName(staff_id=staff.staff_id, name=staff.name, agency_id=staff.agency_id) for staff in answer.staff
        )

    async def match(
        self, case_id: str, district_id: str, wanted: Wanted, at: datetime, token: str
    ) -> tuple[Candidate, ...]:
        """Facilitators for a case at the time `at`, best first."""
        moment = Timestamp()
        moment.FromDatetime(at)
        request = pb.MatchFacilitatorsRequest(
            case_id=case_id,
            district_id=district_id,
            level_at_least=pb.Level.ValueType(number_of(pb.Level, wanted.level_at_least)),
            specialisms=wanted.specialisms,
            languages=wanted.languages,
            unit_id=wanted.unit_id,
            at=moment,
            limit=wanted.limit,
        )
        answer = await self._rpc.call(
            self._stub.MatchFacilitators, request, token=token, timeout_seconds=_TIMEOUT_SECONDS
        )
        return tuple(_candidate(candidate) for candidate in answer.candidates)


def _practitioner(practitioner: pb.Practitioner) -> Practitioner:
    return Practitioner(
        level=word_of(pb.Level, practitioner.level),
        employment=word_of(pb.EmploymentKind, practitioner.employment),
        specialisms=tuple(practitioner.specialisms),
        languages=tuple(practitioner.languages),
        district_ids=tuple(practitioner.district_ids),
        capacity_cases=practitioner.capacity_cases,
        vetting_expires_on=practitioner.vetting_expires_on,
    )


def _candidate(candidate: pb.Candidate) -> Candidate:
    return Candidate(
        staff_id=candidate.staff_id,
        name=candidate.name,
        unit_id=candidate.unit_id,
        level=word_of(pb.Level, candidate.level),
        open_cases=candidate.open_cases,
        capacity_cases=candidate.capacity_cases,
        reasons_for=tuple(candidate.reasons_for),
        reasons_against=tuple(candidate.reasons_against),
        fit=candidate.fit,
    )
