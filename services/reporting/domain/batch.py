"""What one append brings: entries of one case in order, and where the case stands after the last of them."""

from __future__ import annotations

from dataclasses import dataclass

from services.reporting.domain.case_summary import CaseSummary
from services.reporting.domain.entry import Entry
from services.runtime.refusal import Kind, Refusal, Refused

# A case sends all it has, whatever an outage has heaped up; more than this it could not carry itself.
ENTRIES_MAX = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Entries with consecutive sequence numbers and the summary after the last; there is at least one entry."""

    case_id: str
    entries: tuple[Entry, ...]
    summary: CaseSummary

    def check(self) -> None:
        """Raise `Refused(INVALID)` when the parts do not fit together."""
        faults = [
            Refusal(
                "entries_out_of_order", "Entries must follow one another without gaps.", f"entries[{place}]", "worker"
            )
            for place in range(1, len(self.entries))
            if self.entries[place].sequence != self.entries[place - 1].sequence + 1
        ]
        if self.summary.sequence != self.entries[-1].sequence:
            sentence = "The summary must be the one after the last entry."
            faults.append(Refusal("summary_out_of_step", sentence, "summary.sequence", "worker"))
        if len({task.task_id for task in self.summary.tasks}) < len(self.summary.tasks):
            sentence = "Each open task of a case has an id of its own."
            faults.append(Refusal("task_id_repeated", sentence, "summary.tasks", "worker"))
        if faults:
            raise Refused(Kind.INVALID, *faults[:20])
