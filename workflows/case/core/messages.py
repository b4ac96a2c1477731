"""Messages other than follow-ups that could not go at once: waiting for their window, or owed to a person by a
person (R-031, R-111).
"""

from __future__ import annotations

from dataclasses import replace

from workflows.case.core.follow_up_events import (
    MessageDropped,
    MessageDue,
    MessageHandedToPerson,
    MessagePostponed,
    MessageSent,
)
from workflows.case.core.state import CaseState, OwedMessage


def after_sent(state: CaseState, event: MessageSent) -> CaseState:
    """Nothing is owed."""
    return state


def after_postponed(state: CaseState, event: MessagePostponed) -> CaseState:
    """Waits for the window."""
    owed = OwedMessage(
        message_id=event.message_id,
        template=event.template,
        person_id=event.person_id,
        parameters=dict(zip(event.parameter_names, event.parameter_values, strict=True)),
        send_at=event.not_before,
        reason="",
        since=event.at,
    )
    return replace(state, owed={**state.owed, event.message_id: owed})


def after_due(state: CaseState, event: MessageDue) -> CaseState:
    """On its way again."""
    return _without(state, event.message_id)


def after_handed(state: CaseState, event: MessageHandedToPerson) -> CaseState:
    """Somebody tells the person; contact with them settles it."""
    owed = OwedMessage(
        message_id=event.message_id,
        template=event.template,
        person_id=event.person_id,
        parameters={},
        send_at=None,
        reason=event.reason,
        since=event.at,
    )
    return replace(state, owed={**_without(state, event.message_id).owed, event.message_id: owed})


def after_dropped(state: CaseState, event: MessageDropped) -> CaseState:
    """Nothing is owed."""
    return _without(state, event.message_id)


def _without(state: CaseState, message_id: str) -> CaseState:
    return replace(state, owed={key: message for key, message in state.owed.items() if key != message_id})
