"""What a case wants said to a person: one message, at most once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """One intended message; `at` is the case's own time, `point_id` the point its link answers ("" = no link)."""

    intention_id: str
    case_id: str
    person_id: str
    template: str
    at: datetime
    parameters: Mapping[str, str]
    point_id: str = ""

    def digest(self) -> str:
        """Tells two contents under one id apart; the time is left out: asking again later is the same."""
        content = [self.case_id, self.person_id, self.template, sorted(self.parameters.items()), self.point_id]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def message_id(self) -> str:
        """The id the message has at every provider: the same for every attempt, and saying nothing of the case."""
        return f"m-{hashlib.sha256(self.intention_id.encode()).hexdigest()[:32]}"
