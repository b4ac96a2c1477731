"""The console as a web application: its routes, what stands around every request, and the pages for what goes wrong."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from services.console.form_guard import FormGuard
from services.console.gateway import Gateway
from services.console.pages import Pages
from services.console.protection import ProtectionMiddleware
from services.console.public.information import Information
from services.console.public.link import LinkPages
from services.console.public.self_referral import SelfReferral
from services.console.public.site import Site
from services.console.sessions import SessionMiddleware, Sessions
from services.console.settings import Settings
from services.console.sign_in import SignIn
from services.console.staff.cases import Cases
from services.console.staff.contact import ContactPages
from services.console.staff.desk import Desk
from services.console.staff.entrance import Entrance
from services.console.staff.figures import Figures
from services.console.staff.my_work import MyWork
from services.console.staff.referral import ReferralPages
from services.console.staff.step_pages import StepPages
from services.console.tracing import TraceMiddleware
from services.console.trouble import Trouble, TroubleMiddleware

BUILT = Path(__file__).parent / "assets" / "built"


class Assets(StaticFiles):
    """The built style sheet, scripts and icon; a browser asks again each time and is told that nothing changed."""

    def file_response(self, *arguments: object, **named: object) -> Response:
        """One file with its caching."""
        response = super().file_response(*arguments, **named)  # type: ignore[arg-type]  # passed on as they came
        response.headers["cache-control"] = "no-cache"
        return response


def build_app(settings: Settings, gateway: Gateway, assets: Path = BUILT) -> Starlette:
    """Wire the application; whoever gives the gateway closes it."""
    secure = settings.public_url.startswith("https://")
    secret = settings.session_secret.get_secret_value()
    sessions = Sessions()
    pages = Pages()
    guard = FormGuard(secret, settings.public_url)
    sign_in = SignIn(
        issuer_url=settings.issuer_url,
        client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(),
        public_url=settings.public_url,
        sessions=sessions,
    )
    desk = Desk(
        gateway=gateway,
        sign_in=sign_in,
        pages=pages,
        guard=guard,
        traces_url=settings.traces_url,
        temporal_ui_url=settings.temporal_ui_url,
        is_local=settings.is_local,
    )
    trouble = Trouble(pages, guard)
    routes: list[BaseRoute] = [
        Route("/healthz", _healthz),
        Mount("/assets", Assets(directory=assets), name="assets"),
        *_public_routes(Site(gateway, pages, guard)),
        *_staff_routes(desk),
    ]
    middleware = [
        Middleware(TraceMiddleware, routes=routes),
        Middleware(ProtectionMiddleware, issuer_url=settings.issuer_url, secure=secure),
        Middleware(SessionMiddleware, sessions=sessions, secret=secret, secure=secure),
        Middleware(TroubleMiddleware, trouble=trouble),
    ]
    return Starlette(routes=routes, middleware=middleware, exception_handlers=trouble.handlers())


def _public_routes(site: Site) -> list[BaseRoute]:
    information, asking, link = Information(site), SelfReferral(site), LinkPages(site)
    return [
        Route("/", information.start),
        Route("/help", information.help),
        Route("/ask", asking.ask, methods=["GET"]),
        Route("/ask", asking.send, methods=["POST"]),
        Route("/request-received", information.received),
        Route("/r/{token}", link.ask, methods=["GET"]),
        Route("/r/{token}", link.answer, methods=["POST"]),
        Route("/thank-you", information.thank_you),
    ]


def _staff_routes(desk: Desk) -> list[BaseRoute]:
    entrance, work, cases = Entrance(desk), MyWork(desk), Cases(desk)
    steps, contact, referral = StepPages(desk), ContactPages(desk), ReferralPages(desk)
    one, reach = "/cases/{case_id}", "/cases/{case_id}/people/{person_id}/contact/{channel}"
    return [
        Route("/sign-in", entrance.sign_in),
        Route("/signed-in", entrance.signed_in),
        Route("/sign-out", entrance.sign_out, methods=["POST"]),
        Route("/work", work.work),
        Route("/cases", work.cases),
        Route(one, cases.overview),
        Route(f"{one}/people", cases.people),
        Route(f"{one}/notes", cases.notes),
        Route(f"{one}/timeline", cases.timeline),
        Route(f"{one}/steps/{{step}}", steps.ask, methods=["GET"]),
        Route(f"{one}/steps/{{step}}", steps.take, methods=["POST"]),
        Route(reach, contact.ask, methods=["GET"]),
        Route(reach, contact.save, methods=["POST"]),
        Route("/referrals/new", referral.ask, methods=["GET"]),
        Route("/referrals/new", referral.send, methods=["POST"]),
        Route("/figures", Figures(desk).show),
    ]


async def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok")
