"""Reads the agencies service's other requests; whatever is wrong with them is `Refused(INVALID)`, all of it at once."""

from __future__ import annotations

from datetime import datetime

from rjhub.agencies.v1 import agencies_pb2

from services.agencies.domain.matching import CaseNeeds
from services.agencies.domain.reservation import Reservation
from services.agencies.rpc.region_message import LEVELS, read_languages, read_specialisms
from services.runtime.fields import FieldReader, reading_fields

_STAFF_IDS_MAX = 200
_CANDIDATES_MAX = 50
_CANDIDATES = 10
_EPISODES_MAX = 1000
_WORKER = "worker"


def read_staff_ids(request: agencies_pb2.ListStaffRequest) -> tuple[str, ...]:
    """The ids whose names are asked for."""
    with reading_fields() as fields:
        fields.at_most(len(request.staff_ids), "staff_ids", high=_STAFF_IDS_MAX)
        ids = [fields.identifier(value, f"staff_ids[{i}]") for i, value in enumerate(request.staff_ids)]
    return tuple(ids)


def read_district_id(request: agencies_pb2.ListVenuesRequest) -> str:
    """The district whose venues are asked for; "" = all."""
    with reading_fields() as fields:
        return fields.identifier(request.district_id, "district_id", optional=True)


def read_case_needs(request: agencies_pb2.MatchFacilitatorsRequest) -> tuple[CaseNeeds, str, int]:
    """What a case needs, the unit to look in ("" = anywhere) and how many candidates to answer."""
    with reading_fields() as fields:
        fields.identifier(request.case_id, "case_id")
        needs = CaseNeeds(
            district_id=fields.identifier(request.district_id, "district_id"),
            level_at_least=fields.choice(request.level_at_least, "level_at_least", LEVELS),
            specialisms=frozenset(read_specialisms(fields, list(request.specialisms), "specialisms")),
            languages=frozenset(read_languages(fields, list(request.languages), "languages")),
            at=fields.moment(request, "at"),
        )
        unit_id = fields.identifier(request.unit_id, "unit_id", optional=True)
        limit = fields.number(request.limit, "limit", low=0, high=_CANDIDATES_MAX) or _CANDIDATES
    return needs, unit_id, limit


def read_reservation(request: agencies_pb2.ReserveCapacityRequest) -> tuple[Reservation, datetime]:
    """The place to take and the case's own time."""
    with reading_fields(_WORKER) as fields:
        reservation = _reservation(fields, request)
        at = fields.moment(request, "at")
    return reservation, at


def read_release(request: agencies_pb2.ReleaseCapacityRequest) -> Reservation:
    """The place to give back."""
    with reading_fields(_WORKER) as fields:
        return _reservation(fields, request)


def _reservation(
    fields: FieldReader, request: agencies_pb2.ReserveCapacityRequest | agencies_pb2.ReleaseCapacityRequest
) -> Reservation:
    return Reservation(
        case_id=fields.identifier(request.case_id, "case_id"),
        episode=fields.number(request.episode, "episode", low=1, high=_EPISODES_MAX),
        staff_id=fields.identifier(request.staff_id, "staff_id"),
    )
