"""A message as a provider is given it; it is kept nowhere here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; `id` makes handing it over again harmless where the provider supports that."""

    id: str
    channel: str
    to: str = field(repr=False)
    sender_name: str
    subject: str = field(repr=False)
    body: str = field(repr=False)
    language: str
    at: datetime
