"""One step on its way into a case, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.contracts.actor import Actor
from workflows.contracts.steps import Step
from workflows.contracts.vocabulary import Stage

# More than one conversation or one day gives rise to would be an import, which is another thing.
STEPS_AT_ONCE_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRequest:
    """One step or several at once, who takes them, and a digest of what the caller sent.

    Several are taken in their order, all or none: what a facilitator writes down after one conversation is one request.
    By the digest a reused key with another body is noticed. The update id is the caller's idempotency key;
    `traceparent` lets the trace go on after the step has been answered.
    """

    steps: tuple[Step, ...]
    actor: Actor
    request_digest: str
    traceparent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReceipt:
    """An accepted step: durable, and in the ledger too when `in_ledger`.

    `request_digest` is that of the request first accepted under this key; `created` the ids the step gave (process,
    items, exchange); `at` the case's own time.
    """

    case_id: str
    sequence: int
    stage: Stage
    in_ledger: bool
    request_digest: str
    at: datetime
    created: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRefusal:
    """One reason why a step may not be taken now: what is missing (`sentence`) and who can supply it (`who`)."""

    code: str
    sentence: str
    field: str = ""
    who: str = ""
    forbidden: bool = False  # the actor may not take this step at all, whatever is supplied


# The failure type a refused update carries; its one detail is a list of StepRefusal.
STEP_REFUSED = "StepRefused"
