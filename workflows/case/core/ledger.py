"""An event as the ledger keeps it: its kind, and codes, ids, numbers and dates; never a text."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from enum import Enum
from functools import cache

from workflows.case.core.events import Event
from workflows.case.core.state import CaseState
from workflows.contracts.ledger_entry import Data, LedgerEntry, Scalar

_ENVELOPE = ("at", "by")
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


@cache
def kind_of(class_name: str) -> str:
    """The name of an event's class in snake case."""
    return _WORD_START.sub("_", class_name).lower()


def entry_for(state: CaseState, event: Event, *, step: str, actor_role: str, traceparent: str) -> LedgerEntry:
    """The entry of an event that has just been applied."""
    return LedgerEntry(
        sequence=state.sequence,
        episode=state.episode,
        kind=kind_of(type(event).__name__),
        happened_at=event.at,
        stage=state.stage.value,
        actor_id=event.by,
        actor_role=actor_role if event.by else "",
        step=step,
        data=data_of(event),
        traceparent=traceparent,
    )


def data_of(event: Event) -> Data:
    """The event's own fields; what was not said is left out."""
    data: Data = {}
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name in _ENVELOPE or value is None:
            continue
        data[field.name] = [_scalar(one) for one in value] if isinstance(value, tuple) else _scalar(value)
    return data


def _scalar(value: object) -> Scalar:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):  # datetime is a date too
        return value.isoformat()
    if isinstance(value, (str, bool, int)):
        return value
    raise TypeError("an event holds codes, ids, numbers and dates only")
