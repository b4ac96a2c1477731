"""Calls the gateway as a program would, and holds every answer against the OpenAPI document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import httpx2
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it publishes none

PROBLEM = "application/problem+json"


@dataclass
class ApiClient:
    """One caller. `answered` collects (operation, status) of what was seen."""

    http: httpx2.AsyncClient
    document: dict[str, Any]
    token: str = ""
    answered: set[tuple[str, int]] = field(default_factory=set)

    async def call(
        self, method: str, path: str, json: Any = None, *, key: str = "", content: bytes | None = None, **headers: str
    ) -> httpx2.Response:
        """Make one request; an undocumented answer of a documented operation fails the test."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("authorization", f"Bearer {self.token}")
        if key:
            sent["idempotency-key"] = key
        body: dict[str, Any] = {"content": content} if content is not None else {"json": json}
        if method == "GET":
            body = {}
        response = await self.http.request(method, path, headers=sent, **body)
        self._conform(method, path.partition("?")[0], response)
        return response

    def as_(self, token: str) -> ApiClient:
        """The same client for another caller."""
        return ApiClient(self.http, self.document, token, self.answered)

    def _conform(self, method: str, path: str, response: httpx2.Response) -> None:
        operation = self._operation(method, path)
        if operation is None:
            assert response.status_code in (404, 405), f"{method} {path} is not in the document"
            return
        self.answered.add((operation["operationId"], response.status_code))
        said = operation["responses"].get(str(response.status_code))
        assert said is not None, f"{operation['operationId']} does not say it answers {response.status_code}"
        if response.status_code == 204:
            assert not response.content
            return
        media = response.headers["content-type"]
        assert media in said["content"], f"{operation['operationId']} does not say it answers {media}"
        schema = {**said["content"][media]["schema"], "components": self.document["components"]}
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(response.json())
        for name in said.get("headers", {}):
            assert name.lower() in response.headers, f"{name} is missing"
        if media == PROBLEM:
            problem = response.json()
            assert problem["status"] == response.status_code
            assert problem["code"] == problem["refusals"][0]["code"]
            assert problem["type"] == f"urn:rjhub:problem:{problem['code']}"

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for template, item in self.document["paths"].items():
            pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
            if re.fullmatch(pattern, path) and method.lower() in item:
                operation: dict[str, Any] = item[method.lower()]
                return operation
        return None


def codes(response: httpx2.Response) -> list[str]:
    """The codes of a refusal."""
    assert response.headers["content-type"] == PROBLEM, response.text
    return [refusal["code"] for refusal in response.json()["refusals"]]
