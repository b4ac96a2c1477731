"""How a person may be reached at a moment, as records judges it: a safe address, later, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SafeContact:
    """A safe way at this moment; `channel` is "email", "sms" or another word, for which there may be no provider."""

    channel: str
    address: str = field(repr=False)
    language: str
    may_name_service: bool


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Safe, but not at this hour: `at` is the next safe moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Blocked:
    """No automatic message may be sent; `reason` is a code."""

    reason: str


Contact = SafeContact | NotBefore | Blocked
