"""Keeps the newest spans in one SQLite file and answers questions about traces; blocking, safe to use from threads."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.traces.span import Span

_SCHEMA = """
CREATE TABLE IF NOT EXISTS spans (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    trace_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    parent_id TEXT NOT NULL,
    service TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    is_error INTEGER NOT NULL,
    detail TEXT NOT NULL,
    UNIQUE (trace_id, span_id)
);
CREATE TABLE IF NOT EXISTS traces (
    trace_id TEXT PRIMARY KEY,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    spans INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    root_name TEXT NOT NULL,
    root_service TEXT NOT NULL,
    last_sequence INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS traces_start ON traces (start_ns);
CREATE INDEX IF NOT EXISTS traces_last ON traces (last_sequence);
CREATE TABLE IF NOT EXISTS labels (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    PRIMARY KEY (kind, value, trace_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS labels_trace ON labels (trace_id);
"""
_INSERT_SPAN = """
INSERT OR IGNORE INTO spans
    (trace_id, span_id, parent_id, service, name, kind, start_ns, end_ns, is_error, detail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SELECT_SPANS = (
    "SELECT trace_id, span_id, parent_id, service, name, kind, start_ns, end_ns, is_error, detail FROM spans"
)
_SELECT_TRACES = "SELECT trace_id, start_ns, end_ns, spans, errors, root_name, root_service FROM traces"
_TRIM_SLACK = 20  # a twentieth more than the limit may gather before the oldest go, so that trimming is rare


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """One trace in a list: times in Unix nanoseconds, labels sorted."""

    trace_id: str
    start_ns: int
    end_ns: int
    spans: int
    errors: int
    root_name: str
    root_service: str
    cases: tuple[str, ...]
    steps: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """Which traces to list; "" means any."""

    case_ref: str = ""
    step: str = ""
    service: str = ""
    errors_only: bool = False


class SpanStore:
    """The spans and, kept beside them, one summary for each trace."""

    def __init__(self, folder: Path, spans_max: int) -> None:
        """Open or make the file in the folder; `spans_max` bounds its size."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / "traces.sqlite"
        file.touch(mode=0o600)
        self._spans_max = spans_max
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(file, check_same_thread=False)
        # A development record: losing the last moments with the machine is a fair price for cheap writes.
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
        self._connection.executescript(_SCHEMA)

    def add(self, spans: Sequence[Span]) -> None:
        """Keep the spans in one transaction; a span already kept is left as it is."""
        with self._lock, self._connection:
            before = self._last_sequence()
            self._connection.executemany(_INSERT_SPAN, [_span_row(span) for span in spans])
            self._summarise(before)
            self._connection.executemany("INSERT OR IGNORE INTO labels VALUES (?, ?, ?)", _labels(spans))
            self._trim()

    def recent(self, wanted: TraceFilter, limit: int) -> Sequence[TraceSummary]:
        """The newest traces that fit the filter, newest first."""
        conditions, values = _conditions(wanted)
        return self._summaries(f"{conditions} ORDER BY start_ns DESC LIMIT ?", [*values, limit])

    def of_case(self, case_ref: str, limit: int) -> Sequence[TraceSummary]:
        """The traces of one case from the first to the last."""
        conditions, values = _conditions(TraceFilter(case_ref=case_ref))
        return self._summaries(f"{conditions} ORDER BY start_ns ASC LIMIT ?", [*values, limit])

    def spans(self, trace_id: str) -> Sequence[Span]:
        """The spans of one trace in order of their start."""
        query = f"{_SELECT_SPANS} WHERE trace_id = ? ORDER BY start_ns, sequence"
        with self._lock:
            return [_span_of(row) for row in self._connection.execute(query, (trace_id,))]

    def containing(self, text: str, limit: int) -> Sequence[Span]:
        """The spans in which a text occurs anywhere (names, attributes, events, resource), whatever its case."""
        needle = json.dumps(text, ensure_ascii=False)[1:-1].lower()
        query = f"{_SELECT_SPANS} WHERE instr(lower(name || char(10) || service || char(10) || detail), ?) > 0 LIMIT ?"
        with self._lock:
            return [_span_of(row) for row in self._connection.execute(query, (needle, limit))]

    def label_values(self, kind: str, limit: int = 500) -> Sequence[str]:
        """All values of one kind of label (`service` or `step`), sorted."""
        query = "SELECT DISTINCT value FROM labels WHERE kind = ? ORDER BY value LIMIT ?"
        with self._lock:
            return [value for (value,) in self._connection.execute(query, (kind, limit))]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _summaries(self, clause: str, values: Sequence[object]) -> Sequence[TraceSummary]:
        with self._lock:
            rows = self._connection.execute(f"{_SELECT_TRACES} {clause}", list(values)).fetchall()
            return [self._summary(row) for row in rows]

    def _summary(self, row: tuple[str, int, int, int, int, str, str]) -> TraceSummary:
        found = self._connection.execute("SELECT kind, value FROM labels WHERE trace_id = ? ORDER BY value", (row[0],))
        labels: dict[str, list[str]] = {"case": [], "step": [], "service": []}
        for kind, value in found:
            labels[kind].append(value)
        return TraceSummary(
            *row, cases=tuple(labels["case"]), steps=tuple(labels["step"]), services=tuple(labels["service"])
        )

    def _last_sequence(self) -> int:
        (last,) = self._connection.execute("SELECT coalesce(max(sequence), 0) FROM spans").fetchone()
        return int(last)

    def _summarise(self, after_sequence: int) -> None:
        """Fold what was just inserted into the summaries; a span without a parent names its trace."""
        self._connection.execute(
            """
            INSERT INTO traces
            SELECT trace_id, min(start_ns), max(end_ns), count(*), sum(is_error),
                   max(iif(parent_id = '', name, '')), max(iif(parent_id = '', service, '')), max(sequence)
            FROM spans WHERE sequence > ? GROUP BY trace_id
            ON CONFLICT (trace_id) DO UPDATE SET
                start_ns = min(start_ns, excluded.start_ns), end_ns = max(end_ns, excluded.end_ns),
                spans = spans + excluded.spans, errors = errors + excluded.errors,
                root_name = iif(excluded.root_name = '', root_name, excluded.root_name),
                root_service = iif(excluded.root_service = '', root_service, excluded.root_service),
                last_sequence = excluded.last_sequence
            """,
            (after_sequence,),
        )

    def _trim(self) -> None:
        last = self._last_sequence()
        (first,) = self._connection.execute("SELECT coalesce(min(sequence), 0) FROM spans").fetchone()
        if last - first < self._spans_max + self._spans_max // _TRIM_SLACK:
            return
        cut = (last - self._spans_max,)
        self._connection.execute("DELETE FROM spans WHERE sequence <= ?", cut)
        self._connection.execute(
            "DELETE FROM labels WHERE trace_id IN (SELECT trace_id FROM traces WHERE last_sequence <= ?)", cut
        )
        self._connection.execute("DELETE FROM traces WHERE last_sequence <= ?", cut)


def _conditions(wanted: TraceFilter) -> tuple[str, list[object]]:
    clauses, values = ["1"], list[object]()
    for kind, value in (("case", wanted.case_ref), ("step", wanted.step), ("service", wanted.service)):
        if value:
            clauses.append("trace_id IN (SELECT trace_id FROM labels WHERE kind = ? AND value = ?)")
            values += [kind, value]
    if wanted.errors_only:
        clauses.append("errors > 0")
    return f"WHERE {' AND '.join(clauses)}", values


def _labels(spans: Iterable[Span]) -> set[tuple[str, str, str]]:
    labels = {("service", span.service, span.trace_id) for span in spans}
    labels |= {("case", span.case_ref, span.trace_id) for span in spans if span.case_ref}
    return labels | {("step", span.step, span.trace_id) for span in spans if span.step}


def _span_row(span: Span) -> tuple[object, ...]:
    return (
        span.trace_id,
        span.span_id,
        span.parent_id,
        span.service,
        span.name,
        span.kind,
        span.start_ns,
        span.end_ns,
        int(span.is_error),
        json.dumps(span.detail, ensure_ascii=False),
    )


def _span_of(row: tuple[str, str, str, str, str, str, int, int, int, str]) -> Span:
    return Span(*row[:8], is_error=bool(row[8]), detail=json.loads(row[9]))
