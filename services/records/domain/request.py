"""Requests that are answered once and repeated safely: their key, and a digest that tells a repeat from another."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from services.records.domain.person import Person
from services.runtime.refusal import Kind, Refusal, Refused

_REUSED = Refusal(
    "idempotency_key_reused",
    "This request key was used for something else. Send a new key with a new request.",
    field="request_key",
    who="caller",
)


@dataclass(frozen=True, slots=True)
class RequestKey:
    """One caller's own key of one request; another caller's equal key is another request."""

    subject: str
    key: str


@dataclass(frozen=True, slots=True)
class Referral:
    """The people and words of a referral, for a case whose id the gateway chose."""

    case_id: str
    people: tuple[Person, ...]
    narrative: str = field(repr=False)
    agency_reference: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewNote:
    """A text to keep, in one slot of its request."""

    slot: str
    case_id: str
    person_id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Registered:
    """What a registered referral is answered with; the note id is empty when no narrative was given."""

    person_ids: tuple[str, ...]
    narrative_note_id: str


def digest(request: Referral | NewNote) -> str:
    """A hex digest of everything a request says; equal requests have equal digests."""
    content = json.dumps(asdict(request), sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def check_repeat(kept_digest: str, given_digest: str) -> None:
    """Raise `Refused(CONFLICT)` when a key comes back with another request."""
    if kept_digest != given_digest:
        raise Refused(Kind.CONFLICT, _REUSED)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value)
