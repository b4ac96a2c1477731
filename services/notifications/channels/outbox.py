"""Hands messages to an outbox over HTTP: POST /messages, idempotent by the message's id."""

from __future__ import annotations

from http import HTTPStatus

import httpx2

from services.notifications.channels.channel import ProviderRefused, ProviderUnreachable
from services.notifications.domain.message import Message

_TIMEOUT_SECONDS = 5.0
# Refusals that say "not now" and not "never".
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


class Outbox:
    """The local outbox, or anything that speaks as it does."""

    def __init__(self, url: str, *, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        """`url` is the outbox's own address; nothing is connected yet."""
        # The environment's proxy must never see an address.
        self._client = httpx2.AsyncClient(
            base_url=url, timeout=timeout_seconds, trust_env=False, follow_redirects=False
        )

    @property
    def idempotent(self) -> bool:
        """The same id gives the same receipt."""
        return True

    async def send(self, message: Message) -> str:
        """Hand one message over.

        409 means that a message of this id is there already, in other words than today's (the wording, language or
        address has changed since): the person has it, so it counts as sent.
        """
        content = {
            "id": message.id,
            "channel": message.channel,
            "to": message.to,
            "sender_name": message.sender_name,
            "subject": message.subject,
            "body": message.body,
            "language": message.language,
            "at": message.at.isoformat(),
        }
        try:
            answer = await self._client.post("/messages", json=content)
        except httpx2.HTTPError:
            # Its text may hold what was sent; the type alone says enough.
            raise ProviderUnreachable("no answer") from None
        if answer.status_code == HTTPStatus.CONFLICT:
            return message.id
        if answer.is_client_error and answer.status_code not in _LATER:
            raise ProviderRefused(str(answer.status_code))
        if not answer.is_success:
            raise ProviderUnreachable(str(answer.status_code))
        return _receipt(answer) or message.id

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


def _receipt(answer: httpx2.Response) -> str:
    """The provider's own id; "" when it gave none, in which case ours has to do."""
    try:
        content = answer.json()
    except ValueError:
        return ""
    receipt = content.get("provider_id") if isinstance(content, dict) else None
    return receipt if isinstance(receipt, str) else ""
