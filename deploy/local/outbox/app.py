"""The outbox as a web application: messages in, a list and a page for each out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.outbox.body_parts import body_parts
from deploy.local.outbox.message import Message
from deploy.local.outbox.store import MessageIdTakenError, MessageStore
from deploy.local.pages.body import BodyTooLargeError, read_body
from deploy.local.pages.protection import protection
from deploy.local.pages.rendering import Pages, style_route

_BODY_LIMIT_BYTES = 512 * 1024
_PAGE_SIZE = 50
_LIMIT_MAX = 1000
_NEWEST = 2**62


class Outbox:
    """The outbox's endpoints."""

    def __init__(self, store: MessageStore, pages: Pages) -> None:
        """Everything the endpoints need."""
        self._store = store
        self._pages = pages

    async def hand_over(self, request: Request) -> Response:
        """POST /messages: 201 with a receipt, 200 with the same receipt when it came before, 409 on other content."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refusal(415, "not_json", "", "Send the message as application/json.")
        try:
            message = Message.model_validate_json(await read_body(request, _BODY_LIMIT_BYTES))
            provider_id, is_new = await asyncio.to_thread(self._store.keep, message)
        except BodyTooLargeError:
            return _refusal(413, "message_too_large", "", "The message is larger than 512 KiB.")
        except ValidationError as error:
            place = error.errors(include_input=False, include_url=False)[0]["loc"]
            field = str(place[0]) if place and place[0] in Message.model_fields else ""
            return _refusal(422, "message_invalid", field, "A field is missing, unknown or not in its form.")
        except MessageIdTakenError:
            return _refusal(409, "message_id_taken", "id", "Another message was handed over under this id.")
        return JSONResponse({"provider_id": provider_id}, 201 if is_new else 200)

    async def list_json(self, request: Request) -> Response:
        """GET /messages: oldest first, after a sequence number; the answer names where to go on."""
        after, limit = _whole(request, "after", 0), _whole(request, "limit", 100)
        if after is None or limit is None or not 1 <= limit <= _LIMIT_MAX:
            return _refusal(
                422, "query_invalid", "", f"after and limit are whole numbers, limit from 1 to {_LIMIT_MAX}."
            )
        recipient = request.query_params.get("to", "")
        messages = await asyncio.to_thread(self._store.after, after, recipient, limit)
        next_after = messages[-1].sequence if messages else after
        return JSONResponse({"messages": [asdict(message) for message in messages], "next_after": next_after})

    async def list_page(self, request: Request) -> Response:
        """GET /: newest first, with a filter by recipient."""
        before = _whole(request, "before", _NEWEST)
        if before is None:
            return self._pages.problem(422, "This page cannot be shown", "The place to go on from is a whole number.")
        recipient = request.query_params.get("to", "").strip()
        found = await asyncio.to_thread(self._store.before, before, recipient, _PAGE_SIZE + 1)
        messages = found[:_PAGE_SIZE]
        older = messages[-1].sequence if len(found) > _PAGE_SIZE else 0
        return self._pages.page("messages.html", messages=messages, recipient=recipient, older=older)

    async def message_page(self, request: Request) -> Response:
        """GET /messages/{id}: the text exactly as it would be received, its links clickable."""
        message = await asyncio.to_thread(self._store.find, request.path_params["message_id"])
        if message is None:
            return self._pages.problem(404, "Message not found", "There is no message of this id in the outbox.")
        return self._pages.page("message.html", message=message, parts=list(body_parts(message.body)))


def build_app(store: MessageStore) -> Starlette:
    """The application over an open store, which it closes when it stops."""
    outbox = Outbox(store, Pages(Path(__file__).parent / "templates", "RJ Hub outbox"))

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        store.close()

    routes = [
        Route("/", outbox.list_page),
        Route("/messages", outbox.hand_over, methods=["POST"]),
        Route("/messages", outbox.list_json, methods=["GET"]),
        Route("/messages/{message_id:path}", outbox.message_page),
        Route("/healthz", healthz),
        style_route(),
    ]
    return Starlette(routes=routes, middleware=protection(), lifespan=lifespan)


def _whole(request: Request, name: str, default: int) -> int | None:
    text = request.query_params.get(name, "")
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _refusal(status_code: int, code: str, field: str, sentence: str) -> Response:
    return JSONResponse({"code": code, "field": field, "sentence": sentence}, status_code)
