"""A case driven over the public HTTP API by staff with tokens of the real issuer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.bench.http_connection import HttpConnection

# Roles of the fictional region's people (deploy/local/region): who refers, screens and facilitates.
REFERRER, COORDINATOR, FACILITATOR = "S111", "S101", "S131"
Step = tuple[str, dict[str, Any]]
# What one person writes down at one time.
Visit = tuple[str, Sequence[Step]]


@dataclass(slots=True)
class HttpCase:
    """One case and the connection its people use."""

    connection: HttpConnection
    tokens: dict[str, str]
    case_id: str
    harmed_id: str
    responsible_id: str
    requests_made: int = 1

    async def log_contact(self) -> int:
        """A staff step without a message; answers the HTTP status, 200 or 202."""
        body = {"person_id": self.harmed_id, "channel": "phone", "outcome": "reached"}
        return await self.step(FACILITATOR, "log-contact", body)

    async def step(self, staff_id: str, name: str, body: dict[str, Any]) -> int:
        """Take a step; raises RuntimeError with the problem's code unless it was accepted."""
        path = f"/v1/cases/{self.case_id}/steps/{name}"
        status, answer = await self.connection.send("POST", path, self.tokens[staff_id], body, key=str(uuid4()))
        if status not in (200, 202):
            raise RuntimeError(f"{name}: {status} {answer.get('code')} {answer.get('refusals')}")
        self.requests_made += 1
        return status

    async def together(self, staff_id: str, *steps: Step) -> int:
        """Take several steps at once, as after one conversation; answers the HTTP status."""
        body = {"steps": [{"step": name, **fields} for name, fields in steps]}
        status, answer = await self.connection.send(
            "POST", f"/v1/cases/{self.case_id}/steps", self.tokens[staff_id], body, key=str(uuid4())
        )
        if status not in (200, 202):
            raise RuntimeError(f"{steps[0][0]}: {status} {answer.get('code')} {answer.get('refusals')}")
        self.requests_made += 1
        return status

    async def take(self, visits: Sequence[Visit]) -> None:
        """Each visit's steps at once, visit after visit."""
        for staff_id, steps in visits:
            await self.together(staff_id, *steps)

    async def now(self) -> datetime:
        """The case's own time."""
        _, view = await self.connection.send("GET", f"/v1/cases/{self.case_id}", self.tokens[COORDINATOR])
        return datetime.fromisoformat(view["now"])


async def open_case(connection: HttpConnection, tokens: dict[str, str]) -> HttpCase:
    """Refer a burglary between two people who may be contacted by e-mail."""
    body = {
        "channel": "api",
        "referrer_kind": "police",
        "initiator": "victim_led",
        "stream": "crime",
        "harm_type": "burglary",
        "justice_stage": "post_sentence_community",
        "rj_level": "level_3",
        "district": "birmingham",
        "funding_stream": "victims_grant",
        "responsibility": "accepts",
        "narrative": "A window was broken and rings were taken.",
        "people": [_person("harmed"), _person("responsible")],
    }
    status, answer = await connection.send("POST", "/v1/referrals", tokens[REFERRER], body, key=str(uuid4()))
    if status not in (201, 202):
        raise RuntimeError(f"referral: {status} {answer.get('code')} {answer.get('refusals')}")
    harmed_id, responsible_id = answer["person_ids"]
    return HttpCase(connection, tokens, answer["case_id"], harmed_id, responsible_id)


def to_engaging(case: HttpCase) -> list[Visit]:
    """Screening, allocation, acceptance."""
    screened = [("assess-risk", _risk(one, "screening")) for one in (case.harmed_id, case.responsible_id)]
    accepted = {"handling": "ordinary", "route": "hub", "approach_first_person_id": case.harmed_id}
    return [
        (COORDINATOR, [("take-up", {})]),
        (COORDINATOR, [*screened, ("accept-referral", accepted)]),
        (COORDINATOR, [("allocate", {"facilitator_id": FACILITATOR})]),
        (FACILITATOR, [("accept-allocation", {})]),
    ]


def to_ready(case: HttpCase) -> list[Visit]:
    """A first conversation with each, a preparation meeting with each, and every gate passed."""
    both = (case.harmed_id, case.responsible_id)
    accepts = {"person_id": case.responsible_id, "responsibility": "accepts"}
    return [
        (FACILITATOR, [*_engaged(case.harmed_id), ("agree-to-approach", {"person_id": case.harmed_id})]),
        (FACILITATOR, [*_engaged(case.responsible_id), ("record-responsibility", accepts)]),
        *(
            (
                FACILITATOR,
                [
                    ("record-preparation", {"person_id": one, "attended": True, "ready": True}),
                    ("assess-risk", _risk(one, "first_meeting")),
                ],
            )
            for one in both
        ),
        (
            FACILITATOR,
            [
                ("plan-process", {"process_kind": "face_to_face", "person_ids": list(both)}),
                ("declare-ready", {"process_id": "P1"}),
            ],
        ),
    ]


def to_monitoring(case: HttpCase, now: datetime) -> list[Visit]:
    """The conference and its agreement of one item."""
    starts_at = (now + timedelta(days=10)).astimezone(UTC).replace(hour=14, minute=0, second=0, microsecond=0)
    both = (case.harmed_id, case.responsible_id)
    arrivals = [
        {"person_id": one, "arrive_at": (starts_at - timedelta(minutes=early)).isoformat(), "entrance": entrance}
        for one, early, entrance in ((case.harmed_id, 30, "main"), (case.responsible_id, 10, "side"))
    ]
    item = {
        "item_kind": "apology",
        "owner_person_id": case.responsible_id,
        "for_person_ids": [case.harmed_id],
        "due_on": (date(starts_at.year, starts_at.month, starts_at.day) + timedelta(days=30)).isoformat(),
    }
    booking = {
        "process_id": "P1",
        "starts_at": starts_at.isoformat(),
        "venue_id": "lock-house",
        "arrivals": arrivals,
    }
    checked = {
        "process_id": "P1",
        "identity_checked": True,
        "risk_rechecked": True,
        "consent_reconfirmed_person_ids": list(both),
    }
    held = {"process_id": "P1", "attended_person_ids": list(both), "items": [item]}
    agreed = [("agree-item", {"item_id": "A1", "person_id": one}) for one in reversed(both)]
    return [
        (FACILITATOR, [("book-process", booking)]),
        (FACILITATOR, [("start-process", checked)]),
        (FACILITATOR, [("record-held", held), *agreed]),
    ]


def _person(role: str) -> dict[str, Any]:
    contact = {
        "channel": "email",
        "address": f"{uuid4().hex[:12]}@example.org",
        "safety": "safe",
        "confirmed_on": datetime.now(UTC).date().isoformat(),
        "may_name_service": True,
    }
    return {
        "role": role,
        "name": "Rowan Fictional",
        "age_band": "adult",
        "knows_of_referral": "yes",
        "may_be_contacted": "yes",
        "contact": [contact],
    }


def _risk(person_id: str, moment: str) -> dict[str, Any]:
    return {"person_id": person_id, "moment": moment, "level": "low"}


def _engaged(person_id: str) -> list[Step]:
    consents = [
        {
            "person_id": person_id,
            "consent": kind,
            "given": True,
            "method": "written",
            "wording_version": "2026-04",
        }
        for kind in ("participation", "feedback")
    ]
    return [
        ("log-contact", {"person_id": person_id, "channel": "phone", "outcome": "reached"}),
        ("inform-person", {"person_id": person_id, "pack_version": "2026-04"}),
        *(("record-consent", consent) for consent in consents),
    ]
