"""A journey's world in memory: the pure case core, records' own contact rules and the real templates, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from deploy.local.demo.step_fields import step_of
from deploy.local.demo.world import Fields, Letter, Opened, Problem, Taken
from deploy.local.parts import REGION_FOLDER
from deploy.local.region.reading import read_region
from services.notifications.templates.catalogue import read_catalogue
from services.records.domain.contact import Channel, ContactRule, Safety
from services.records.domain.safe_contact import Blocked, NotBefore, safe_contact
from workflows.case.core import case as core
from workflows.contracts.actor import Actor
from workflows.contracts.case_view import CaseView
from workflows.contracts.intention import Delivery, Intention, Reservation, ReserveCapacity, SendMessage
from workflows.contracts.ledger_entry import LedgerEntry
from workflows.contracts.step_request import StepRefusal
from workflows.contracts.vocabulary import DeliveryOutcome, Role

_VIEW = TypeAdapter(CaseView)
_ENTRY = TypeAdapter(LedgerEntry)
_BEGAN = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
_PUBLIC = Actor(actor_id="public", roles=(Role.PUBLIC,))
# What the gateway sets for whoever refers themselves.
_SELF_CODES: Fields = {
    "channel": "self_referral",
    "referrer_kind": "victim",
    "initiator": "victim_led",
    "justice_stage": "unknown",
    "rj_level": "level_2",
    "funding_stream": "other",
}
_RECORDS_ONLY = frozenset({"name", "date_of_birth", "language", "needs", "contact"})


@dataclass(slots=True)
class _Case:
    """One case and everything around it."""

    state: Any
    now: datetime
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: list[LedgerEntry] = field(default_factory=list)


class CoreWorld:
    """The world a journey can be walked in within milliseconds; one case at a time."""

    def __init__(self, began: datetime = _BEGAN) -> None:
        """Begin at a moment of our choosing."""
        self._began = began
        self._cases: dict[str, _Case] = {}
        self._letters: dict[str, list[Letter]] = {}
        self._links: dict[str, SendMessage] = {}
        self._templates = read_catalogue()
        self._staff = {
            person.id: Actor(
                actor_id=person.id,
                roles=tuple(Role(role) for role in person.roles),
                agency_id=person.agency,
                unit_id=person.unit or "",
            )
            for person in read_region(REGION_FOLDER).staff
        }

    def now(self) -> datetime:
        """See `World`."""
        return self._began

    async def refer(self, staff_id: str, form: Fields, key: str) -> Opened:
        """See `World`."""
        codes = {name: value for name, value in form.items() if name not in ("people", "agency_reference", "narrative")}
        return self._open(self._staff[staff_id], codes, form["people"])

    async def self_refer(self, form: Fields, key: str, watcher_id: str) -> Opened:
        """See `World`."""
        answers = {"knows_of_referral": "yes", "may_be_contacted": "yes"}
        own = {name: form[name] for name in ("name", "language", "age_band", "contact") if name in form}
        other = {"role": "responsible", "name": form["other_person_name"], "contact": []}
        codes = {name: form[name] for name in ("district", "stream", "harm_type")} | dict(_SELF_CODES)
        return self._open(_PUBLIC, codes, [{"role": "harmed", **answers, **own}, other])

    async def take_step(self, staff_id: str, case_id: str, kind: str, fields: Fields, key: str) -> Taken:
        """See `World`."""
        return self._take(self._cases[case_id], self._staff[staff_id], kind, fields)

    async def set_contact(self, staff_id: str, case_id: str, person_id: str, channel: str, rule: Fields) -> None:
        """See `World`."""
        person = self._cases[case_id].people[person_id]
        others = [kept for kept in person["contact"] if kept["channel"] != channel]
        person["contact"] = [*others, {"channel": channel, **rule}]

    async def answer_link(self, letter: Letter, answer: Fields) -> None:
        """See `World`; the codes are the gateway's for links."""
        message = self._links[letter.body]
        case = self._cases[message.case_id]
        actor = Actor(actor_id=message.person_id, person_id=message.person_id, roles=(Role.PARTICIPANT,))
        fields = {**answer, "point_id": message.point_id}
        if "comment" in fields:
            fields["comment_note"] = fields.pop("comment")
        answers: Mapping[str, int] = fields.get("answers", {})
        fields["answers"] = [{"measure": measure, "value": value} for measure, value in answers.items()]
        try:
            self._take(case, actor, "answer_follow_up", fields)
        except Problem as problem:
            used = "already_answered" in problem.codes
            raise Problem(409, ["link_used"] if used else problem.codes, problem.sentence) from problem

    async def view(self, staff_id: str, case_id: str) -> dict[str, Any] | None:
        """See `World`."""
        case, actor = self._cases[case_id], self._staff[staff_id]
        if not core.may_see(case.state, actor):
            return None
        view: dict[str, Any] = _VIEW.dump_python(core.view(case.state, actor, case.now), mode="json")
        return view

    async def timeline(self, staff_id: str, case_id: str) -> list[dict[str, Any]]:
        """See `World`."""
        return [_ENTRY.dump_python(entry, mode="json") for entry in self._cases[case_id].entries]

    async def letters(self, address: str) -> list[Letter]:
        """See `World`."""
        return list(self._letters.get(address, ()))

    async def pass_time(self, case_id: str, duration: timedelta) -> None:
        """See `World`."""
        case = self._cases[case_id]
        until = case.now + duration
        while (due := core.next_deadline(case.state)) is not None and due <= until:
            case.now = max(case.now, due)
            self._absorb(case, core.pass_time(case.state, case.now))
        case.now = until

    async def settle(self, staff_id: str, case_id: str) -> None:
        """See `World`; nothing here takes time."""

    def _open(self, actor: Actor, codes: Fields, people: Sequence[Mapping[str, Any]]) -> Opened:
        number = len(self._cases) + 1
        case = _Case(state=core.new_case(str(UUID(int=number, version=4))), now=self._began)
        ids = [str(UUID(int=number * 1000 + place, version=4)) for place, _ in enumerate(people, 1)]
        case.people = {person_id: dict(person) for person_id, person in zip(ids, people, strict=True)}
        parties = [
            {"person_id": person_id, **{name: value for name, value in person.items() if name not in _RECORDS_ONLY}}
            for person_id, person in case.people.items()
        ]
        self._cases[case.state.case_id] = case
        try:
            self._take(case, actor, "submit_referral", {**codes, "parties": parties})
        except Problem:
            del self._cases[case.state.case_id]
            raise
        return Opened(case.state.case_id, tuple(ids))

    def _take(self, case: _Case, actor: Actor, kind: str, fields: Fields) -> Taken:
        outcome = core.take_step(case.state, step_of(kind, fields), actor, case.now)
        if not isinstance(outcome, core.Turn):
            raise _problem(outcome)
        self._absorb(case, outcome)
        return Taken(outcome.state.stage.value, case.now, outcome.created)

    def _absorb(self, case: _Case, turn: core.Turn) -> None:
        case.state = turn.state
        case.entries.extend(turn.entries)
        for intention in turn.intentions:
            self._carry_out(case, intention)

    def _carry_out(self, case: _Case, intention: Intention) -> None:
        match intention:
            case SendMessage():
                delivery = self._deliver(case, intention)
                self._absorb(case, core.learn_delivery(case.state, intention, delivery, case.now))
            case ReserveCapacity():
                given = Reservation(reserved=True)
                self._absorb(case, core.learn_reservation(case.state, intention, given, case.now))
            case _:
                pass

    def _deliver(self, case: _Case, message: SendMessage) -> Delivery:
        """What the worker and notifications would make of it."""
        handed = DeliveryOutcome.HANDED_TO_PERSON
        if barred := core.may_send(case.state, message, case.now):
            return Delivery(outcome=handed, reason=barred)
        person = case.people[message.person_id]
        found = safe_contact([_rule(rule) for rule in person["contact"]], case.now)
        if isinstance(found, NotBefore):
            return Delivery(outcome=DeliveryOutcome.NOT_YET, not_before=found.moment)
        if isinstance(found, Blocked):
            return Delivery(outcome=handed, reason=found.reason.value)
        template = self._templates[message.template]
        template.check_parameters(message.parameters, message.point_id)
        text = template.render(
            found.channel.value,
            template.language_for(person.get("language", "en")),
            named=found.may_name_service,
            parameters=message.parameters,
            link=f"http://console.example.org/r/{message.intention_id}",
        )
        letter = Letter(found.channel.value, text.subject, text.body)
        self._letters.setdefault(found.address, []).append(letter)
        self._links[letter.body] = message
        return Delivery(outcome=DeliveryOutcome.SENT, channel=found.channel.value)


def _rule(rule: Mapping[str, Any]) -> ContactRule:
    confirmed = rule.get("confirmed_on")
    return ContactRule(
        channel=Channel(rule["channel"]),
        address=rule["address"],
        safety=Safety(rule.get("safety", "unknown")),
        confirmed_on=date.fromisoformat(confirmed) if confirmed else None,
        safe_from_hour=rule.get("safe_from_hour", 0),
        safe_until_hour=rule.get("safe_until_hour", 0),
        safe_weekdays=frozenset(rule.get("safe_weekdays", ())),
        may_name_service=rule.get("may_name_service", False),
    )


def _problem(refusals: Sequence[StepRefusal]) -> Problem:
    status = 403 if any(refusal.forbidden for refusal in refusals) else 409
    status = 404 if any(refusal.code == "unknown_case" for refusal in refusals) else status
    sentences = " ".join(f"{refusal.sentence} ({refusal.field})" for refusal in refusals)
    return Problem(status, [refusal.code for refusal in refusals], sentences)
