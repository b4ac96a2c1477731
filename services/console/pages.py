"""Draws pages from templates: everything escaped, words and dates as people read them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.console.form.reading import LOCAL_TIME
from services.console.words import NEUTRAL, SERVICE, in_words, table, word

_TEMPLATES = Path(__file__).parent / "templates"
# Kept by the browser for its Back button, so that a form comes back as it was typed; never shared.
KEPT_FOR_BACK = {"cache-control": "private, no-cache"}


class Pages:
    """All pages of the console."""

    def __init__(self) -> None:
        """Load the templates from this package and the GOV.UK macros from theirs."""
        govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
        loader = ChoiceLoader([FileSystemLoader(_TEMPLATES), govuk])
        self._environment = Environment(
            loader=loader, autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True
        )
        self._environment.filters |= {"day": in_day, "moment": in_moment, "in_words": in_words}
        self._environment.globals |= {"word": word, "table": table, "service": SERVICE, "neutral": NEUTRAL}

    def page(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """One page; the nonce for scripts comes from the request."""
        html = self._environment.get_template(template).render(cspNonce=request.scope["rjhub.nonce"], **values)
        return HTMLResponse(html, status, headers)


def in_moment(value: str | datetime | None) -> str:
    """An ISO time as `27 March 2026, 14:30`, in the time of the United Kingdom."""
    found = _datetime(value)
    return f"{found.day} {found:%B %Y}, {found:%H:%M}" if found else ""


def in_day(value: str | date | None) -> str:
    """An ISO date or time as `27 March 2026`."""
    if isinstance(value, str) and len(value) == len("2026-03-27"):
        value = date.fromisoformat(value)
    found = value if isinstance(value, date) and not isinstance(value, datetime) else _datetime(value)
    return f"{found.day} {found:%B %Y}" if found else ""


def _datetime(value: str | date | None) -> datetime | None:
    if not value:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise TypeError("a time of day is needed here")
    return moment.astimezone(LOCAL_TIME)
