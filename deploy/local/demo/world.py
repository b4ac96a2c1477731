"""Where a journey is played: the real system over HTTP, or the pure core in a test that takes milliseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

Fields = Mapping[str, Any]


class Problem(Exception):
    """A request was refused: its HTTP status, every code, the first sentence, and the trace that holds the request."""

    def __init__(self, status: int, codes: Sequence[str], sentence: str, trace_id: str = "") -> None:
        super().__init__(f"{status} {', '.join(codes)}: {sentence}")
        self.status = status
        self.codes = tuple(codes)
        self.sentence = sentence
        self.trace_id = trace_id


@dataclass(frozen=True, slots=True)
class Taken:
    """An accepted step: the case's stage after it, the case's own time, and the ids it gave."""

    stage: str
    at: datetime
    created: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that has begun; `person_ids` in the order in which the people were named."""

    case_id: str
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its recipient has it."""

    channel: str
    subject: str = field(repr=False)
    body: str = field(repr=False)


class World(Protocol):
    """What the player of a journey can do; `staff_id` says as whom. Every method may raise Problem."""

    def now(self) -> datetime:
        """When a case that began now would begin."""

    async def refer(self, staff_id: str, form: Fields, key: str) -> Opened:
        """Refer a case as staff."""

    async def self_refer(self, form: Fields, key: str, watcher_id: str) -> Opened:
        """Refer oneself as a member of the public; the ids of the two people are learnt with the watcher's eyes."""

    async def take_step(self, staff_id: str, case_id: str, kind: str, fields: Fields, key: str) -> Taken:
        """Take one step; `fields` as the API takes them."""

    async def set_contact(self, staff_id: str, case_id: str, person_id: str, channel: str, rule: Fields) -> None:
        """Say how a person may be reached by one channel."""

    async def answer_link(self, letter: Letter, answer: Fields) -> None:
        """Open the single-use link in a message and answer, without signing in."""

    async def view(self, staff_id: str, case_id: str) -> dict[str, Any] | None:
        """The case as someone may see it; None when to them there is no such case."""

    async def timeline(self, staff_id: str, case_id: str) -> list[dict[str, Any]]:
        """Every ledger entry of the case, in order."""

    async def letters(self, address: str) -> list[Letter]:
        """Every message that reached an address since the newest case began, oldest first."""

    async def pass_time(self, case_id: str, duration: timedelta) -> None:
        """Let time pass for one case."""

    async def settle(self, staff_id: str, case_id: str) -> None:
        """Return when the case has nothing under way: no message, no activity, no entry on its way to the ledger."""
