"""Stand-ins for the four services behind the worker's activities, for tests of the workflow alone.

They keep what they were given and can be told to fail, as the services can.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from workflows.contracts.intention import (
    Delivery,
    PutAccess,
    ReleaseCapacity,
    Reservation,
    ReserveCapacity,
    SendMessage,
)
from workflows.contracts.ledger_entry import CaseSummary, LedgerBatch, LedgerEntry
from workflows.contracts.vocabulary import DeliveryOutcome


class FakeServices:
    """Ledger, notifications, records and agencies as the worker sees them."""

    def __init__(self) -> None:
        """Start with everything up and empty."""
        self.ledger: dict[str, dict[int, LedgerEntry]] = {}
        self.summaries: dict[str, CaseSummary] = {}
        self.appended = Counter[tuple[str, int]]()
        self.messages: list[tuple[SendMessage, datetime]] = []
        self.access: dict[str, PutAccess] = {}
        self.places: list[ReserveCapacity | ReleaseCapacity] = []
        self.ledger_is_down = False
        self.messages_are_down = False
        self.delivery: Callable[[SendMessage], Delivery] = _sent
        self.reservation = Reservation(reserved=True)

    def activities(self) -> list[Callable[..., Any]]:
        """What a worker takes in place of the real activities."""
        return [self.append, self.deliver, self.put_access, self.reserve_capacity, self.release_capacity]

    def kinds(self, case_id: str) -> list[str]:
        """The kinds of a case's entries, in order."""
        return [entry.kind for _, entry in sorted(self.ledger.get(case_id, {}).items())]

    async def until(self, condition: Callable[[], bool], timeout_seconds: float = 10.0) -> None:
        """Wait until the stand-ins have seen something; raises TimeoutError."""
        async with asyncio.timeout(timeout_seconds):
            while not condition():
                await asyncio.sleep(0.01)

    @activity.defn
    async def append(self, batch: LedgerBatch) -> None:
        """Keep entries exactly once, as the ledger does."""
        if self.ledger_is_down:
            raise ApplicationError("the ledger is away", type="service_unavailable")
        kept = self.ledger.setdefault(batch.case_id, {})
        for entry in batch.entries:
            assert entry.sequence == len(kept) + 1 or entry.sequence in kept, "a gap"
            kept.setdefault(entry.sequence, entry)
            self.appended[batch.case_id, entry.sequence] += 1
        self.summaries[batch.case_id] = batch.summary

    @activity.defn
    async def deliver(self, message: SendMessage, at: datetime) -> Delivery:
        """Send, or do what the test wants."""
        if self.messages_are_down:
            raise ApplicationError("notifications is away", type="service_unavailable")
        delivery = self.delivery(message)
        if delivery.outcome is DeliveryOutcome.SENT:
            self.messages.append((message, at))
        return delivery

    @activity.defn
    async def put_access(self, access: PutAccess) -> None:
        """Keep the newest access list."""
        kept = self.access.get(access.case_id)
        if kept is None or access.as_of_sequence > kept.as_of_sequence:
            self.access[access.case_id] = access

    @activity.defn
    async def reserve_capacity(self, wish: ReserveCapacity, at: datetime) -> Reservation:
        """Answer as the test wants."""
        assert at.tzinfo is not None
        self.places.append(wish)
        return self.reservation

    @activity.defn
    async def release_capacity(self, gift: ReleaseCapacity) -> None:
        """Note it."""
        self.places.append(gift)


def _sent(message: SendMessage) -> Delivery:
    assert message.intention_id
    return Delivery(outcome=DeliveryOutcome.SENT, channel="email")
