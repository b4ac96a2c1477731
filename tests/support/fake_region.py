"""Invented people, cases and figures as the gateway would answer them: what the fake gateway serves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from workflows.contracts.case_view import (
    CaseView,
    ExchangeView,
    ItemView,
    ParticipationView,
    PointView,
    ProcessView,
)
from workflows.contracts.ledger_entry import OpenTask
from workflows.contracts.steps import STEPS
from workflows.contracts.vocabulary import (
    ConsentKind,
    ExchangeStatus,
    Exit,
    Handling,
    ItemKind,
    ItemStatus,
    ParticipationStatus,
    PartyRole,
    PointKind,
    PointStatus,
    ProcessKind,
    ProcessStatus,
    RiskLevel,
    Stage,
)

NOW = datetime(2026, 3, 27, 10, 0, tzinfo=UTC)
CASE, REFERRERS_CASE, HELD_CASE = (f"{number}1f0c3a2-5b7d-5e1f-9a3b-6c8d0e2f4a1{number}" for number in (1, 2, 3))
HARMED, RESPONSIBLE, SUPPORTER, GONE = "p-1", "p-2", "p-3", "p-4"
PROCESS, EXCHANGE, ITEM, POINT = "process-1", "exchange-1", "item-1", "point-1"
NASTY = 'She said "stop" & <script>alert(1)</script>\n\nمرحبا بالعالم שלום 🕊️👩🏽‍🦽 O\'Neill {{ 7*7 }}'

_PERSON = ParticipationView(
    person_id=HARMED, role=PartyRole.HARMED, status=ParticipationStatus.CONSENTED, exit=None, may_be_contacted="yes",
    consents=(ConsentKind.CONTACT, ConsentKind.PARTICIPATION), risk=RiskLevel.LOW, bars=(), responsibility="unknown",
    agreed_to_approach=True, contact_attempts=2, informed_pack="2026-04",
)  # fmt: skip


def case_views() -> dict[str, CaseView]:
    """The cases by id: one with everything in it, one as its referrer sees it, one on hold."""
    whole = CaseView(
        case_id=CASE, episode=1, sequence=31, now=NOW, coarse=False, stage=Stage.MONITORING,
        handling=Handling.SENSITIVE, stream="crime", harm_type="burglary", district="birmingham",
        initiator="victim_led", rj_level="level_2", justice_stage="post_sentence_community",
        referrer_agency_id="westmarch-police", unit_id="police-birmingham", facilitator_ids=("S131", "S132"),
        paused="", paused_person_id="", held="", waiting_for="countersign_ready", closed_reason="", closed_side="",
        opened_at=NOW - timedelta(days=80), next_due_at=NOW + timedelta(days=3),
        people=(
            _PERSON,
            replace(_PERSON, person_id=RESPONSIBLE, role=PartyRole.RESPONSIBLE, responsibility="accepts",
                    risk=RiskLevel.HIGH, bars=("licence_condition",), agreed_to_approach=False),
            replace(_PERSON, person_id=SUPPORTER, role=PartyRole.SUPPORTER, consents=(), risk=None,
                    status=ParticipationStatus.NAMED, may_be_contacted="unknown", informed_pack="", contact_attempts=0),
            replace(_PERSON, person_id=GONE, role=PartyRole.BOTH, status=ParticipationStatus.EXITED,
                    exit=Exit.WITHDREW, consents=()),
        ),
        processes=(
            ProcessView(process_id=PROCESS, kind=ProcessKind.FACE_TO_FACE, status=ProcessStatus.HELD,
                        person_ids=(HARMED, RESPONSIBLE), starts_at=NOW - timedelta(days=2),
                        venue_id="canal-street-rooms"),
        ),
        exchanges=(
            ExchangeView(exchange_id=EXCHANGE, process_id=PROCESS, from_person_id=RESPONSIBLE, to_person_id=HARMED,
                         status=ExchangeStatus.REVIEWED, content_note_id="n-3"),
        ),
        items=(
            ItemView(item_id=ITEM, process_id=PROCESS, kind=ItemKind.PRACTICAL_REPARATION, status=ItemStatus.PROPOSED,
                     owner_person_id=RESPONSIBLE, for_person_ids=(HARMED,), due_on=date(2026, 5, 1),
                     agreed_by=(HARMED,), wording_note_id="n-2"),
        ),
        points=(
            PointView(point_id=POINT, kind=PointKind.WELFARE, person_id=HARMED, status=PointStatus.HANDED_TO_PERSON,
                      due_at=NOW + timedelta(days=1), reason="no_safe_channel"),
        ),
        tasks=tuple(OpenTask(**{**task, "due_at": task["due_at"]}) for task in _tasks()),
        steps_now=tuple(kind for kind in STEPS if kind != "submit_referral"),
    )  # fmt: skip
    seen_from_afar = replace(
        whole, case_id=REFERRERS_CASE, coarse=True, stage=Stage.INFO_REQUESTED, people=(), processes=(), exchanges=(),
        items=(), points=(), tasks=(), facilitator_ids=(), unit_id="", handling=None, waiting_for="",
        steps_now=("provide_information",),
    )  # fmt: skip
    held = replace(
        whole, case_id=HELD_CASE, episode=2, stage=Stage.ENGAGING, held="threat", paused="victim_wish",
        paused_person_id=HARMED, tasks=(), steps_now=("release_hold", "withdraw", "hold_for_safety", "close_case"),
    )  # fmt: skip
    return {view.case_id: view for view in (whole, seen_from_afar, held)}


def _tasks() -> list[dict[str, Any]]:
    return [
        {"task_id": "t-1", "kind": "make_welfare_call", "owner_role": "facilitator", "owner_id": "S131",
         "unit_id": "police-birmingham", "person_id": HARMED, "due_at": NOW + timedelta(days=1), "urgent": True,
         "blocked_by": "", "reason": "no_safe_channel"},
        {"task_id": "t-2", "kind": "countersign_ready", "owner_role": "lead", "owner_id": "", "unit_id": "",
         "person_id": "", "due_at": NOW - timedelta(days=1), "urgent": False, "blocked_by": "second_signature",
         "reason": "sensitive_case"},
    ]  # fmt: skip


def task_list() -> dict[str, Any]:
    """Open tasks over all cases."""
    tasks = [{**task, "case_id": CASE, "due_at": task["due_at"].isoformat()} for task in _tasks()]
    return {"tasks": tasks, "total": len(tasks) + 5}


def case_rows() -> list[dict[str, Any]]:
    """The cases as lists show them."""
    return [
        {
            "case_id": view.case_id, "sequence": view.sequence, "episode": view.episode, "stage": view.stage,
            "handling": view.handling or "", "stream": view.stream, "harm_type": view.harm_type,
            "district": view.district, "referrer_agency_id": view.referrer_agency_id, "referrer_id": "S111",
            "unit_id": view.unit_id, "facilitator_ids": list(view.facilitator_ids), "paused": bool(view.paused),
            "held": bool(view.held), "opened_at": view.opened_at.isoformat(), "changed_at": NOW.isoformat(),
            "next_due_at": view.next_due_at.isoformat() if view.next_due_at else None, "closed_reason": "",
            "tasks": [],
        }
        for view in case_views().values()
    ]  # fmt: skip


def record() -> dict[str, Any]:
    """The people and notes of a case."""
    email = {"channel": "email", "address": "amara.oyelowe@example.org", "safety": "safe",
             "confirmed_on": "2026-03-02", "safe_from_hour": 10, "safe_until_hour": 16, "safe_weekdays": [1, 2, 3],
             "may_name_service": False}  # fmt: skip
    phone = {**email, "channel": "phone", "address": "01632 960014", "safety": "not_safe", "confirmed_on": None,
             "safe_from_hour": 0, "safe_until_hour": 0, "safe_weekdays": []}  # fmt: skip
    person = {
        "person_id": HARMED,
        "role": "harmed",
        "name": "Amara Oyelowe-Finch",
        "date_of_birth": "1984-06-30",
        "language": "en",
        "interpreter_needed": False,
        "needs": "Large print",
        "contact": [email, phone],
    }
    return {
        "agency_reference": "20/000147/26",
        "people": [
            person,
            {**person, "person_id": RESPONSIBLE, "role": "responsible", "name": "Jasper Inkwell", "needs": "",
             "interpreter_needed": True, "language": "pl", "contact": []},
            {**person, "person_id": SUPPORTER, "role": "supporter", "name": "", "contact": []},
            {**person, "person_id": GONE, "role": "both", "name": "Wren Thistlewood", "contact": []},
        ],
        "notes": [
            {"note_id": "n-1", "person_id": HARMED, "author_id": "S111", "written_at": "2026-01-07T09:30:00Z",
             "text": NASTY},
            {"note_id": "n-2", "person_id": RESPONSIBLE, "author_id": "S131", "written_at": "2026-03-25T15:10:00Z",
             "text": "Mend the back gate, on two Saturdays"},
            {"note_id": "n-3", "person_id": RESPONSIBLE, "author_id": "", "written_at": "2026-03-20T11:00:00Z",
             "text": "I have thought about what I did every day since."},
            {"note_id": "n-4", "person_id": "", "author_id": "S101", "written_at": "2026-01-08T11:00:00Z",
             "text": "Screened together with the lead."},
        ],
    }  # fmt: skip


def timeline() -> dict[str, Any]:
    """What happened in a case."""
    entry = {
        "sequence": 1,
        "episode": 1,
        "kind": "referral_received",
        "happened_at": "2026-01-06T10:00:00Z",
        "actor_id": "S111",
        "actor_role": "referrer",
        "step": "submit_referral",
        "stage": "received",
        "data": {"channel": "online", "narrative_note_id": "n-1"},
        "trace_id": "a" * 32,
        "span_id": "b" * 16,
    }
    return {
        "entries": [
            entry,
            {**entry, "sequence": 2, "kind": "consent_recorded", "happened_at": "2026-02-02T14:20:00Z",
             "actor_id": "S131", "actor_role": "facilitator", "step": "record_consent", "stage": "engaging",
             "data": {"person_id": HARMED, "consent": "participation", "given": True}, "trace_id": "c" * 32},
            {**entry, "sequence": 3, "kind": "follow_up_due", "happened_at": "2026-03-27T09:00:00Z", "actor_id": "",
             "actor_role": "", "step": "", "stage": "monitoring", "data": {"point_id": POINT}, "trace_id": ""},
        ],
        "more": False,
    }  # fmt: skip


AGENCIES = [
    {"agency_id": "hub", "name": "Westmarch Restorative Justice Hub", "kind": "hub",
     "sharing_agreement_from": "2026-01-01", "sharing_agreement_until": "2035-12-31"},
    {"agency_id": "westmarch-police", "name": "Westmarch Police", "kind": "police",
     "sharing_agreement_from": "2026-01-01", "sharing_agreement_until": "2035-12-31"},
]  # fmt: skip
UNITS = [
    {"unit_id": "hub-central", "name": "Hub Central Unit", "kind": "hub", "agency_id": "hub", "district_ids": []},
    {"unit_id": "police-birmingham", "name": "Westmarch Police Birmingham Unit", "kind": "satellite",
     "agency_id": "westmarch-police", "district_ids": ["birmingham"]},
]  # fmt: skip
VENUES = [
    {"venue_id": "canal-street-rooms", "name": "Canal Street Meeting Rooms", "district_id": "birmingham",
     "separate_entrances": True, "separate_waiting_rooms": True, "step_free": True},
    {"venue_id": "old-library", "name": "The Old Library", "district_id": "birmingham", "separate_entrances": False,
     "separate_waiting_rooms": True, "step_free": True},
]  # fmt: skip
STAFF = {"S101": "Imogen Thistledown", "S111": "Rowan Barleycorn", "S131": "Petra Windlass", "S132": "Idris Fennimore"}
CANDIDATES = [
    {"staff_id": "S131", "name": "Petra Windlass", "unit_id": "police-birmingham", "level": "advanced",
     "open_cases": 3, "capacity_cases": 6, "reasons_for": ["district", "has_capacity"], "reasons_against": [],
     "fit": True},
    {"staff_id": "S132", "name": "Idris Fennimore", "unit_id": "", "level": "foundation", "open_cases": 6,
     "capacity_cases": 6, "reasons_for": ["language"], "reasons_against": ["no_capacity"], "fit": False},
]  # fmt: skip
FIGURES = [
    {"code": "K1", "label": "Referrals", "counting_rule": "Referrals received in the period, each counted once.",
     "value": 412, "suppressed": False},
    {"code": "K9", "label": "Withdrawals on the day",
     "counting_rule": "People who withdrew on the day of a booked conference or alternative.", "value": 0,
     "suppressed": True},
]  # fmt: skip
