"""A case engine in memory: it keeps what it is asked, answers repeated ids, and refuses what it is told to refuse."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from services.gateway.backends.cases import CaseNotKept, StepTurnedDown, unknown_case
from services.runtime.refusal import Kind, Refusal, Refused
from workflows.contracts.actor import Actor
from workflows.contracts.case_view import CaseView, PointView
from workflows.contracts.step_request import StepReceipt, StepRequest
from workflows.contracts.vocabulary import PointKind, PointStatus, Stage

CASE_ID = "0190f7a2-1111-5222-8333-444455556666"
UNKNOWN_CASE_ID = "0190f7a2-9999-5222-8333-444455556666"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
WRONG_STAGE = StepTurnedDown(
    Kind.NOT_ALLOWED_NOW, Refusal("wrong_stage", "The case is not being screened.", who="coordinator")
)
CONSENT_MISSING = StepTurnedDown(
    Kind.NOT_ALLOWED_NOW,
    Refusal("consent_missing", "Consent to take part is missing.", field="person_id", who="facilitator"),
    Refusal("not_prepared", "One person is not prepared.", who="facilitator"),
)
WRONG_ROLE = StepTurnedDown(Kind.FORBIDDEN, Refusal("not_your_step", "A lead takes this step.", who="lead"))
CLOSED = StepTurnedDown(Kind.NOT_ALLOWED_NOW, Refusal("case_closed", "The case is closed.", field="case_id"))
AWAY = Refused(Kind.UNAVAILABLE, Refusal("engine_unavailable", "The case could not be reached just now."))


@dataclass
class FakeEngine:
    """Knows one case; only the agency `hub`, participants and referrers of `westmarch-police` have a part in it."""

    refusal: Exception | None = None
    in_ledger: bool = True
    point_status: PointStatus = PointStatus.SENT
    requests: list[StepRequest] = field(default_factory=list)
    receipts: dict[tuple[str, str], StepReceipt] = field(default_factory=dict)

    async def open_case(self, case_id: str, request: StepRequest, update_id: str) -> StepReceipt:
        return self._take(case_id, request, update_id)

    async def take_step(self, case_id: str, request: StepRequest, update_id: str) -> StepReceipt:
        if case_id != CASE_ID:
            raise CaseNotKept
        return self._take(case_id, request, update_id)

    async def view(self, case_id: str, actor: Actor) -> CaseView:
        if isinstance(self.refusal, Refused) and self.refusal.kind is Kind.UNAVAILABLE:
            raise self.refusal
        if case_id != CASE_ID:
            raise CaseNotKept
        if not (actor.person_id or actor.agency_id in ("hub", "westmarch-police")):
            raise unknown_case()
        return a_view(self.point_status)

    async def ready(self) -> bool:
        return self.refusal is None

    def _take(self, case_id: str, request: StepRequest, update_id: str) -> StepReceipt:
        known = self.receipts.get((case_id, update_id))
        if known is not None:
            return known
        self.requests.append(request)
        if self.refusal is not None:
            raise self.refusal
        receipt = StepReceipt(
            case_id=case_id,
            sequence=len(self.requests),
            stage=Stage.RECEIVED,
            in_ledger=self.in_ledger,
            request_digest=request.request_digest,
            at=NOW,
        )
        self.receipts[case_id, update_id] = receipt
        return replace(receipt)


def a_view(point_status: PointStatus) -> CaseView:
    """A case in follow-up with one point."""
    point = PointView(
        point_id="point-1", kind=PointKind.WELFARE, person_id="p-1", status=point_status, due_at=NOW, reason=""
    )
    return CaseView(
        case_id=CASE_ID,
        episode=1,
        sequence=3,
        now=NOW,
        coarse=False,
        stage=Stage.FOLLOW_UP,
        handling=None,
        stream="crime",
        harm_type="burglary",
        district="dudley",
        initiator="victim_led",
        rj_level="level_2",
        justice_stage="reported",
        referrer_agency_id="westmarch-police",
        unit_id="",
        facilitator_ids=("S131",),
        paused="",
        paused_person_id="",
        held="",
        waiting_for="",
        closed_reason="",
        closed_side="",
        opened_at=NOW,
        next_due_at=None,
        people=(),
        processes=(),
        exchanges=(),
        items=(),
        points=(point,),
        tasks=(),
        steps_now=("answer_follow_up",),
    )
