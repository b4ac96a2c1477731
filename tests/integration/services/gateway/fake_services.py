"""The four services as fakes over real gRPC: they keep in memory what they are given, and refuse when told to."""

# ruff: noqa: N802  # gRPC names the methods

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import grpc.aio
from google.protobuf.timestamp_pb2 import Timestamp
from rjhub.agencies.v1 import agencies_pb2, agencies_pb2_grpc
from rjhub.notifications.v1 import notifications_pb2, notifications_pb2_grpc
from rjhub.records.v1 import records_pb2, records_pb2_grpc
from rjhub.reporting.v1 import reporting_pb2, reporting_pb2_grpc

from services.runtime.identity import TokenVerifier
from services.runtime.refusal import Kind, Refusal, Refused
from services.runtime.rpc_server import RpcServer, current_caller

# As a service would list them; which role may call what is each service's own test.
ANYBODY = frozenset({"referrer", "coordinator", "lead", "facilitator", "commissioner", "service.gateway"})
LINK_TOKEN = "a-link-that-was-sent-0001"
MODULES = (agencies_pb2, notifications_pb2, records_pb2, reporting_pb2)


def moment(seconds: int = 1_780_000_000) -> Timestamp:
    """A fixed time."""
    return Timestamp(seconds=seconds)


def closed_summary(**fields: Any) -> reporting_pb2.CaseSummary:
    """A case that closed, as the ledger keeps it."""
    given: dict[str, Any] = {
        "sequence": 41,
        "episode": 1,
        "stage": "closed",
        "handling": "ordinary",
        "stream": "crime",
        "harm_type": "burglary",
        "district_id": "dudley",
        "referrer_agency_id": "westmarch-police",
        "unit_id": "u-1",
        "facilitator_ids": ["S131"],
        "opened_at": moment(),
        "changed_at": moment(1_790_000_000),
        "closed_reason": "completed",
    }
    return reporting_pb2.CaseSummary(**(given | fields))


class FakeAgencies(agencies_pb2_grpc.AgenciesServiceServicer):
    """One of everything; `refusal` is whom it lets in: nobody. `asked` are those whom it was asked about."""

    def __init__(self) -> None:
        self.refusal: Refused | None = None
        self.asked: list[str] = []
        self.match_requests: list[agencies_pb2.MatchFacilitatorsRequest] = []

    async def GetMe(self, request: Any, context: Any) -> agencies_pb2.GetMeResponse:
        self.asked.append(current_caller().subject)
        if self.refusal is not None:
            raise self.refusal
        practitioner = agencies_pb2.Practitioner(level=agencies_pb2.LEVEL_ADVANCED, languages=["en"])
        staff = agencies_pb2.Staff(
            staff_id=current_caller().subject, name="Imogen Thistledown", agency_id="hub", practitioner=practitioner
        )
        return agencies_pb2.GetMeResponse(staff=staff, agency=agencies_pb2.Agency(agency_id="hub", name="The Hub"))

    async def ListAgencies(self, request: Any, context: Any) -> agencies_pb2.ListAgenciesResponse:
        agency = agencies_pb2.Agency(agency_id="hub", name="The Hub", kind=agencies_pb2.AGENCY_KIND_HUB)
        return agencies_pb2.ListAgenciesResponse(agencies=[agency])

    async def ListUnits(self, request: Any, context: Any) -> agencies_pb2.ListUnitsResponse:
        unit = agencies_pb2.Unit(
            unit_id="u-1", name="Unit", kind=agencies_pb2.UNIT_KIND_SATELLITE, district_ids=["dudley"]
        )
        return agencies_pb2.ListUnitsResponse(units=[unit])

    async def ListVenues(self, request: Any, context: Any) -> agencies_pb2.ListVenuesResponse:
        venue = agencies_pb2.Venue(venue_id="v-1", name="Rooms", district_id=request.district_id, step_free=True)
        return agencies_pb2.ListVenuesResponse(venues=[venue])

    async def ListStaff(self, request: Any, context: Any) -> agencies_pb2.ListStaffResponse:
        names = [agencies_pb2.StaffName(staff_id=one, name="Someone", agency_id="hub") for one in request.staff_ids]
        return agencies_pb2.ListStaffResponse(staff=names)

    async def MatchFacilitators(self, request: Any, context: Any) -> agencies_pb2.MatchFacilitatorsResponse:
        self.match_requests.append(request)
        candidate = agencies_pb2.Candidate(
            staff_id="S131", name="Someone", level=agencies_pb2.LEVEL_ADVANCED, fit=True, reasons_for=["district"]
        )
        return agencies_pb2.MatchFacilitatorsResponse(candidates=[candidate])


