"""How a step with words in it is taken: the words first, then the step; and no words are left behind by a refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.gateway.access import traceparent
from services.gateway.api.step_form import StepForm
from services.gateway.backends.cases import CaseEngine, StepTurnedDown, unknown_case
from services.gateway.backends.form import Form
from services.gateway.backends.records import NewNote, Records
from services.runtime.log import get_logger
from services.runtime.refusal import Kind, Refused
from workflows.contracts.actor import Actor
from workflows.contracts.step_request import StepReceipt, StepRequest
from workflows.contracts.steps import Step
from workflows.contracts.vocabulary import Stage

# A safety hold or a withdrawal waits for its words no longer than a person would notice.
_URGENT_TIMEOUT_SECONDS = 1.5
_ORDINARY_TIMEOUT_SECONDS = 5.0
# The words of these were wrong, or the sign-in was: nothing is gained by going on without them.
_CALLER_FAULTS = frozenset({Kind.INVALID, Kind.CONFLICT, Kind.TOO_LARGE, Kind.UNAUTHENTICATED})
# How records turns away whoever has no part in the case, or no role in which anybody has a part in one.
_STRANGER = frozenset({"unknown_case", "role_not_allowed"})


class Receipt(Form):
    """A step that was taken, or several at once: durable, and in the ledger too when `in_ledger`.

    `created` are the ids they gave (process, items, exchange). When `note_kept` is false the step stands but its words
    were not kept: send the same request again with the same key, and they will be.
    """

    case_id: str
    sequence: int
    stage: Stage
    in_ledger: bool
    at: datetime
    created: tuple[str, ...]
    note_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """One request to take steps: by whom, with whose token words are kept, and under which id.

    An `urgent` request is taken even when its words cannot be kept.
    """

    case_id: str
    actor: Actor
    token: str
    update_id: str
    digest: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One step as a request gives it; `place` tells its texts from those of the others in the same request."""

    step_form: StepForm
    form: Form
    place: str = ""

    def notes(self) -> Iterator[NewNote]:
        """Every text in it."""
        return self.step_form.notes(self.form, self.place)

    def step(self, note_ids: Mapping[str, str]) -> Step:
        """The step with note ids (by slot) in the place of texts."""
        step: Step = self.step_form.step(self.form, note_ids, self.place)
        return step


class StepTaker:
    """Takes steps: words to records, the step to the engine."""

    def __init__(self, engine: CaseEngine, records: Records) -> None:
        """Take steps in `engine`, keep words in `records`."""
        self._engine = engine
        self._records = records

    async def take(self, taking: Taking, written: Sequence[WrittenStep], side: str = "") -> tuple[StepReceipt, bool]:
        """Take all steps of a request or none; answers the receipt, and whether their words were kept.

        `side` is whose words they are where a form does not say. Raises `Refused`.
        """
        notes = [note for one in written for note in one.notes()]
        if side:
            notes = [NewNote(slot=note.slot, person_id=note.person_id or side, text=note.text) for note in notes]
        note_ids, kept = await self._keep(taking, notes)
        request = step_request([one.step(note_ids) for one in written], taking)
        try:
            return await self._engine.take_step(taking.case_id, request, taking.update_id), kept
        except StepTurnedDown:
            if note_ids:
                await discard(self._records, taking)
            raise

    async def _keep(self, taking: Taking, notes: Sequence[NewNote]) -> tuple[dict[str, str], bool]:
        """Keep every text; answers the note ids by slot, none (and False) if an urgent step must go on without."""
        if not notes:
            return {}, True
        timeout_seconds = _URGENT_TIMEOUT_SECONDS if taking.urgent else _ORDINARY_TIMEOUT_SECONDS
        adding = (
            self._records.add_note(taking.case_id, note, taking.update_id, taking.token, timeout_seconds)
            for note in notes
        )
        # Waited for one and all, so that none is still on its way when the request is discarded.
        answers = await asyncio.gather(*adding, return_exceptions=True)
        note_ids: dict[str, str] = {}
        for note, answer in zip(notes, answers, strict=True):
            if isinstance(answer, BaseException):
                if isinstance(answer, Refused) and taking.urgent and answer.kind not in _CALLER_FAULTS:
                    get_logger(__name__).warning("step_without_words", refused=str(answer), case_ref=taking.case_id)
                    return {}, False
                # What was kept stays: an earlier try of the same request may have been taken and own it already.
                if isinstance(answer, Refused) and _STRANGER.intersection(answer.codes):
                    raise unknown_case()
                raise answer
            note_ids[note.slot] = answer
        return note_ids, True


def step_request(steps: Sequence[Step], taking: Taking) -> StepRequest:
    """The steps as the engine takes them, with the trace they belong to."""
    return StepRequest(steps=tuple(steps), actor=taking.actor, request_digest=taking.digest, traceparent=traceparent())


async def discard(records: Records, taking: Taking) -> None:
    """Have records forget what a refused request left; if they cannot now, the refusal stands all the same."""
    try:
        await records.discard(taking.update_id, taking.token)
    except Refused as refused:
        get_logger(__name__).warning("words_not_discarded", refused=str(refused), case_ref=taking.case_id)


def receipt_of(receipt: StepReceipt, note_kept: bool) -> Receipt:
    """An engine's receipt as it is answered."""
    return Receipt(
        case_id=receipt.case_id,
        sequence=receipt.sequence,
        stage=receipt.stage,
        in_ledger=receipt.in_ledger,
        at=receipt.at,
        created=receipt.created,
        note_kept=note_kept,
    )
