"""The region's figures over a period: numbers with their counting rules, and no way from them to a person (R-138)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from services.console.form.field import day
from services.console.form.reading import FormError, Posted, read_posted
from services.console.form.showing import show_form
from services.console.gateway import Problem
from services.console.staff.desk import Desk, listed

_FIELDS = (day("from", "First day"), day("until", "Last day"))


class Figures:
    """The figures page."""

    def __init__(self, desk: Desk, today: Callable[[], date] = date.today) -> None:
        """`today` chooses the period shown first, the last twelve months, and is replaced in tests."""
        self._desk = desk
        self._today = today

    async def show(self, request: Request) -> Response:
        """The figures of the period asked for; the form again when the period cannot be read."""
        person = await self._desk.person(request)
        posted: Posted = {name: [value] for name, value in request.query_params.items()}
        if not posted:
            posted = self._last_year()
        reading = read_posted(_FIELDS, posted, {})
        errors, found = list(reading.errors), {}
        if not errors:
            try:
                found = await self._desk.gateway.read("/v1/figures", person.access_token, reading.body)
            except Problem as problem:
                if problem.status != 422:
                    raise
                errors = [FormError("from", refusal.sentence) for refusal in problem.refusals]
        return self._desk.page(
            request,
            person,
            "staff/figures.html",
            422 if errors else 200,
            form=show_form(_FIELDS, {}, posted, errors),
            period=reading.body if not errors else {},
            figures=listed(found, "figures"),
        )

    def _last_year(self) -> Posted:
        until = self._today()
        first = until - timedelta(days=364)
        return {
            f"{name}-{part}": [str(getattr(found, part))]
            for name, found in (("from", first), ("until", until))
            for part in ("day", "month", "year")
        }
