"""What staff pages stand on: who is signed in, the gateway asked in their name, pages with their navigation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.console.form_guard import FormGuard
from services.console.gateway import Gateway, Json
from services.console.pages import Pages
from services.console.sessions import SignedIn
from services.console.sign_in import SignIn

_HUB = frozenset({"coordinator", "lead"})
_CASE_WORK = _HUB | {"referrer", "facilitator", "unit_lead", "specialist"}
_STAFF_IDS_MAX = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """Shared by all staff pages; `traces_url` and `temporal_ui_url` are empty where there is nothing to link to."""

    gateway: Gateway
    sign_in: SignIn
    pages: Pages
    guard: FormGuard
    traces_url: str = ""
    temporal_ui_url: str = ""
    is_local: bool = False

    async def person(self, request: Request) -> SignedIn:
        """Who is signed in; raises `NotSignedIn`."""
        return await self.sign_in.person(request)

    def owner(self, request: Request) -> str:
        """Whose forms these are: the session's."""
        return f"session:{request.scope['rjhub.session'].key}"

    def page(
        self,
        request: Request,
        person: SignedIn,
        template: str,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """One staff page with its navigation and the form that signs out."""
        values |= {
            "person": person,
            "navigation": navigation(person.roles, request.url.path),
            "sign_out_fields": self.guard.hidden(self.owner(request)),
        }
        return self.pages.page(request, template, status, headers, **values)

    async def staff_names(self, person: SignedIn, staff_ids: Iterable[str]) -> Mapping[str, str]:
        """Names by staff id, for the ids that are known."""
        wanted = sorted({staff_id for staff_id in staff_ids if staff_id})[:_STAFF_IDS_MAX]
        if not wanted:
            return {}
        answer = await self.gateway.read("/v1/staff", person.access_token, {"ids": ",".join(wanted)})
        return {str(one["staff_id"]): str(one["name"]) for one in listed(answer, "staff")}

    def operator_links(self, person: SignedIn) -> bool:
        """Whether this person is shown the way into traces and workflows."""
        return self.is_local or "operator" in person.roles


def listed(answer: Json, name: str) -> list[Json]:
    """The list of this name in the API's answer, empty when there is none."""
    found = answer.get(name, [])
    return [one for one in found if isinstance(one, dict)]


def sees_only_figures(roles: frozenset[str]) -> bool:
    """A commissioner's way leads to no person (R-138)."""
    return "commissioner" in roles and not roles & (_CASE_WORK | {"administrator", "operator"})


def navigation(roles: frozenset[str], path: str) -> list[Mapping[str, object]]:
    """The pages this person is offered; what they may see is still the gateway's to say."""
    offered = []
    if not sees_only_figures(roles):
        offered += [("My work", "/work"), ("Cases", "/cases")]
    if roles & (_HUB | {"referrer"}):
        offered.append(("New referral", "/referrals/new"))
    if roles & (_HUB | {"commissioner"}):
        offered.append(("Figures", "/figures"))
    return [{"text": words, "href": href, "active": path.startswith(href)} for words, href in offered]
