"""The store finds traces by what they carry, folds late spans in, and stays within its bound."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.traces.span import CASE, STEP, Span
from deploy.local.traces.store import SpanStore, TraceFilter


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SpanStore]:
    opened = SpanStore(tmp_path / "traces", spans_max=1000)
    yield opened
    opened.close()


def span(number: int, trace: str = "a", *, parent: str = "", service: str = "gateway", **attributes: object) -> Span:
    return Span(
        trace_id=trace, span_id=f"{trace}{number}", parent_id=parent, service=service, name=f"work {number}",
        kind="internal", start_ns=number, end_ns=number + 10, is_error=bool(attributes.pop("error", False)),
        detail={
            "attributes": attributes, "events": [], "links": [], "resource": {"host": "Quill\n"}, "scope": "",
            "status_message": "",
        },
    )  # fmt: skip


def test_a_trace_that_arrives_in_parts_is_one_summary(store: SpanStore) -> None:
    store.add([span(5, parent="a1", service="records", error=True)])
    assert store.recent(TraceFilter(), 10)[0].root_name == ""
    store.add([span(1, **{CASE: "RJ-1", STEP: "screen"})])
    store.add([span(1, **{CASE: "RJ-1", STEP: "screen"})])
    (trace,) = store.recent(TraceFilter(), 10)
    assert (trace.start_ns, trace.end_ns, trace.spans, trace.errors) == (1, 15, 2, 1)
    assert (trace.root_name, trace.root_service) == ("work 1", "gateway")
    assert (trace.cases, trace.steps, trace.services) == (("RJ-1",), ("screen",), ("gateway", "records"))


def test_filters(store: SpanStore) -> None:
    store.add([span(1, "a", **{CASE: "RJ-1", STEP: "screen"}), span(2, "b", service="worker", error=True)])
    store.add([span(3, "c", **{CASE: "RJ-1", STEP: "allocate"})])

    def ids(wanted: TraceFilter) -> list[str]:
        return [trace.trace_id for trace in store.recent(wanted, 10)]

    assert ids(TraceFilter()) == ["c", "b", "a"]
    assert ids(TraceFilter(case_ref="RJ-1")) == ["c", "a"]
    assert ids(TraceFilter(case_ref="RJ-1", step="screen")) == ["a"]
    assert ids(TraceFilter(service="worker")) == ["b"]
    assert ids(TraceFilter(errors_only=True)) == ["b"]
    assert [trace.trace_id for trace in store.of_case("RJ-1", 10)] == ["a", "c"]
    assert store.label_values("service") == ["gateway", "worker"]


def test_text_is_found_wherever_it_stands(store: SpanStore) -> None:
    store.add([span(1, "a", note='the "Canary" one'), span(2, "b")])
    assert [found.trace_id for found in store.containing('"canary"', 10)] == ["a"]
    assert [found.trace_id for found in store.containing("WORK 2", 10)] == ["b"]
    assert len(store.containing("quill\n", 10)) == 2
    assert store.containing("absent", 10) == []


def test_the_oldest_go_first_and_the_bound_holds(store: SpanStore) -> None:
    for batch in range(40):
        store.add([span(number, f"t{batch}") for number in range(100)])
    kept = store.recent(TraceFilter(), 100)
    assert 1000 <= sum(len(store.spans(trace.trace_id)) for trace in kept) <= 1150
    assert {"t39", "t38"} <= {trace.trace_id for trace in kept}
    assert "t5" not in {trace.trace_id for trace in kept}
    assert store.spans("t5") == []


def test_spans_survive_a_restart(tmp_path: Path) -> None:
    first = SpanStore(tmp_path, spans_max=1000)
    first.add([span(1, "a", count=3)])
    first.close()
    second = SpanStore(tmp_path, spans_max=1000)
    assert second.spans("a") == [span(1, "a", count=3)]
    second.close()
