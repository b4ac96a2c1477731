"""What a visitor reads when something goes wrong: a plain page, never a stack trace, what was typed kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console.form_guard import CSRF, KEY, FormGuard, FormRefused, read_body
from services.console.gateway import Problem
from services.console.pages import Pages
from services.console.public.site import EXIT_URL
from services.console.sign_in import NotSignedIn, SignInFailed
from services.runtime.log import get_logger

Handler = Callable[[Request, Exception], Awaitable[Response]]

# Status -> title and sentences. Titles say nothing of what the service is.
_PAGES: Mapping[int, tuple[str, str]] = {
    400: ("This could not be read", "The browser sent something that this page cannot read. Go back and try again."),
    403: ("You cannot open this page", "You do not have access to it. If you should, ask the hub's administrator."),
    404: ("Page not found", "If you typed the address, check that it is right. It may also not be yours to see."),
    405: ("This page cannot be used that way", "Go back and use the buttons on the page."),
    409: ("This cannot be done now", "Go back to the case and look at where it stands."),
    413: ("This is too long", "What was sent is longer than can be taken at once. Go back and shorten it."),
    429: ("Too many at once", "Wait a minute and try again."),
    500: ("Something went wrong", "It has been written down and will be looked at. Try again later."),
    503: ("The service cannot be reached just now", "Try again in a few minutes."),
}
_FORM_REFUSED = ("This page was too old", "Nothing was sent. Go back, load the page again and send it from there.")
_STAFF_PATHS = ("/work", "/cases", "/referrals", "/figures", "/sign")


class Trouble:
    """The pages for errors."""

    def __init__(self, pages: Pages, guard: FormGuard) -> None:
        """`guard` tells whether a form came from a page of ours, before what was typed in it is shown again."""
        self._pages = pages
        self._guard = guard
        self._log = get_logger(__name__)

    def handlers(self) -> Mapping[int | type[Exception], Handler]:
        """Exception class or status -> handler, as Starlette takes them."""
        return {
            NotSignedIn: self._not_signed_in,
            SignInFailed: self._sign_in_failed,
            FormRefused: self._form_refused,
            Problem: self._problem,
            HTTPException: self._http,
        }

    async def _not_signed_in(self, request: Request, error: Exception) -> Response:
        """To the issuer and back; a form that was sent without a session is shown so that its words are not lost."""
        if request.method in ("GET", "HEAD"):
            return RedirectResponse(f"/sign-in?next={quote(_here(request))}", 303)
        typed: list[tuple[str, str]] = []
        if self._guard.is_same_site(request):
            posted = await read_body(request)
            typed = [(name, one) for name, some in posted.items() for one in some if name not in (CSRF, KEY) and one]
        return self._pages.page(request, "signed_out.html", 401, typed=typed, path=request.url.path)

    async def _sign_in_failed(self, request: Request, error: Exception) -> Response:
        unreachable = isinstance(error, SignInFailed) and error.unreachable
        self._log.warning("sign_in_failed", unreachable=unreachable)
        return self._pages.page(request, "sign_in_failed.html", 503 if unreachable else 400, unreachable=unreachable)

    async def _form_refused(self, request: Request, error: Exception) -> Response:
        status = error.status if isinstance(error, FormRefused) else 400
        return self._page(request, status, *(_FORM_REFUSED if status == 403 else _PAGES[status]))

    async def _problem(self, request: Request, error: Exception) -> Response:
        """A problem of the gateway on a page that has no form to show it in."""
        if not isinstance(error, Problem):
            return await self.unexpected(request, error)
        if error.status == 401:
            request.scope["rjhub.session"] = None
            if request.method in ("GET", "HEAD"):
                return RedirectResponse(f"/sign-in?next={quote(_here(request))}", 303)
            return self._pages.page(request, "signed_out.html", 401, typed=[], path=request.url.path)
        status = error.status if error.status in _PAGES and error.status != 500 else 503
        title, sentence = _PAGES[status]
        if status == 503 and error.nothing_was_done:
            sentence = f"Nothing was lost. {sentence}"
        told = [refusal.sentence for refusal in error.refusals] if status in (403, 409) else []
        self._log.warning("gateway_problem", status=error.status, problem_code=error.code)
        return self._page(request, status, title, " ".join(told) or sentence, error.trace_id)

    async def _http(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        known = status if status in _PAGES else 400
        response = self._page(request, known, *_PAGES[known])
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    async def unexpected(self, request: Request, error: Exception) -> Response:
        """The page for a fault of ours, which goes to the log."""
        self._log.error("request_failed", exc_info=error)
        return self._page(request, 500, *_PAGES[500])

    def _page(self, request: Request, status: int, title: str, sentence: str, trace_id: str = "") -> Response:
        is_staff = request.url.path.startswith(_STAFF_PATHS)
        values: dict[str, Any] = {"title": title, "sentence": sentence, "trace_id": trace_id, "is_staff": is_staff}
        return self._pages.page(request, "trouble.html", status, exit_url=EXIT_URL, **values)


class TroubleMiddleware:
    """Answers a fault of ours with its page, inside the middleware that puts the safe headers on it."""

    def __init__(self, app: ASGIApp, trouble: Trouble) -> None:
        """Stand directly around the application."""
        self._app = app
        self._trouble = trouble

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; an answer that has begun cannot be changed, so its fault goes on."""
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            answer = await self._trouble.unexpected(Request(scope), error)
            await answer(scope, receive, send)


def _here(request: Request) -> str:
    """The page someone was on their way to."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
