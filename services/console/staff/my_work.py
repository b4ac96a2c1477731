"""My work: what is due and why, my cases, and how many cases stand where; and the list of cases with its filters."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.console.staff.desk import Desk, listed, sees_only_figures
from services.console.words import LISTS

_MY_CASES_MAX = "25"
_PAGE_CASES = "50"
_TASKS_MAX = "100"


class MyWork:
    """The first page after signing in, and the list of cases."""

    def __init__(self, desk: Desk) -> None:
        """Stand on the desk."""
        self._desk = desk

    async def work(self, request: Request) -> Response:
        """Tasks, my cases and counts by stage."""
        person = await self._desk.person(request)
        if sees_only_figures(person.roles):
            return RedirectResponse("/figures", 303)
        everyone = request.query_params.get("tasks") == "all"
        token, read = person.access_token, self._desk.gateway.read
        tasks, mine, units = await asyncio.gather(
            read("/v1/tasks", token, {"mine": "false" if everyone else "true", "limit": _TASKS_MAX}),
            read("/v1/cases", token, {"mine": "true", "open": "true", "limit": _MY_CASES_MAX}),
            read("/v1/units", token),
        )
        owners = [str(one["owner_id"]) for one in listed(tasks, "tasks")]
        return self._desk.page(
            request,
            person,
            "staff/my_work.html",
            tasks=listed(tasks, "tasks"),
            total=tasks.get("total", 0),
            everyone=everyone,
            cases=listed(mine, "cases"),
            count_by_stage=mine.get("count_by_stage", {}),
            staff=await self._desk.staff_names(person, owners),
            units={one["unit_id"]: one["name"] for one in listed(units, "units")},
        )

    async def cases(self, request: Request) -> Response:
        """Cases this person may see, newest change first; an unknown filter counts as none."""
        person = await self._desk.person(request)
        if sees_only_figures(person.roles):
            return RedirectResponse("/figures", 303)
        chosen = _filters(request.query_params)
        query = {
            "stage": chosen["stage"],
            "district": chosen["district"],
            "open": "" if chosen["show"] == "all" else "true",
            "mine": "true" if chosen["mine"] else "",
            "limit": _PAGE_CASES,
            "cursor": request.query_params.get("cursor", ""),
        }
        found = await self._desk.gateway.read("/v1/cases", person.access_token, query)
        cases = listed(found, "cases")
        more = found.get("next_cursor", "")
        kept = {name: value for name, value in chosen.items() if value}
        return self._desk.page(
            request,
            person,
            "staff/cases.html",
            cases=cases,
            chosen=chosen,
            stages=LISTS["Stage"],
            districts=LISTS["District"],
            next_page=f"/cases?{urlencode({**kept, 'cursor': more})}" if more else "",
            staff=await self._desk.staff_names(person, [one for row in cases for one in row["facilitator_ids"]]),
        )


def _filters(given: Mapping[str, str]) -> dict[str, str]:
    """The filters in force: codes of the lists and nothing else."""
    stage, district = given.get("stage", ""), given.get("district", "")
    return {
        "stage": stage if stage in LISTS["Stage"] else "",
        "district": district if district in LISTS["District"] else "",
        # A closed case is found by asking for that stage, whatever else was ticked.
        "show": "all" if given.get("show") == "all" or stage == "closed" else "",
        "mine": "yes" if given.get("mine") == "yes" else "",
    }
