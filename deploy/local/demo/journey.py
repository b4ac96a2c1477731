"""A journey as data: who takes part, what each does in order, what must be seen, and how it must end."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from deploy.local.demo.times import duration_of, is_moment
from deploy.local.region.model import StaffId
from workflows.contracts.steps import STEPS
from workflows.contracts.vocabulary import (
    AgeBand,
    Answer,
    CloseReason,
    ParticipationStatus,
    PartyRole,
    PointKind,
    PointStatus,
    Side,
    Stage,
)

REFER, SELF_REFER, SET_CONTACT, ANSWER_LINK = "refer", "self_refer", "set_contact", "answer_link"
OPENINGS = (REFER, SELF_REFER)
ACTIONS = (*OPENINGS, SET_CONTACT, ANSWER_LINK, *(kind for kind in STEPS if kind != "submit_referral"))


def _duration(text: str) -> str:
    duration_of(text)
    return text


def _moment(text: str) -> str:
    if not is_moment(text):
        raise ValueError("a day is written as `today` or `in 14 days`")
    return text


Alias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,30}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
FullName = Annotated[str, StringConstraints(pattern=r"^[^\W\d_][^\d@<>]{1,79}$")]
# Only what cannot belong to anybody: addresses at example.org, numbers kept free for drama, an invented street.
Address = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9.]+@example\.org|01632 ?960 ?[0-9]{3}|[^@]+, Example Street[^@]*)$")
]
Duration = Annotated[str, AfterValidator(_duration)]
Moment = Annotated[str, AfterValidator(_moment)]
FollowUp = Annotated[
    str, StringConstraints(pattern=rf"^({'|'.join(kind.value for kind in PointKind)}) of [a-z][a-z0-9_]{{1,30}}$")
]


class Entry(BaseModel):
    """One part of a journey file: nothing unknown is accepted and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ContactRule(Entry):
    """How a person may be reached by one channel, as the API takes it; `confirmed_on` counts from the case's now."""

    channel: Literal["email", "sms", "phone", "voicemail", "letter", "visit", "third_party"]
    address: Address
    safety: Literal["safe", "not_safe", "unknown"] = "unknown"
    confirmed_on: Moment | None = None
    safe_from_hour: int = Field(default=0, ge=0, le=24)
    safe_until_hour: int = Field(default=0, ge=0, le=24)
    safe_weekdays: tuple[int, ...] = ()
    may_name_service: bool = False


class Person(Entry):
    """Someone of the case, invented."""

    name: FullName | Literal[""]
    role: PartyRole
    language: str = "en"
    date_of_birth: str = ""
    interpreter_needed: bool = False
    needs: str = ""
    knows_of_referral: Answer = Answer.YES
    may_be_contacted: Answer = Answer.YES
    age_band: AgeBand = AgeBand.ADULT
    contact: tuple[ContactRule, ...] = ()


class Act(Entry):
    """Someone does something; `each` repeats it for several people, and `creates` names the ids it gives."""

    by: Alias = Field(alias="as")
    does: str
    each: tuple[Alias, ...] = ()
    fields: dict[str, Any] = Field(default_factory=dict, alias="with")
    creates: tuple[Alias, ...] = ()
    refused: Code | None = None
    says: Sentence | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.does not in ACTIONS:
            raise ValueError(f"`{self.does}` is no step or action; one of: {', '.join(sorted(ACTIONS))}")
        if self.each and "person_id" in self.fields:
            raise ValueError("give either `each` or `person_id`")
        return self


class Wait(Entry):
    """Time passes."""

    wait: Duration
    says: Sentence | None = None


class Expectation(Entry):
    """What must be so at this point; what is not named is not looked at."""

    stage: Stage | None = None
    paused: bool | None = None
    happened: tuple[Code, ...] = ()  # kinds of ledger entry, each at least once so far
    not_happened: tuple[Code, ...] = ()
    people: dict[Alias, ParticipationStatus] = Field(default_factory=dict)
    follow_ups: dict[FollowUp, PointStatus] = Field(default_factory=dict)
    tasks: tuple[Code, ...] = ()  # kinds of task now open
    messages: dict[Alias, int] = Field(default_factory=dict)  # how many have reached each person so far
    reads: dict[Alias, str] = Field(default_factory=dict)  # words in each person's newest message
    never_reads: tuple[str, ...] = ()  # words that no message of this case holds
    sees: dict[Alias, Literal["everything", "outline", "nothing"]] = Field(default_factory=dict)


