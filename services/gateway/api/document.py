"""The OpenAPI 3.1 document: FastAPI's, made true where the gateway reads bodies and refuses by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from services.gateway.api.describing import FORM_MARK, SCHEMAS
from services.gateway.backends.form import Form
from services.gateway.errors import Problem

_DESCRIPTION = (
    "Steps of restorative justice cases, and what is read of them. Every refusal is problem+json (RFC 9457) with a "
    "stable code, a plain sentence, and who can supply what is missing. An address that is none is answered 404 "
    "`unknown_route`, a method an address does not take 405 `method_not_allowed`. Every request that changes something "
    "carries an Idempotency-Key; the same request repeated with the same key is answered, not repeated. A step is "
    "answered 200 when it is in the ledger too, 202 when it is accepted, and so durable, but the ledger lags."
)
# FastAPI adds its own answer for parameters that do not fit; ours is problem+json.
_FOREIGN = ("HTTPValidationError", "ValidationError")


def openapi_document(routes: Sequence[APIRoute], version: str) -> dict[str, Any]:
    """The whole document; raises `ValueError` if two schemas share a name."""
    forms = _taken_forms(routes)
    document = get_openapi(
        title="RJ Hub", version=version, openapi_version="3.1.0", description=_DESCRIPTION, routes=routes
    )
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _FOREIGN:
        schemas.pop(name, None)
    for operation in _operations(document):
        refused = operation["responses"].get("422", {})
        if any(_FOREIGN[0] in str(media.get("schema")) for media in refused.get("content", {}).values()):
            _without_foreign(operation["responses"], refused)
    for name, schema in _own_schemas(forms).items():
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are called {name}")
    document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    return document


def operations_of(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation as method, path and description, in the document's order."""
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for _, _, operation in operations_of(document)]


def _without_foreign(responses: dict[str, Any], refused: dict[str, Any]) -> None:
    refused["content"].pop("application/json", None)
    if not refused["content"]:
        del responses["422"]


def _taken_forms(routes: Sequence[APIRoute]) -> list[type[Form]]:
    """Take the forms off the routes that hold them for this document: FastAPI would try to write them into it."""
    extras = [route.openapi_extra for route in routes if route.openapi_extra]
    return list(dict.fromkeys(extra.pop(FORM_MARK) for extra in extras if FORM_MARK in extra))


def _own_schemas(forms: Sequence[type[Form]]) -> dict[str, Any]:
    """The schemas of every form and of the problem."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(form, "validation") for form in forms]
    models.append((Problem, "serialization"))
    _, definitions = models_json_schema(models, ref_template=SCHEMAS + "{model}")
    return {name: _without_nulls(schema) for name, schema in definitions["$defs"].items()}


def _without_nulls(schema: Any) -> Any:
    """The schema without members that are null (`default`), which FastAPI leaves out of its own as well."""
    if isinstance(schema, dict):
        return {name: _without_nulls(member) for name, member in schema.items() if member is not None}
    return [_without_nulls(member) for member in schema] if isinstance(schema, list) else schema
