"""One case as its pages need it: the view, the record where it may be seen, and the names for all the ids in both."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.console.form.field import Offered, Option
from services.console.gateway import Gateway, Json, Problem
from services.console.pages import in_day
from services.console.sessions import SignedIn
from services.console.staff.desk import Desk, listed
from services.console.words import in_words, word

_WORDING_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case's view and record with names; `record` is None for those who may not see it."""

    case_id: str
    view: Json
    record: Json | None
    staff: Mapping[str, str]
    agencies: Mapping[str, str]
    units: Mapping[str, str]
    venues: Mapping[str, str]

    @property
    def ref(self) -> str:
        """The case as people say it: the beginning of its id."""
        return self.case_id[:8].upper()

    def name_of(self, person_id: str) -> str:
        """A person by name, or by their part where the name may not be seen or is not known."""
        person = next((one for one in self.record_people if one.get("person_id") == person_id), None)
        if person and person.get("name"):
            return str(person["name"])
        role = self._role_of(person_id)
        return f"{role}, name not known" if person else role

    def label_of(self, person_id: str) -> str:
        """A person by name and part."""
        name, role = self.name_of(person_id), self._role_of(person_id)
        return name if name.startswith(role) else f"{name} ({role.lower()})"

    def note(self, note_id: str) -> str:
        """A note's text, empty when it may not be seen."""
        return next((str(one["text"]) for one in listed(self.record or {}, "notes") if one["note_id"] == note_id), "")

    def names(self) -> dict[str, str]:
        """What each id of the case is called: people, conferences, letters, undertakings, follow-up points, units."""
        labels = {option.value: option.text for options in self.offered().values() for option in options}
        return labels | {one["person_id"]: self.name_of(one["person_id"]) for one in self.view["people"]}

    def process_label(self, process_id: str) -> str:
        """A conference or alternative in words."""
        found = next((one for one in self.view["processes"] if one["process_id"] == process_id), None)
        if found is None:
            return process_id
        names = ", ".join(self.name_of(person_id) for person_id in found["person_ids"])
        return f"{word('ProcessKind', found['kind'])}, {word('ProcessStatus', found['status']).lower()}: {names}"

    @property
    def record_people(self) -> list[Json]:
        """The record's people, none where the record may not be seen."""
        return listed(self.record or {}, "people")

    def offered(self, facilitators: Sequence[Json] = (), venues: Sequence[Json] = ()) -> Offered:
        """What forms of this case let people choose from."""
        view = self.view
        people = [Option(one["person_id"], self.label_of(one["person_id"])) for one in view["people"]]
        return {
            "@people": people,
            "@processes": [Option(o["process_id"], self.process_label(o["process_id"])) for o in view["processes"]],
            "@exchanges": [Option(one["exchange_id"], self._exchange_label(one)) for one in view["exchanges"]],
            "@items": [Option(one["item_id"], self._item_label(one)) for one in view["items"]],
            "@points": [Option(one["point_id"], self._point_label(one)) for one in view["points"]],
            "@units": [Option(unit_id, name) for unit_id, name in self.units.items()],
            "@venues": [Option(one["venue_id"], one["name"], venue_hint(one)) for one in venues],
            "@facilitators": [Option(one["staff_id"], one["name"], candidate_hint(one)) for one in facilitators],
            "@co_facilitators": [Option(one["staff_id"], one["name"]) for one in facilitators],
        }

    def _role_of(self, person_id: str) -> str:
        role = next((one["role"] for one in self.view["people"] if one["person_id"] == person_id), "")
        return word("PartyRole", role) or "Someone"

    def _exchange_label(self, one: Json) -> str:
        names = f"{self.name_of(one['from_person_id'])} to {self.name_of(one['to_person_id'])}"
        return f"{names}, {word('ExchangeStatus', one['status']).lower()}"

    def _item_label(self, one: Json) -> str:
        wording = self.note(one["wording_note_id"])
        if len(wording) > _WORDING_CHARACTERS:
            wording = f"{wording[:_WORDING_CHARACTERS]}…"
        what = wording or word("ItemKind", one["kind"])
        return f"{self.name_of(one['owner_person_id'])}: {what} ({word('ItemStatus', one['status']).lower()})"

    def _point_label(self, one: Json) -> str:
        kind, status = word("PointKind", one["kind"]), word("PointStatus", one["status"]).lower()
        return f"{kind}, {self.name_of(one['person_id'])}, due {in_day(one['due_at'])}, {status}"


def venue_hint(venue: Json) -> str:
    """What matters for safety at a venue (R-085)."""
    facts = {
        "separate_entrances": "separate entrances",
        "separate_waiting_rooms": "separate waiting rooms",
        "step_free": "step-free",
    }
    have = [words for name, words in facts.items() if venue.get(name)]
    lack = [words for name, words in facts.items() if not venue.get(name)]
    return "; ".join(part for part in (", ".join(have), f"no {', no '.join(lack)}" if lack else "") if part)


def candidate_hint(candidate: Json) -> str:
    """What speaks for and against a facilitator, and how full their hands are."""
    parts = [f"{candidate['open_cases']} of {candidate['capacity_cases']} cases", in_words(candidate["level"])]
    for heading, name in (("for", "reasons_for"), ("against", "reasons_against")):
        if candidate[name]:
            parts.append(f"{heading}: {', '.join(in_words(code).lower() for code in candidate[name])}")
    return "; ".join(parts) + ("" if candidate["fit"] else ". Not fit for this case.")


async def open_case_file(desk: Desk, person: SignedIn, case_id: str) -> CaseFile:
    """Read a case; raises `Problem` when the person may not see it."""
    token = person.access_token
    view, record, agencies, units = await asyncio.gather(
        desk.gateway.read("/v1/cases/{case_id}", token, case_id=case_id),
        _record(desk.gateway, token, case_id),
        desk.gateway.read("/v1/agencies", token),
        desk.gateway.read("/v1/units", token),
    )
    authors = [str(note["author_id"]) for note in listed(record or {}, "notes")]
    owners = [str(task["owner_id"]) for task in view["tasks"]]
    booked = any(one["venue_id"] for one in view["processes"])
    staff, venues = await asyncio.gather(
        desk.staff_names(person, [*view["facilitator_ids"], *authors, *owners]),
        desk.gateway.read("/v1/venues", token) if booked else _nothing(),
    )
    return CaseFile(
        case_id=case_id,
        view=view,
        record=record,
        staff=staff,
        agencies={str(one["agency_id"]): str(one["name"]) for one in listed(agencies, "agencies")},
        units={str(one["unit_id"]): str(one["name"]) for one in listed(units, "units")},
        venues={str(one["venue_id"]): str(one["name"]) for one in listed(venues, "venues")},
    )


async def _nothing() -> Json:
    return {}


async def _record(gateway: Gateway, token: str, case_id: str) -> Json | None:
    """The record, or nothing for someone who sees the case but not its people and notes."""
    try:
        return await gateway.read("/v1/cases/{case_id}/record", token, case_id=case_id)
    except Problem as problem:
        if problem.status in (403, 404):
            return None
        raise
