"""Reads a request's body up to a limit, so that no caller can fill the memory."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request


class BodyTooLargeError(Exception):
    """The body is longer than the limit."""


class FormError(Exception):
    """The form or query cannot be read: its coding is wrong or a field occurs twice."""


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """The whole body; raises BodyTooLargeError as soon as it passes the limit."""
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > limit_bytes:
            raise BodyTooLargeError
    return bytes(chunks)


def single_fields(encoded: str) -> Mapping[str, str]:
    """The fields of a query or form, each at most once (RFC 6749 section 3.1); raises FormError otherwise."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError as error:
        raise FormError from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise FormError
    return fields


async def read_form(request: Request, limit_bytes: int = 32_768) -> Mapping[str, str]:
    """The fields of a form sent as application/x-www-form-urlencoded; raises FormError or BodyTooLargeError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise FormError
    body = await read_body(request, limit_bytes)
    try:
        return single_fields(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FormError from error