@dataclass
class FakeRecords(records_pb2_grpc.RecordsServiceServicer):
    """Keeps notes and referrals by request key; `refusal` makes every call refuse."""

    notes: dict[tuple[str, str], records_pb2.AddNoteRequest] = field(default_factory=dict)
    referrals: dict[str, records_pb2.RegisterReferralRequest] = field(default_factory=dict)
    rules: list[records_pb2.SetContactRuleRequest] = field(default_factory=list)
    refusal: Refused | None = None

    def _check(self) -> None:
        if self.refusal is not None:
            raise self.refusal

    async def RegisterReferral(self, request: Any, context: Any) -> records_pb2.RegisterReferralResponse:
        self._check()
        if self.referrals.setdefault(request.request_key, request) != request:
            raise reused()
        ids = [f"{request.case_id[:8]}-{number}" for number in range(len(request.people))]
        return records_pb2.RegisterReferralResponse(
            person_ids=ids, narrative_note_id="note-narrative" if request.narrative else ""
        )

    async def AddNote(self, request: Any, context: Any) -> records_pb2.AddNoteResponse:
        self._check()
        if self.notes.setdefault((request.request_key, request.slot), request) != request:
            raise reused()
        return records_pb2.AddNoteResponse(note_id=f"note-{request.slot}")

    async def DiscardRequest(self, request: Any, context: Any) -> records_pb2.DiscardRequestResponse:
        self._check()
        self.notes = {key: note for key, note in self.notes.items() if key[0] != request.request_key}
        self.referrals.pop(request.request_key, None)
        return records_pb2.DiscardRequestResponse()

    async def GetCaseRecord(self, request: Any, context: Any) -> records_pb2.GetCaseRecordResponse:
        self._check()
        rule = records_pb2.ContactRule(
            channel=records_pb2.CHANNEL_EMAIL,
            address="rowena@example.org",
            confirmed_on="2026-03-02",
            safe_weekdays=[1],
        )
        person = records_pb2.Person(
            person_id="p-1", role=records_pb2.PARTY_ROLE_HARMED, name="Rowena Fictional", contact=[rule]
        )
        note = records_pb2.Note(note_id="n-1", text="She would rather be written to.", written_at=moment())
        return records_pb2.GetCaseRecordResponse(people=[person], notes=[note], agency_reference="20/0/26")

    async def SetContactRule(self, request: Any, context: Any) -> records_pb2.SetContactRuleResponse:
        self._check()
        self.rules.append(request)
        return records_pb2.SetContactRuleResponse()


