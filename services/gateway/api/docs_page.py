"""The page that lists every operation, made from the OpenAPI document without scripts or anything from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.responses import HTMLResponse, Response

from services.gateway.api.document import operations_of

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = (
    "body{font:1rem/1.5 arial,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
    "code{font-size:.95em}h3{margin-bottom:.2rem}dl{margin:.2rem 0 1.5rem 1rem}dt{font-weight:bold}"
    "dd{margin:0 0 .3rem 1rem}a{color:#1d70b8}"
)


def docs_page(document: dict[str, Any]) -> Response:
    """The page."""
    by_tag: dict[str, list[str]] = {}
    for method, path, operation in operations_of(document):
        by_tag.setdefault(operation["tags"][0], []).append(_operation(method, path, operation))
    sections = "".join(f"<h2>{escape(tag)}</h2>{''.join(items)}" for tag, items in by_tag.items())
    info = document["info"]
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
        f"<h1>{escape(info['title'])} API</h1><p>{escape(info['description'])}</p>"
        f'<p>The whole description, for programs: <a href="/openapi.json">openapi.json</a></p>{sections}'
        "</main></body></html>"
    )
    return HTMLResponse(page, headers=_HEADERS)


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    answers = "".join(
        f"<dt>{escape(status)}</dt><dd>{escape(answer['description'])}</dd>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<h3><code>{method} {escape(path)}</code></h3><p>{escape(operation['summary'])}{_body(operation)}</p>"
        f"<dl>{answers}</dl>"
    )


def _body(operation: dict[str, Any]) -> str:
    if "requestBody" not in operation:
        return ""
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return f" Body: <code>{escape(reference.rpartition('/')[2])}</code>."
