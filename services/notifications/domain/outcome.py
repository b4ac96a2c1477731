"""What became of an intention for good: sent, or handed to a person. Neither ever changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """A provider has taken the message; `message_id` is the provider's receipt."""

    message_id: str
    channel: str


@dataclass(frozen=True, slots=True)
class HandedToPerson:
    """Nothing (more) is sent by itself: a person has to reach them; `reason` is a code."""

    reason: str


FinalOutcome = Sent | HandedToPerson