class Look(Entry):
    """Something is checked."""

    expect: Expectation
    says: Sentence | None = None


class Ending(Entry):
    """How the case must have closed, and how often each kind of ledger entry must have been written."""

    reason: CloseReason
    side: Side
    counts: dict[Code, int] = Field(min_length=1)
    messages: dict[Alias, int] = Field(min_length=1)


def _kind(step: Any) -> str | None:
    """Which of the three a step is, told by its first word; pydantic asks for the values of models too."""
    if isinstance(step, BaseModel):
        return type(step).__name__.lower()
    words = {"as": "act", "wait": "wait", "expect": "look"}
    found = [kind for word, kind in words.items() if isinstance(step, dict) and word in step]
    return found[0] if len(found) == 1 else None


def _begins(step: Any) -> bool:
    return isinstance(step, Act) and step.does in OPENINGS and step.refused is None


Step = Annotated[
    Annotated[Act, Tag("act")] | Annotated[Wait, Tag("wait")] | Annotated[Look, Tag("look")],
    Discriminator(
        _kind,
        custom_error_type="step_kind",
        custom_error_message="a step has exactly one of `as`, `wait` and `expect`",
    ),
]


class Journey(Entry):
    """One case from its referral to its end; `watched_by` is the member of staff with whose eyes we look."""

    title: Sentence
    source: Sentence
    staff: dict[Alias, StaffId] = Field(min_length=1)
    people: dict[Alias, Person] = Field(min_length=1)
    watched_by: Alias
    steps: tuple[Step, ...] = Field(min_length=2)
    ends: Ending

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def acts(self) -> list[Act]:
        """What people do, in order."""
        return [step for step in self.steps if isinstance(step, Act)]

    def _faults(self) -> Iterator[str]:
        yield from (f"`{alias}` is both staff and a person" for alias in self.staff.keys() & self.people.keys())
        if self.watched_by not in self.staff:
            yield f"watched_by: `{self.watched_by}` is nobody of staff"
        begun = [number for number, step in enumerate(self.steps) if _begins(step)]
        before = self.steps[: begun[0]] if begun else ()
        if len(begun) != 1 or not all(isinstance(step, Act) and step.does in OPENINGS for step in before):
            yield "the first step, and no other, is `refer` or `self_refer`; only refused ones may come before it"
        created: list[str] = []
        for number, step in enumerate(self.steps, 1):
            yield from (f"step {number}: {fault}" for fault in self._step_faults(step, created))
        strangers = sorted(self.ends.messages.keys() - self.people.keys())
        yield from (f"ends: `{alias}` is nobody of the case" for alias in strangers)

    def _step_faults(self, step: Step, created: list[str]) -> Iterator[str]:
        match step:
            case Act(by=by, does=does, each=each, creates=creates):
                speaks_alone = does in (SELF_REFER, ANSWER_LINK)
                known = self.people if speaks_alone else self.staff
                if by not in known:
                    yield f"`{by}` is {'nobody of the case' if speaks_alone else 'nobody of staff'}"
                yield from (f"`{alias}` is nobody of the case" for alias in each if alias not in self.people)
                taken = {*self.staff, *self.people, *created}
                yield from (f"the name `{name}` is already taken" for name in creates if name in taken)
                created.extend(creates)
            case Look(expect=expect):
                concerned = {*expect.people, *expect.messages, *expect.reads}
                concerned |= {point.rpartition(" ")[2] for point in expect.follow_ups}
                yield from (f"`{alias}` is nobody of the case" for alias in sorted(concerned - self.people.keys()))
                yield from (f"`{alias}` is nobody of staff" for alias in sorted(expect.sees.keys() - self.staff.keys()))
            case Wait():
                pass
