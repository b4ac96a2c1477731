"""How a refusal is written over HTTP: one table of kinds and statuses, and problem+json (RFC 9457) for every one."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.runtime.refusal import Kind, Refusal, Refused
from services.runtime.telemetry import trace_ids

PROBLEM_MEDIA_TYPE = "application/problem+json"

STATUS_OF_KIND: dict[Kind, int] = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.NOT_ALLOWED_NOW: 409,
    Kind.TOO_LARGE: 413,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
# What is wrong with the request as HTTP, before anything in it could be judged.
_STATUS_OF_CODE = {
    "body_malformed": 400,
    "idempotency_key_missing": 400,
    "idempotency_key_malformed": 400,
    "method_not_allowed": 405,
    "internal_error": 500,
}
_TITLE_OF_STATUS = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "This is not allowed",
    404: "There is no such thing",
    405: "This address does not take that method",
    409: "This cannot be done now",
    413: "The request is too large",
    422: "The request is not valid",
    429: "Too many requests",
    500: "Something failed",
    503: "Not available just now",
}
_RETRY_AFTER_SECONDS = {429: "60", 503: "2"}

INTERNAL_ERROR = Refused(
    Kind.UNAVAILABLE,
    Refusal("internal_error", "Something failed here; it has been written down. Try again later.", who="operator"),
)


class Reason(BaseModel):
    """One reason: a stable code, the field it is about, a plain sentence, and who can supply what is missing."""

    model_config = ConfigDict(extra="forbid")

    code: str
    field: str
    sentence: str
    who: str


class Problem(BaseModel):
    """A refusal (RFC 9457). `code` is that of the first reason; `trace_id` finds the request in the traces."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    code: str
    detail: str
    refusals: tuple[Reason, ...]
    trace_id: str


def status_of(refused: Refused) -> int:
    """The HTTP status a refusal is answered with."""
    return _STATUS_OF_CODE.get(refused.refusals[0].code) or STATUS_OF_KIND[refused.kind]


def problem_of(refused: Refused) -> Problem:
    """A refusal as the body of an answer."""
    first, status = refused.refusals[0], status_of(refused)
    reasons = tuple(Reason(code=r.code, field=r.field, sentence=r.sentence, who=r.who) for r in refused.refusals)
    return Problem(
        type=f"urn:rjhub:problem:{first.code}",
        title=_TITLE_OF_STATUS[status],
        status=status,
        code=first.code,
        detail=first.sentence,
        refusals=reasons,
        trace_id=trace_ids()[0],
    )


def problem_answer(refused: Refused) -> Response:
    """A refusal as a whole answer, with the headers its status calls for."""
    problem = problem_of(refused)
    headers = {}
    if problem.status in _RETRY_AFTER_SECONDS:
        headers["Retry-After"] = _RETRY_AFTER_SECONDS[problem.status]
    if problem.status == 401:
        # RFC 6750: a request without a token is told only the scheme.
        fault = "" if problem.code == "token_missing" else ', error="invalid_token"'
        headers["WWW-Authenticate"] = f'Bearer realm="rjhub"{fault}'
    return Response(problem.model_dump_json(), problem.status, headers, PROBLEM_MEDIA_TYPE)
