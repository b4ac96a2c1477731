"""A small invented region, and who calls in its tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.agencies.v1 import agencies_pb2 as pb
from rjhub.agencies.v1 import agencies_pb2_grpc

from tests.support.running_service import RunningService, Someone

LOADER = Someone("loader", ("service.loader",))
WORKER = Someone("worker", ("service.worker",))
COORDINATOR = Someone("S1", ("coordinator",))
REFERRER = Someone("S2", ("referrer",))
UNIT_LEAD = Someone("S4", ("unit_lead",), "north")


@dataclass(frozen=True, slots=True)
class Agencies:
    """The running service and its stub."""

    service: RunningService
    stub: agencies_pb2_grpc.AgenciesServiceAsyncStub


def moment(text: str = "2026-06-01T12:00:00+00:00") -> Timestamp:
    """A time of a case."""
    made = Timestamp()
    made.FromDatetime(datetime.fromisoformat(text).astimezone(UTC))
    return made


def practitioner(**changes: Any) -> pb.Practitioner:
    """A vetted facilitator of Walsall for three cases, but for the changes."""
    given: dict[str, Any] = {
        "level": pb.LEVEL_INTERMEDIATE,
        "employment": pb.EMPLOYMENT_KIND_PAID,
        "specialisms": ["youth"],
        "languages": ["en"],
        "district_ids": ["walsall"],
        "capacity_cases": 3,
        "vetting_expires_on": "2026-12-31",
    }
    return pb.Practitioner(**(given | changes))


def staff(staff_id: str, role: str, agency_id: str = "hub", **fields: Any) -> pb.Staff:
    """A member of staff."""
    return pb.Staff(staff_id=staff_id, name=f"Canary {staff_id}", agency_id=agency_id, roles=[role], **fields)


def region() -> pb.Region:
    """Two districts, four agencies (one lapsed, one without an agreement), two units, and people in all of them."""
    years = {"sharing_agreement_from": "2026-01-01", "sharing_agreement_until": "2026-12-31"}
    lapsed = {"sharing_agreement_from": "2025-01-01", "sharing_agreement_until": "2025-12-31"}
    return pb.Region(
        districts=[
            pb.District(district_id="walsall", name="Walsall"),
            pb.District(district_id="dudley", name="Dudley"),
        ],
        agencies=[
            pb.Agency(agency_id="hub", name="The Hub", kind=pb.AGENCY_KIND_HUB, **years),
            pb.Agency(agency_id="police", name="Invented Police", kind=pb.AGENCY_KIND_POLICE, **years),
            pb.Agency(agency_id="lapsed", name="Lapsed Homes", kind=pb.AGENCY_KIND_HOUSING, **lapsed),
            pb.Agency(agency_id="unsigned", name="Unsigned Trust", kind=pb.AGENCY_KIND_CHARITY),
        ],
        units=[
            pb.Unit(
                unit_id="north", name="North", kind=pb.UNIT_KIND_SATELLITE, agency_id="police", district_ids=["walsall"]
            ),
            pb.Unit(unit_id="centre", name="Centre", kind=pb.UNIT_KIND_HUB, agency_id="hub"),
        ],
        staff=[
            staff("S1", "coordinator"),
            staff("S2", "referrer", "police"),
            staff("S3", "facilitator", unit_id="centre", practitioner=practitioner()),
            staff("S4", "unit_lead", "police", unit_id="north"),
            staff("S5", "facilitator", "police", unit_id="north", practitioner=practitioner(capacity_cases=1)),
            staff("S6", "referrer", "lapsed"),
            staff("S7", "referrer", "unsigned"),
            staff("S8", "facilitator", ends_on="2026-05-31", practitioner=practitioner()),
            staff("S9", "facilitator", practitioner=practitioner(vetting_expires_on="")),
            staff("S10", "facilitator", "lapsed", practitioner=practitioner()),
        ],
        venues=[
            pb.Venue(venue_id="V1", name="Hall", district_id="walsall", separate_entrances=True, step_free=True),
            pb.Venue(venue_id="V2", name="Barn", district_id="dudley", separate_waiting_rooms=True),
        ],
    )


def needs(**changes: Any) -> pb.MatchFacilitatorsRequest:
    """A case of Walsall for any facilitator."""
    given: dict[str, Any] = {
        "case_id": "C1",
        "district_id": "walsall",
        "level_at_least": pb.LEVEL_FOUNDATION,
        "at": moment(),
    }
    return pb.MatchFacilitatorsRequest(**(given | changes))


def reservation(staff_id: str = "S3", case_id: str = "C1", **changes: Any) -> pb.ReserveCapacityRequest:
    """One place of a facilitator for a case."""
    given: dict[str, Any] = {"case_id": case_id, "episode": 1, "staff_id": staff_id, "at": moment()}
    return pb.ReserveCapacityRequest(**(given | changes))
