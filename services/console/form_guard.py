"""Reads posted forms up to a limit, and refuses those that no page of ours sent (cross-site request forgery)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import parse_qs

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request

from services.console.form.reading import Posted, first

CSRF = "form_token"
KEY = "form_key"
# Two long texts of 20,000 characters, each of twelve bytes when an emoji is written as a form writes it.
_BYTES_MAX = 1_048_576
_FIELDS_MAX = 1_000
_AGE_SECONDS_MAX = 24 * 3600


class FormRefused(Exception):
    """The form cannot be taken: 400 unreadable, 403 not sent by a page of ours, 413 too large."""

    def __init__(self, status: int) -> None:
        """See the class."""
        self.status = status
        super().__init__(str(status))


class FormGuard:
    """Every form carries a signed token for its owner: a session, or on public pages the page's own address.

    Public pages set no cookie, so there is nothing a forged form could borrow; the browser's own word on where the
    request comes from is checked besides.
    """

    def __init__(self, secret: str, public_url: str) -> None:
        """`public_url` is where our own pages are."""
        self._serializer = URLSafeTimedSerializer(secret, salt="rjhub.console.form")
        self._origin = public_url

    def hidden(self, owner: str, key: str = "") -> Mapping[str, str]:
        """The hidden fields of a form: the token, and the key under which it is sent once however often."""
        return {CSRF: self._serializer.dumps(owner), KEY: key or str(uuid.uuid4())}

    async def read(self, request: Request, owner: str) -> Posted:
        """Read a posted form; raises `FormRefused`."""
        posted = await read_body(request)
        if not self.is_same_site(request):
            raise FormRefused(403)
        try:
            if self._serializer.loads(first(posted, CSRF), max_age=_AGE_SECONDS_MAX) != owner:
                raise FormRefused(403)
        except BadSignature:
            raise FormRefused(403) from None
        return posted

    def is_same_site(self, request: Request) -> bool:
        """Whether a page of ours sent this, by the browser's word; without it the token alone decides."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        # Our pages send no referrer, so their forms have the origin "null".
        return request.headers.get("origin", "null") in ("null", self._origin)


async def read_body(request: Request) -> Posted:
    """The fields of a form, unchecked; raises `FormRefused` 400 or 413."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise FormRefused(400)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BYTES_MAX:
            raise FormRefused(413)
    try:
        return parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_MAX)
    except ValueError:
        raise FormRefused(400) from None
