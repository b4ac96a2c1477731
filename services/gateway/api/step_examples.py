"""One example body for every step, shown in the OpenAPI document and checked against its form by the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HARMED = "0190f7a2-0000-7000-8000-000000000001"
_RESPONSIBLE = "0190f7a2-0000-7000-8000-000000000002"
_PROCESS, _EXCHANGE, _ITEM, _POINT = "p-1", "x-1", "i-1", "f-1-welfare"
_PERSON: Mapping[str, Any] = {"person_id": _HARMED}

_SCREENING: dict[str, Mapping[str, Any]] = {
    "take_up": {},
    "request_information": {"question_note": "Has the officer in the case spoken to both people yet?"},
    "provide_information": {"answer_note": "Yes, on Tuesday. Both would like to hear more."},
    "assess_risk": {
        "person_id": _RESPONSIBLE,
        "moment": "screening",
        "level": "medium",
        "bars": ["bail_condition"],
        "assessment_note": "Bail conditions run until the hearing.",
    },
    "accept_referral": {
        "handling": "ordinary",
        "route": "hub",
        "approach_first_person_id": _RESPONSIBLE,
        "reasons_note": "Accepts responsibility; no bars in force.",
    },
    "refuse_referral": {
        "reason": "signposted",
        "alternatives_offered": True,
        "reasons_note": "Mediation suits this better; the council's service has been told.",
    },
    "countersign_refusal": {},
    "allocate": {"facilitator_id": "S131", "co_facilitator_id": "S132"},
    "accept_allocation": {},
    "decline_allocation": {"reasons_note": "I know one of the families."},
}
_PEOPLE: dict[str, Mapping[str, Any]] = {
    "record_permission": {**_PERSON, "may_be_contacted": "yes"},
    "identify_person": {"person_id": _RESPONSIBLE, "may_be_contacted": "unknown"},
    "log_contact": {**_PERSON, "channel": "phone", "outcome": "reached", "contact_note": "Will ring back on Friday."},
    "inform_person": {**_PERSON, "pack_version": "2026-04"},
    "record_responsibility": {"person_id": _RESPONSIBLE, "responsibility": "accepts"},
    "agree_to_approach": {"person_id": _RESPONSIBLE},
    "record_consent": {
        **_PERSON,
        "consent": "participation",
        "given": True,
        "method": "written",
        "wording_version": "2026-04",
    },
    "record_exit": {**_PERSON, "exit": "declined", "reason": "too_soon", "onward_support": "offered"},
    "not_now": _PERSON,
    "consider_again": _PERSON,
    "withdraw": {**_PERSON, "reason": "own_choice", "exit_note": "Does not want to be rung again."},
    "record_preparation": {**_PERSON, "attended": True, "ready": True, "meeting_note": "Wants to ask why."},
}
_PROCESSES: dict[str, Mapping[str, Any]] = {
    "plan_process": {"process_kind": "face_to_face", "person_ids": [_HARMED, _RESPONSIBLE]},
    "declare_ready": {"process_id": _PROCESS},
    "countersign_ready": {"process_id": _PROCESS},
    "book_process": {
        "process_id": _PROCESS,
        "starts_at": "2026-05-12T14:00:00+01:00",
        "venue_id": "canal-street-rooms",
        "arrivals": [
            {"person_id": _RESPONSIBLE, "arrive_at": "2026-05-12T13:15:00+01:00", "entrance": "side"},
            {"person_id": _HARMED, "arrive_at": "2026-05-12T13:45:00+01:00"},
        ],
    },
    "start_process": {
        "process_id": _PROCESS,
        "identity_checked": True,
        "risk_rechecked": True,
        "consent_reconfirmed_person_ids": [_HARMED, _RESPONSIBLE],
    },
    "record_held": {
        "process_id": _PROCESS,
        "attended_person_ids": [_HARMED, _RESPONSIBLE],
        "items": [
            {
                "item_kind": "practical_reparation",
                "owner_person_id": _RESPONSIBLE,
                "for_person_ids": [_HARMED],
                "due_on": "2026-06-30",
                "wording_note": "Mend the garden fence on two Saturdays.",
            }
        ],
    },
    "record_not_held": {"process_id": _PROCESS, "reason": "illness", "person_id": _HARMED},
    "adjourn_process": {"process_id": _PROCESS},
    "stop_process": {"process_id": _PROCESS, "reason": "threat"},
    "draft_exchange": {
        "process_id": _PROCESS,
        "from_person_id": _RESPONSIBLE,
        "to_person_id": _HARMED,
        "content_note": "I am sorry for what I did.",
    },
    "review_exchange": {"exchange_id": _EXCHANGE, "fit_to_release": True},
    "agree_to_receive": {"exchange_id": _EXCHANGE},
    "release_exchange": {"exchange_id": _EXCHANGE},
    "close_exchange": {"exchange_id": _EXCHANGE, "answered": False},
    "agree_item": {"item_id": _ITEM, "person_id": _HARMED},
    "settle_item": {"item_id": _ITEM, "outcome": "completed", "evidence_note": "Seen by the facilitator."},
}
_COURSE: dict[str, Mapping[str, Any]] = {
    "pause": {"pause": "victim_wish", "reason": "person_wish", "person_id": _HARMED},
    "resume": _PERSON,
    "hold_for_safety": {"reason": "threat", "hold_note": "A message was pushed through the door last night."},
    "release_hold": {},
    "answer_follow_up": {"point_id": _POINT, "answers": [{"measure": "feels_safer", "value": 4}]},
    "give_up_follow_up": {"point_id": _POINT},
    "close_case": {"reason": "completed", "side": "both", "summary_note": "The agreement was kept."},
}
# After a first meeting with a person the facilitator writes everything down that came of it.
SEVERAL_STEPS_EXAMPLE: Mapping[str, Any] = {
    "steps": [
        {
            "step": "log-contact",
            **_PERSON,
            "channel": "visit",
            "outcome": "reached",
            "contact_note": "Met at home with her sister; would like to know why it was their house.",
        },
        {"step": "inform-person", **_PERSON, "pack_version": "2026-04"},
        {
            "step": "record-consent",
            **_PERSON,
            "consent": "participation",
            "given": True,
            "method": "written",
            "wording_version": "2026-04",
        },
        {
            "step": "record-consent",
            **_PERSON,
            "consent": "feedback",
            "given": True,
            "method": "written",
            "wording_version": "2026-04",
        },
        {"step": "agree-to-approach", **_PERSON},
    ]
}
STEP_EXAMPLES: dict[str, Mapping[str, Any]] = _SCREENING | _PEOPLE | _PROCESSES | _COURSE