class FakeReporting(reporting_pb2_grpc.ReportingServiceServicer):
    """One case, one task, one figure; `kept` are the cases it can answer alone, and `refusal` is how it refuses."""

    def __init__(self) -> None:
        self.kept: dict[str, reporting_pb2.CaseSummary] = {}
        self.refusal = Refused(Kind.NOT_FOUND, Refusal("unknown_case", "There is no such case.", field="case_id"))
        self.list_requests: list[reporting_pb2.ListCasesRequest] = []

    async def GetTimeline(self, request: Any, context: Any) -> reporting_pb2.GetTimelineResponse:
        entry = reporting_pb2.Entry(
            sequence=1,
            episode=1,
            kind="referral_received",
            happened_at=moment(),
            data_json='{"parties": ["p-1"], "n": 2}',
        )
        return reporting_pb2.GetTimelineResponse(entries=[entry], more=True)

    async def GetCase(self, request: Any, context: Any) -> reporting_pb2.GetCaseResponse:
        summary = self.kept.get(request.case_id)
        if summary is None:
            raise self.refusal
        return reporting_pb2.GetCaseResponse(case=reporting_pb2.CaseRow(case_id=request.case_id, summary=summary))

    async def ListCases(self, request: Any, context: Any) -> reporting_pb2.ListCasesResponse:
        self.list_requests.append(request)
        task = reporting_pb2.Task(task_id="t-1", kind="take_up", due_at=moment())
        summary = reporting_pb2.CaseSummary(sequence=1, episode=1, stage="received", opened_at=moment(), tasks=[task])
        row = reporting_pb2.CaseRow(case_id="c-1", summary=summary)
        return reporting_pb2.ListCasesResponse(cases=[row], next_cursor="next", count_by_stage={"received": 1})

    async def ListTasks(self, request: Any, context: Any) -> reporting_pb2.ListTasksResponse:
        return reporting_pb2.ListTasksResponse(tasks=[reporting_pb2.Task(task_id="t-1", case_id="c-1")], total=1)

    async def GetFigures(self, request: Any, context: Any) -> reporting_pb2.GetFiguresResponse:
        if request.from_date > request.until_date:
            raise Refused(Kind.INVALID, Refusal("period_reversed", "The first day is after the last.", field="from"))
        if "commissioner" not in current_caller().roles:
            raise Refused(Kind.FORBIDDEN, Refusal("role_not_allowed", "Your role does not allow this."))
        return reporting_pb2.GetFiguresResponse(figures=[reporting_pb2.Figure(code="K1", label="Referrals", value=7)])


class FakeNotifications(notifications_pb2_grpc.NotificationsServiceServicer):
    """Knows one link."""

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id

    async def ResolveLink(self, request: Any, context: Any) -> notifications_pb2.ResolveLinkResponse:
        if request.token != LINK_TOKEN:
            raise Refused(Kind.NOT_FOUND, Refusal("link_unknown", "There is no such link."))
        return notifications_pb2.ResolveLinkResponse(
            case_id=self.case_id, person_id="p-1", point_id="point-1", language="pa"
        )


def reused() -> Refused:
    """As records refuses a key that stands for something else."""
    return Refused(Kind.CONFLICT, Refusal("idempotency_key_reused", "This key was used for another request."))


@dataclass
class FakeServices:
    """All four on one port."""

    agencies: FakeAgencies
    records: FakeRecords
    reporting: FakeReporting
    notifications: FakeNotifications
    server: RpcServer

    @property
    def address(self) -> str:
        """Where they listen."""
        return f"127.0.0.1:{self.server.port}"


async def start_services(issuer_url: str, case_id: str) -> FakeServices:
    """Start them behind the real guard, so that tokens and refusals travel as they do in earnest."""
    # The stubs call for every method; these have those the gateway calls, and gRPC answers for the others.
    agencies = FakeAgencies()  # type: ignore[abstract]  # see above
    records = FakeRecords()  # type: ignore[abstract]  # see above
    reporting = FakeReporting()  # type: ignore[abstract]  # see above
    notifications = FakeNotifications(case_id)  # type: ignore[abstract]  # see above

    def register(server: grpc.aio.Server) -> None:
        agencies_pb2_grpc.add_AgenciesServiceServicer_to_server(agencies, server)
        records_pb2_grpc.add_RecordsServiceServicer_to_server(records, server)
        reporting_pb2_grpc.add_ReportingServiceServicer_to_server(reporting, server)
        notifications_pb2_grpc.add_NotificationsServiceServicer_to_server(notifications, server)

    async def ready() -> bool:
        return True

    descriptors = [service for module in MODULES for service in module.DESCRIPTOR.services_by_name.values()]
    rows = {f"{service.full_name}/{method.name}": ANYBODY for service in descriptors for method in service.methods}
    server = RpcServer(
        process="fakes",
        listen="127.0.0.1:0",
        verifier=TokenVerifier(issuer_url),
        permissions=rows,
        register=register,
        services=descriptors,
        ready=ready,
    )
    await server.start()
    return FakeServices(agencies, records, reporting, notifications, server)
