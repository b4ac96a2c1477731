"""What became of a form that was sent to the gateway, and how a page says so with everything typed kept."""

from __future__ import annotations

from dataclasses import dataclass

from services.console.form.reading import FormError, errors_of
from services.console.gateway import Problem

_REFUSALS = frozenset({400, 403, 404, 409, 413, 422, 429})
_NOT_SENT = "The service cannot be reached just now. Nothing has been sent. What you typed is still here: try again."
_NOT_TAKEN = "This cannot be done just now and nothing was changed. What you typed is still here: try again."
_UNCERTAIN = (
    "No answer came, so we cannot tell whether this arrived. Send it again as it is: it is done once, not twice."
)
_CHANGED = (
    "This page had been sent before with other answers, and those were accepted. "
    "Look at the case first, and send this again only if it is still needed."
)
NOTE_NOT_KEPT = FormError(
    "", "This is in force. What you wrote could not be saved yet: send it again as it is, and it is added."
)


@dataclass(frozen=True, slots=True)
class Setback:
    """A form that was not taken: the page's status, what to say, and whether it is sent again under the same key."""

    status: int
    errors: tuple[FormError, ...]
    same_key: bool


def setback_of(problem: Problem, elements: frozenset[str]) -> Setback:
    """Turn the gateway's problem into words on the form's page; raises the problem when it has none there."""
    if problem.code == "idempotency_key_reused":
        return Setback(409, (FormError("", _CHANGED),), same_key=False)
    if problem.status >= 500:
        sentence = _UNCERTAIN
        if problem.code == "gateway_unreachable":
            sentence = _NOT_SENT
        elif problem.nothing_was_done:
            sentence = _NOT_TAKEN
        return Setback(503, (FormError("", sentence),), same_key=True)
    if problem.status in _REFUSALS and problem.refusals:
        return Setback(problem.status, errors_of(problem.refusals, elements), same_key=False)
    raise problem
