"""The pages of one case: overview with what comes next, people, notes, timeline."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.console.gateway import Json
from services.console.staff.case_file import CaseFile, open_case_file
from services.console.staff.desk import Desk, listed
from services.console.staff.steps import SAFETY_STEPS, STEP_FORMS, Group, StepForm
from services.console.words import LISTS, in_words

_ENTRIES_MAX = "500"


class Cases:
    """Reading one case."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self._desk = desk

    async def overview(self, request: Request) -> Response:
        """Where the case stands, what is next and what blocks it, and the steps this person may take now."""
        person = await self._desk.person(request)
        file = await open_case_file(self._desk, person, request.path_params["case_id"])
        return self._desk.page(
            request,
            person,
            "staff/case_overview.html",
            **case_values(file),
            journey=journey(file.view),
            groups=steps_by_group(file.view["steps_now"]),
            done=_done(request.query_params),
            waiting_for=_waiting_for(file.view["waiting_for"]),
            workflow=self._workflow(file.case_id) if self._desk.operator_links(person) else "",
        )

    async def people(self, request: Request) -> Response:
        """Each person by side: status, consents, risk, and how they may safely be reached."""
        person = await self._desk.person(request)
        file = await open_case_file(self._desk, person, request.path_params["case_id"])
        details = {str(one["person_id"]): one for one in file.record_people}
        values = case_values(file) | {"details": details, "sides": _sides(file.view["people"])}
        done = "The contact details are saved." if request.query_params.get("done") == "contact" else ""
        return self._desk.page(request, person, "staff/case_people.html", **values, done=done)

    async def notes(self, request: Request) -> Response:
        """Every note this person may see, newest first, each on its side."""
        person = await self._desk.person(request)
        file = await open_case_file(self._desk, person, request.path_params["case_id"])
        notes = sorted(listed(file.record or {}, "notes"), key=lambda one: str(one["written_at"]), reverse=True)
        return self._desk.page(request, person, "staff/case_notes.html", **case_values(file), notes=notes)

    async def timeline(self, request: Request) -> Response:
        """What happened, newest first: who, when, why, and the way into its trace."""
        person = await self._desk.person(request)
        case_id = request.path_params["case_id"]
        after = request.query_params.get("after", "0")
        query = {"after_sequence": after if after.isdecimal() and len(after) < 12 else "0", "limit": _ENTRIES_MAX}
        file, found = await asyncio.gather(
            open_case_file(self._desk, person, case_id),
            self._desk.gateway.read("/v1/cases/{case_id}/timeline", person.access_token, query, case_id=case_id),
        )
        entries = listed(found, "entries")
        links = self._desk.operator_links(person)
        actors = await self._desk.staff_names(person, _staff_ids(entries))
        return self._desk.page(
            request,
            person,
            "staff/case_timeline.html",
            **case_values(file),
            entries=[_entry(one, file, actors) for one in reversed(entries)],
            actors=actors,
            after=entries[-1]["sequence"] if found.get("more") and entries else "",
            traces_url=self._desk.traces_url if links else "",
            workflow=self._workflow(case_id) if links else "",
        )

    def _workflow(self, case_id: str) -> str:
        base = self._desk.temporal_ui_url
        return f"{base}/namespaces/rjhub/workflows/case-{case_id}" if base else ""


def case_values(file: CaseFile) -> dict[str, Any]:
    """What every page of a case shows: the file and the two actions that are always at hand."""
    now = file.view["steps_now"]
    return {"file": file, "view": file.view, "safety": [STEP_FORMS[kind] for kind in SAFETY_STEPS if kind in now]}


def journey(view: Json) -> list[Mapping[str, str]]:
    """The stages in their order, each past, now or ahead; waiting for information is a part of screening."""
    stages = [code for code in LISTS["Stage"] if code != "info_requested"]
    stage = "screening" if view["stage"] == "info_requested" else view["stage"]
    now = stages.index(stage) if stage in stages else -1
    where = ["past" if index < now else "now" if index == now else "ahead" for index in range(len(stages))]
    words = dict(LISTS["Stage"])
    if view["stage"] == "info_requested":
        words["screening"] = words["info_requested"]
    return [{"text": words[code], "where": place} for code, place in zip(stages, where, strict=True)]


def steps_by_group(kinds: list[str]) -> list[tuple[str, list[StepForm]]]:
    """The steps this person may take now under their headings; a step newer than this console is left out."""
    forms = [form for kind, form in STEP_FORMS.items() if kind in kinds and kind not in SAFETY_STEPS]
    grouped = [(group.value, [form for form in forms if form.group is group]) for group in Group]
    return [(heading, members) for heading, members in grouped if members]


def _waiting_for(code: str) -> str:
    """The second signature that is missing, as the step that gives it is called."""
    return STEP_FORMS[code].title.lower() if code in STEP_FORMS else in_words(code).lower()


def _done(query: Mapping[str, str]) -> str:
    if query.get("done") == "submit_referral":
        return "The referral has been sent. It is with the hub."
    form = STEP_FORMS.get(query.get("done", ""))
    return f"Done: {form.title.lower()}." if form else ""


def _sides(people: list[Json]) -> list[tuple[str, list[Json]]]:
    """People by part in the harm, in the vocabulary's order."""
    grouped = [(words, [one for one in people if one["role"] == role]) for role, words in LISTS["PartyRole"].items()]
    return [(words, members) for words, members in grouped if members]


def _staff_ids(entries: list[Json]) -> list[str]:
    """Who acted, and which facilitators an entry is about."""
    ids = [str(one["actor_id"]) for one in entries]
    for entry in entries:
        ids += [str(value) for name, value in (entry.get("data") or {}).items() if name.endswith("facilitator_id")]
    return ids


def _entry(entry: Json, file: CaseFile, staff: Mapping[str, str]) -> Json:
    """An entry with its data in words: ids become names, and an id that has none is left out."""
    names = {**file.names(), **staff}
    facts = {}
    for name, value in (entry.get("data") or {}).items():
        told = [_told(one, names, name) for one in (value if isinstance(value, list) else [value])]
        if words := ", ".join(one for one in told if one):
            facts[name.removesuffix("_ids").removesuffix("_id")] = words
    return {**entry, "facts": facts}


def _told(value: object, names: Mapping[str, str], name: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    if text in names or name.endswith(("_id", "_ids")):
        return names.get(text, "")
    return text.replace("_", " ")
