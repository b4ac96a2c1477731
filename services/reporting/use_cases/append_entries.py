"""Keeps a batch of entries exactly once, with where the case stands after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from services.reporting.domain.batch import Batch
from services.runtime.refusal import Kind, Refusal, Refused


@dataclass(frozen=True, slots=True)
class AppendResult:
    """What became of a batch: kept up to `sequence`, or that is the one expected next or the first that differs."""

    outcome: Literal["kept", "gap", "mismatch"]
    sequence: int


class LedgerWriter(Protocol):
    """Where entries are kept."""

    async def append(self, batch: Batch) -> AppendResult:
        """Keep the whole batch or nothing of it; entries already kept must be the same."""


class AppendEntries:
    """The step every accepted event of a case takes into the ledger."""

    def __init__(self, ledger: LedgerWriter) -> None:
        self._ledger = ledger

    async def __call__(self, batch: Batch) -> int:
        """Answer the batch's last sequence; the same batch again answers the same.

        Raises `Refused`: NOT_ALLOWED_NOW `ledger_gap`, CONFLICT `ledger_mismatch`, INVALID when its parts do not fit.
        """
        batch.check()
        result = await self._ledger.append(batch)
        if result.outcome == "gap":
            sentence = f"Entries before these are missing: the next sequence expected is {result.sequence}."
            raise Refused(Kind.NOT_ALLOWED_NOW, Refusal("ledger_gap", sentence, field="entries", who="worker"))
        if result.outcome == "mismatch":
            sentence = f"Another entry is already kept at sequence {result.sequence}; what is kept does not change."
            raise Refused(Kind.CONFLICT, Refusal("ledger_mismatch", sentence, field="entries", who="operator"))
        return result.sequence
