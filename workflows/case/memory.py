"""Everything a case remembers from one run of its workflow to the next; nothing else survives a roll-over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from workflows.case.core.case import Turn
from workflows.case.core.state import CaseState
from workflows.contracts.intention import Intention
from workflows.contracts.ledger_entry import LedgerEntry
from workflows.contracts.step_request import StepReceipt

# How many answered keys a case keeps: a retry comes within minutes, so the newest few hundred are ample.
ANSWERED_MAX = 200
# A cold case's first touch replays its history, at about 0.3 ms an event: past this many it begins a new run.
ROLL_OVER_EVENTS = 800


@dataclass(slots=True, kw_only=True)
class CaseMemory:
    """The case's state, its outbox (entries not yet in the ledger, intentions not yet carried out), answered keys."""

    state: CaseState
    unwritten: list[LedgerEntry] = field(default_factory=list)
    undone: list[Intention] = field(default_factory=list)
    written_through: int = 0  # sequence of the newest entry the ledger has
    answered: dict[str, StepReceipt] = field(default_factory=dict)  # by update id, oldest first
    resting: dict[str, datetime] = field(default_factory=dict)  # services that failed: not tried quickly until then
    opened_by: str = ""  # traceparent of the step that opened the case; work that a timer starts links to it

    def absorb(self, turn: Turn) -> None:
        """Take over a turn: the new state, and what it wants written and done."""
        self.state = turn.state
        self.unwritten.extend(turn.entries)
        self.undone.extend(turn.intentions)

    def remember(self, key: str, receipt: StepReceipt) -> None:
        """Keep an answer for whoever asks again with the same key, forgetting the oldest beyond the bound."""
        self.answered[key] = receipt
        while len(self.answered) > ANSWERED_MAX:
            del self.answered[next(iter(self.answered))]

    def written(self, entries: int) -> None:
        """The ledger has the first `entries` unwritten entries."""
        self.written_through = self.unwritten[entries - 1].sequence
        del self.unwritten[:entries]

    def rests(self, service: str, at: datetime) -> bool:
        """Whether the service failed a short while ago, so that nothing should wait for it."""
        until = self.resting.get(service)
        return until is not None and at < until

    def done(self, intention_id: str) -> None:
        """An intention has been carried out, or given up with a reason that the state knows."""
        self.undone = [intention for intention in self.undone if intention.intention_id != intention_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStart:
    """The workflow's argument: a new case's id, and on roll-over its memory. Reads what `OpenCase` writes."""

    case_id: str
    memory: CaseMemory | None = None


def is_long(history_events: int) -> bool:
    """Whether a run's history is long enough for a new run."""
    return history_events >= ROLL_OVER_EVENTS
