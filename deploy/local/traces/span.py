"""A span as kept: the few things that are searched by as fields, the rest as it was sent."""

from dataclasses import dataclass
from typing import TypedDict

CASE = "rjhub.case.ref"
STEP = "rjhub.step"


class EventDetail(TypedDict):
    """Something that happened during a span; `time_ns` is Unix time."""

    name: str
    time_ns: int
    attributes: dict[str, object]


class LinkDetail(TypedDict):
    """A span of another trace that this one belongs with."""

    trace_id: str
    span_id: str
    attributes: dict[str, object]


class SpanDetail(TypedDict):
    """Everything of a span that is only shown or searched as text."""

    attributes: dict[str, object]
    events: list[EventDetail]
    links: list[LinkDetail]
    resource: dict[str, object]
    scope: str
    status_message: str


@dataclass(frozen=True, slots=True)
class Span:
    """One span: ids in hex (`parent_id` "" at the root), times in Unix nanoseconds."""

    trace_id: str
    span_id: str
    parent_id: str
    service: str
    name: str
    kind: str
    start_ns: int
    end_ns: int
    is_error: bool
    detail: SpanDetail

    @property
    def case_ref(self) -> str:
        """The case this span worked for, or ""."""
        return str(self.detail["attributes"].get(CASE, ""))

    @property
    def step(self) -> str:
        """The step of the case this span was part of, or ""."""
        return str(self.detail["attributes"].get(STEP, ""))
