"""How a case begins on the engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """The case workflow's first argument; the referral follows as its first step, in the same call."""

    case_id: str
