"""How a route is described in the OpenAPI document: its body, its answers, and every code it may refuse with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from services.gateway.api.idempotency import HEADER, KEY_PATTERN
from services.gateway.backends.form import Form
from services.gateway.errors import PROBLEM_MEDIA_TYPE

SCHEMAS = "#/components/schemas/"
# Where a route's form waits for the document to be made, which takes it off.
FORM_MARK = "x-form"

STATUS_OF_CODE: dict[str, int] = {
    "body_malformed": 400,
    "idempotency_key_missing": 400,
    "idempotency_key_malformed": 400,
    "token_missing": 401,
    "token_malformed": 401,
    "token_expired": 401,
    "token_signature": 401,
    "token_audience": 401,
    "token_issuer": 401,
    "token_algorithm": 401,
    "token_key_unknown": 401,
    "role_not_allowed": 403,
    "unknown_staff": 403,
    "staff_ended": 403,
    "agreement_missing": 403,
    "agreement_lapsed": 403,
    "unknown_case": 404,
    "link_unknown": 404,
    "case_closed": 409,
    "idempotency_key_reused": 409,
    "link_used": 409,
    "link_expired": 409,
    "body_too_large": 413,
    "field_missing": 422,
    "field_unknown": 422,
    "field_malformed": 422,
    "value_not_in_list": 422,
    "text_too_long": 422,
    "too_many_requests": 429,
    "internal_error": 500,
    "issuer_unavailable": 503,
    "service_unavailable": 503,
    "engine_unavailable": 503,
}
SIGNED_IN = (
    *(code for code in STATUS_OF_CODE if code.startswith("token_")),
    "role_not_allowed",
    # As agencies says who gets in at all (R-130).
    "unknown_staff",
    "staff_ended",
    "agreement_missing",
    "agreement_lapsed",
    "issuer_unavailable",
    "service_unavailable",
)
BODY = (
    "body_malformed",
    "body_too_large",
    "field_missing",
    "field_unknown",
    "field_malformed",
    "value_not_in_list",
    "text_too_long",
)
QUERY = ("field_missing", "field_malformed", "value_not_in_list")
KEY = ("idempotency_key_missing", "idempotency_key_malformed", "idempotency_key_reused")
STEP = ("unknown_case", "case_closed", "engine_unavailable")
SERVICE = ("service_unavailable",)

_BY_SERVICE = "any code of the service behind"
# What a service of ours may refuse a call with that the gateway only passes on.
BY_SERVICE: Mapping[int, str] = dict.fromkeys((403, 404, 409, 422), _BY_SERVICE)
BY_RULES: Mapping[int, str] = dict.fromkeys((403, 409), "any code of the rules of the case")


def described(
    name: str,
    summary: str,
    tag: str,
    *,
    answers: Mapping[int, type[Any] | None],
    codes: Sequence[str] = (),
    passed_on: Mapping[int, str] | None = None,
    form: type[Form] | None = None,
    examples: Mapping[str, Mapping[str, Any]] | None = None,
    key: str = "",
    open_to_all: bool = False,
    parameters: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The keyword arguments of a route. `key` says how an idempotency key is asked for: "", "optional", "required"."""
    given = [*parameters]
    if key:
        given.append(_key_parameter(required=key == "required"))
    extra: dict[str, Any] = {"security": [] if open_to_all else [{"bearer": []}]}
    if given:
        extra["parameters"] = given
    if form is not None:
        extra["requestBody"] = _request_body(form, examples or {})
        extra[FORM_MARK] = form
    all_codes = dict.fromkeys((*(() if open_to_all else SIGNED_IN), *codes, "internal_error"))
    return {
        "name": name,
        "operation_id": name,
        "summary": summary,
        "tags": [tag],
        "status_code": min(answers),
        "response_model": None,
        "responses": _answers(answers) | _refusals(tuple(all_codes), passed_on or {}),
        "openapi_extra": extra,
    }


def case_parameter() -> dict[str, Any]:
    """The case id in a path, for routes that read it themselves."""
    schema = {"type": "string", "format": "uuid"}
    return {"name": "case_id", "in": "path", "required": True, "schema": schema, "description": "The case."}


def answer(content: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A model as JSON."""
    return Response(content.model_dump_json(), status, headers, "application/json")


def _key_parameter(required: bool) -> dict[str, Any]:
    return {
        "name": HEADER,
        "in": "header",
        "required": required,
        "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": KEY_PATTERN},
        "description": "Of your choosing, new for each request; the same when a request is repeated after no answer.",
    }


def _request_body(form: type[Form], examples: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": SCHEMAS + form.__name__}}
    if examples:
        content["examples"] = {name: {"value": dict(value)} for name, value in examples.items()}
    required = any(field.is_required() for field in form.model_fields.values())
    return {"required": required, "content": {"application/json": content}}


_MEANINGS = {
    200: "Done.",
    201: "Begun, and in the ledger too.",
    202: "Accepted and durable; the ledger follows.",
    204: "Done; there is nothing to say.",
}


def _answers(answers: Mapping[int, type[Any] | None]) -> dict[int | str, dict[str, Any]]:
    described_answers: dict[int | str, dict[str, Any]] = {}
    for status, model in answers.items():
        described_answers[status] = {"description": _MEANINGS[status]} | ({"model": model} if model else {})
    return described_answers


def _refusals(codes: tuple[str, ...], passed_on: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """One answer per status, naming its codes; `passed_on` says where further codes of a status come from."""
    refusals: dict[int | str, dict[str, Any]] = {}
    for status in sorted({STATUS_OF_CODE[code] for code in codes} | passed_on.keys()):
        own = [code for code in codes if STATUS_OF_CODE[code] == status]
        said = [*own, *([passed_on[status]] if status in passed_on else [])]
        schema: dict[str, Any] = {"$ref": SCHEMAS + "Problem"}
        if own and status not in passed_on:
            schema = {"allOf": [schema, {"properties": {"code": {"enum": own}}}]}
        refusals[status] = {
            "description": f"Refused: {', '.join(said)}.",
            "content": {PROBLEM_MEDIA_TYPE: {"schema": schema}},
            "headers": _headers(status),
        }
    return refusals


def _headers(status: int) -> dict[str, Any]:
    if status == 401:
        return {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status in (429, 503):
        return {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return {}
