"""The send-time guard, move by move, over everything that may have happened before."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.channels.channel import ProviderRefused, ProviderUnreachable
from services.notifications.domain.contact import Blocked, Contact, NotBefore, SafeContact
from services.notifications.domain.intention import Intention
from services.notifications.domain.link import LinkMint
from services.notifications.domain.message import Message
from services.notifications.domain.outcome import FinalOutcome, HandedToPerson, Sent
from services.notifications.templates.catalogue import read_catalogue
from services.notifications.use_cases.deliver_message import DeliverMessage, HeldIntention, KeptIntention, SendingStart
from services.runtime.refusal import Kind, Refusal, Refused

TEMPLATES = read_catalogue()
AT = datetime(2026, 4, 1, 10, tzinfo=UTC)
INTENTION = Intention(
    intention_id="i", case_id="c", person_id="p", template="exit_notice", at=AT, parameters={}, point_id=""
)
SAFE = SafeContact("email", "someone@example.org", "en", may_name_service=True)
LATER = NotBefore(AT + timedelta(hours=9))
AWAY = Refused(Kind.UNAVAILABLE, Refusal("records_unavailable", "Away."))


@dataclass(slots=True)
class OneIntention:
    """Keeps one intention in memory, and every move in the order it was made."""

    kept: KeptIntention | None = None
    moves: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def alone(self, intention_id: str) -> AsyncIterator[HeldIntention]:
        yield self

    async def find(self) -> KeptIntention | None:
        return self.kept

    async def claim(self, intention: Intention) -> None:
        self.moves.append("claim")
        self.kept = KeptIntention(intention.digest(), "", None)

    async def start_sending(self, start: SendingStart) -> None:
        assert self.kept is not None
        self.moves.append("start_sending")
        self.kept = replace(self.kept, sending_by=start.channel)

    async def finish(self, outcome: FinalOutcome) -> None:
        assert self.kept is not None
        self.moves.append("finish")
        self.kept = replace(self.kept, sending_by="", outcome=outcome)


@dataclass(slots=True)
class Records:
    """Answers one contact, or refuses."""

    answer: Contact | Refused

    async def resolve(self, intention: Intention) -> Contact:
        if isinstance(self.answer, Refused):
            raise self.answer
        return self.answer


@dataclass(slots=True)
class Provider:
    """Delivers each id once if it is idempotent, each hand-over if not; then fails as told."""

    idempotent: bool
    failure: Exception | None
    kept: OneIntention
    delivered: list[str] = field(default_factory=list)

    async def send(self, message: Message) -> str:
        # Nothing may leave before it is written down that it is about to.
        assert self.kept.kept is not None
        assert self.kept.kept.sending_by == message.channel
        if not isinstance(self.failure, ProviderRefused) and not (self.idempotent and message.id in self.delivered):
            self.delivered.append(message.id)
        if self.failure:
            raise self.failure
        return "receipt"


CONTACTS: tuple[Contact | Refused, ...] = (SAFE, LATER, Blocked("stale_safety"), AWAY, replace(SAFE, channel="letter"))
FAILURES: tuple[Exception | None, ...] = (None, ProviderRefused("no"), ProviderUnreachable("?"), RuntimeError("killed"))


@pytest.mark.parametrize("idempotent", [True, False])
async def test_whatever_happens_in_any_order_at_most_one_message_arrives(idempotent: bool) -> None:
    attempts: list[tuple[Contact | Refused, Exception | None]] = list(itertools.product(CONTACTS, FAILURES))
    good: list[tuple[Contact | Refused, Exception | None]] = [(SAFE, None)]
    for first, second, third in itertools.product(attempts, attempts, good):
        kept = OneIntention()
        provider = Provider(idempotent, None, kept)
        for contact, failure in (first, second, third):
            provider.failure = failure
            deliver = DeliverMessage(
                TEMPLATES, kept, Records(contact), {"email": provider}, LinkMint("s" * 32, "http://x")
            )
            final = kept.kept.outcome if kept.kept else None
            delivered_before = len(provider.delivered)
            try:
                outcome = await deliver(INTENTION)
            except (Refused, RuntimeError):
                outcome = None
            if contact is not SAFE:
                assert len(provider.delivered) == delivered_before
            if final is not None:
                assert outcome == final
        assert len(provider.delivered) <= 1
        assert isinstance(kept.kept, KeptIntention)
        # A good last attempt always settles it, and "sent" is never said of what was not delivered.
        assert kept.kept.outcome is not None
        if isinstance(kept.kept.outcome, Sent):
            assert len(provider.delivered) == 1


@pytest.mark.parametrize(
    ("contact", "moves", "outcome"),
    [
        (SAFE, ["claim", "start_sending", "finish"], Sent("receipt", "email")),
        (LATER, ["claim"], LATER),
        (NotBefore(AT), ["claim", "finish"], HandedToPerson("contact_unclear")),
        (Blocked("no_safe_channel"), ["claim", "finish"], HandedToPerson("no_safe_channel")),
        (replace(SAFE, channel="visit"), ["claim", "finish"], HandedToPerson("no_automatic_channel")),
    ],
)
async def test_the_moves_of_one_attempt(contact: Contact, moves: list[str], outcome: object) -> None:
    kept = OneIntention()
    provider = Provider(idempotent=True, failure=None, kept=kept)
    deliver = DeliverMessage(TEMPLATES, kept, Records(contact), {"email": provider}, LinkMint("s" * 32, "http://x"))
    assert await deliver(INTENTION) == outcome
    assert kept.moves == moves
