"""How refusals are written over HTTP."""

from __future__ import annotations

import json

import pytest

from services.gateway.api.describing import STATUS_OF_CODE
from services.gateway.errors import STATUS_OF_KIND, problem_answer, status_of
from services.runtime.refusal import Kind, Refusal, Refused

EXPECTED = {
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


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_status_and_headers(kind: Kind) -> None:
    answer = problem_answer(Refused(kind, Refusal("a_code", "A sentence.", field="a", who="lead"), Refusal("b", "B.")))
    problem = json.loads(bytes(answer.body))
    assert answer.status_code == problem["status"] == EXPECTED[kind]
    assert (problem["type"], problem["code"]) == ("urn:rjhub:problem:a_code", "a_code")
    assert problem["refusals"][0] == {"code": "a_code", "field": "a", "sentence": "A sentence.", "who": "lead"}
    assert len(problem["refusals"]) == 2
    assert ("retry-after" in answer.headers) is (kind in (Kind.TOO_MANY, Kind.UNAVAILABLE))
    assert ("www-authenticate" in answer.headers) is (kind is Kind.UNAUTHENTICATED)
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_table_has_every_kind() -> None:
    assert STATUS_OF_KIND == EXPECTED


@pytest.mark.parametrize("code", ["body_malformed", "idempotency_key_missing", "idempotency_key_malformed"])
def test_what_is_wrong_as_http_is_a_bad_request(code: str) -> None:
    assert status_of(Refused(Kind.INVALID, Refusal(code, "No."))) == STATUS_OF_CODE[code] == 400
