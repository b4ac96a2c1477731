"""A message as handed over for delivery, and as kept."""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Message(BaseModel):
    """What a sender hands over; `id` is the sender's own and makes handing over idempotent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: str = Field(pattern=r"^[!-~]{1,200}$")
    channel: Literal["email", "sms", "letter"]
    to: str = Field(min_length=1, max_length=500)
    sender_name: str = Field(min_length=1, max_length=200)
    subject: str = Field(max_length=500)
    body: str = Field(min_length=1, max_length=100_000)
    language: str = Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
    at: AwareDatetime

    def digest(self) -> str:
        """Tells whether two hand-overs are the same message; the time is left out, as a retry may carry a later one."""
        content = self.model_dump(exclude={"at"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message in the outbox: `sequence` counts from 1 in order of arrival, `at` is the sender's time in ISO form."""

    sequence: int
    provider_id: str
    id: str
    channel: str
    to: str
    sender_name: str
    subject: str
    body: str
    language: str
    at: str
