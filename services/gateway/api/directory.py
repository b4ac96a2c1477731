"""Who is who and where: the signed-in person, agencies, units, venues and the names of staff."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.api.describing import BY_SERVICE, QUERY, SERVICE, answer, described
from services.gateway.api.sign_in import SignIn
from services.gateway.backends.agencies import Agencies, Agency, Me, StaffName, Unit, Venue
from services.gateway.backends.form import Form
from services.runtime.refusal import Kind, Refusal, Refused
from workflows.contracts.vocabulary import District

_TAG = "Directory"
_STAFF_IDS_MAX = 200


class AgencyList(Form):
    """Every agency."""

    agencies: tuple[Agency, ...]


class UnitList(Form):
    """Every unit."""

    units: tuple[Unit, ...]


class VenueList(Form):
    """The venues asked for."""

    venues: tuple[Venue, ...]


class StaffList(Form):
    """The staff asked for; unknown ids are left out."""

    staff: tuple[StaffName, ...]


class DirectoryApi:
    """Reads of the agencies service."""

    def __init__(self, sign_in: SignIn, agencies: Agencies) -> None:
        """Let people in with `sign_in`, ask `agencies`."""
        self._sign_in = sign_in
        self._agencies = agencies

    def routes(self) -> list[APIRoute]:
        """Every route of the directory."""

        def read(name: str, summary: str, model: type[Form], codes: tuple[str, ...] = ()) -> dict[str, Any]:
            return described(name, summary, _TAG, answers={200: model}, codes=(*codes, *SERVICE), passed_on=BY_SERVICE)

        venues = read("list_venues", "Venues, of one district or of all", VenueList, QUERY)
        staff = read("list_staff", "Display names for staff ids, at most 200 at once", StaffList, QUERY)
        return [
            APIRoute("/v1/me", self.me, **read("me", "The signed-in person", Me)),
            APIRoute("/v1/agencies", self.agencies, **read("list_agencies", "Every agency", AgencyList)),
            APIRoute("/v1/units", self.units, **read("list_units", "The hub and every unit", UnitList)),
            APIRoute("/v1/venues", self.venues, **venues),
            APIRoute("/v1/staff", self.staff, **staff),
        ]

    async def me(self, request: Request) -> Response:
        """Answer the signed-in person."""
        return answer(await self._agencies.me((await self._sign_in.caller(request)).token))

    async def agencies(self, request: Request) -> Response:
        """Answer every agency."""
        caller = await self._sign_in.caller(request)
        return answer(AgencyList(agencies=await self._agencies.agencies(caller.token)))

    async def units(self, request: Request) -> Response:
        """Answer every unit."""
        caller = await self._sign_in.caller(request)
        return answer(UnitList(units=await self._agencies.units(caller.token)))

    async def venues(self, request: Request, district: District | None = None) -> Response:
        """Answer the venues of a district, or all."""
        caller = await self._sign_in.caller(request)
        return answer(VenueList(venues=await self._agencies.venues(district or "", caller.token)))

    async def staff(
        self, request: Request, ids: Annotated[str, Query(description="Ids, parted by commas.", max_length=20_000)]
    ) -> Response:
        """Answer the names of staff."""
        caller = await self._sign_in.caller(request)
        staff_ids = [staff_id for part in ids.split(",") if (staff_id := part.strip())]
        if not 0 < len(staff_ids) <= _STAFF_IDS_MAX:
            sentence = f"Between 1 and {_STAFF_IDS_MAX} ids are taken, parted by commas."
            raise Refused(Kind.INVALID, Refusal("field_malformed", sentence, field="ids", who="caller"))
        return answer(StaffList(staff=await self._agencies.staff(staff_ids, caller.token)))
