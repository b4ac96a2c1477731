"""What every way out of the house can do, and how it fails."""

from __future__ import annotations

from typing import Protocol

from services.notifications.domain.message import Message


class ProviderRefused(Exception):
    """The provider has surely not taken the message, and will not take it when asked again."""


class ProviderUnreachable(Exception):
    """Nobody knows whether the provider has taken the message."""


class Channel(Protocol):
    """One provider. `idempotent`: the same message id handed over again is delivered once."""

    @property
    def idempotent(self) -> bool:
        """Whether handing over again is safe."""

    async def send(self, message: Message) -> str:
        """Hand one message over and answer its receipt; raises `ProviderRefused` or `ProviderUnreachable`."""
