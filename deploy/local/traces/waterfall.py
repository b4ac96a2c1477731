"""Lays a trace out as a waterfall: spans nested under their parents, each with a bar on the trace's time line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deploy.local.traces.span import Span

_NARROWEST = 0.15  # per cent of the line: a span of no length must still be seen


@dataclass(frozen=True, slots=True)
class Row:
    """One span as drawn: depth from 0, bar position and width in per cent of the whole, duration in milliseconds."""

    span: Span
    depth: int
    left: float
    width: float
    duration_ms: float
    offset_ms: float


def waterfall(spans: Sequence[Span]) -> list[Row]:
    """The rows from top to bottom: each span right after its parent, children in order of start.

    A span whose parent is not among them (not sent yet, or no longer kept) stands at the top level.
    """
    if not spans:
        return []
    start_ns = min(span.start_ns for span in spans)
    whole_ns = max(max(span.end_ns for span in spans) - start_ns, 1)
    return [_row(span, depth, start_ns, whole_ns) for span, depth in _nested(spans)]


def _nested(spans: Sequence[Span]) -> Iterator[tuple[Span, int]]:
    known = {span.span_id for span in spans}
    children: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda one: (one.start_ns, -one.end_ns)):
        parent = span.parent_id if span.parent_id in known and span.parent_id != span.span_id else ""
        children.setdefault(parent, []).append(span)
    seen = set[str]()
    waiting = [(span, 0) for span in reversed(children.get("", []))]
    while waiting:
        span, depth = waiting.pop()
        seen.add(span.span_id)
        yield span, depth
        waiting += [(child, depth + 1) for child in reversed(children.get(span.span_id, []))]
    # Spans that are one another's ancestors come from no sound sender, yet must not vanish from the page.
    yield from ((span, 0) for span in spans if span.span_id not in seen)


def _row(span: Span, depth: int, start_ns: int, whole_ns: int) -> Row:
    width = max(100 * (span.end_ns - span.start_ns) / whole_ns, _NARROWEST)
    left = min(100 * (span.start_ns - start_ns) / whole_ns, 100 - width)
    return Row(
        span=span,
        depth=depth,
        left=round(max(left, 0), 3),
        width=round(width, 3),
        duration_ms=(span.end_ns - span.start_ns) / 1e6,
        offset_ms=(span.start_ns - start_ns) / 1e6,
    )
