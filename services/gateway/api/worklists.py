"""What is to be done, and what has been done: open tasks and the region's figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.api.describing import BY_SERVICE, QUERY, SERVICE, answer, described
from services.gateway.api.sign_in import SignIn
from services.gateway.backends.reporting import FigureList, Reporting, TaskList

_TASKS_TAG, _FIGURES_TAG = "Tasks", "Figures"


class WorklistsApi:
    """Reads of the reporting service over many cases."""

    def __init__(self, sign_in: SignIn, reporting: Reporting) -> None:
        """Let people in with `sign_in`, ask `reporting`."""
        self._sign_in = sign_in
        self._reporting = reporting

    def routes(self) -> list[APIRoute]:
        """Tasks and figures."""
        tasks = described(
            "list_tasks",
            "Open tasks you have or oversee, most urgent first",
            _TASKS_TAG,
            answers={200: TaskList},
            codes=(*QUERY, *SERVICE),
            passed_on=BY_SERVICE,
        )
        figures = described(
            "figures",
            "Figures over a period with their counting rules; numbers under 5 may be suppressed",
            _FIGURES_TAG,
            answers={200: FigureList},
            codes=(*QUERY, *SERVICE),
            passed_on=BY_SERVICE,
        )
        return [APIRoute("/v1/tasks", self.tasks, **tasks), APIRoute("/v1/figures", self.figures, **figures)]

    async def tasks(
        self, request: Request, mine: bool = False, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> Response:
        """Answer open tasks."""
        caller = await self._sign_in.caller(request)
        return answer(await self._reporting.tasks(mine, limit, caller.token))

    async def figures(
        self,
        request: Request,
        from_date: Annotated[date, Query(alias="from", description="First day counted.")],
        until_date: Annotated[date, Query(alias="until", description="Last day counted.")],
    ) -> Response:
        """Answer the figures of a period, both days included."""
        caller = await self._sign_in.caller(request)
        return answer(await self._reporting.figures(from_date, until_date, caller.token))
