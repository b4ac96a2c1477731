"""Spans are nested under their parents, drawn in proportion, and none is ever lost from the page."""

from hypothesis import given
from hypothesis import strategies as st

from deploy.local.traces.span import Span
from deploy.local.traces.waterfall import waterfall


def span(span_id: str, parent_id: str = "", start_ns: int = 0, end_ns: int = 100) -> Span:
    return Span(
        trace_id="t", span_id=span_id, parent_id=parent_id, service="records", name=span_id, kind="internal",
        start_ns=start_ns, end_ns=end_ns, is_error=False,
        detail={
            "attributes": {}, "events": [], "links": [], "resource": {}, "scope": "", "status_message": "",
        },
    )  # fmt: skip


def test_children_follow_their_parent_in_order_of_start() -> None:
    spans = [span("late", "root", 60, 90), span("root"), span("early", "root", 10, 50), span("inner", "early", 20, 30)]
    assert [(row.span.span_id, row.depth) for row in waterfall(spans)] == [
        ("root", 0), ("early", 1), ("inner", 2), ("late", 1)
    ]  # fmt: skip


def test_bars_are_in_proportion() -> None:
    rows = {
        row.span.span_id: row for row in waterfall([span("root", "", 1000, 2000), span("half", "root", 1500, 1750)])
    }
    assert (rows["root"].left, rows["root"].width) == (0, 100)
    assert (rows["half"].left, rows["half"].width) == (50, 25)
    assert rows["half"].offset_ms == 0.0005
    assert rows["half"].duration_ms == 0.00025


def test_a_span_whose_parent_is_missing_stands_at_the_top() -> None:
    assert [(row.span.span_id, row.depth) for row in waterfall([span("orphan", "gone"), span("child", "orphan")])] == [
        ("orphan", 0), ("child", 1)
    ]  # fmt: skip


def test_no_spans_no_rows() -> None:
    assert waterfall([]) == []


ids = st.sampled_from([f"s{number}" for number in range(8)])


@given(st.dictionaries(ids, st.tuples(ids | st.just(""), st.integers(0, 50), st.integers(0, 50)), min_size=1))
def test_every_span_is_drawn_once_within_the_line_whatever_its_parents(shape: dict[str, tuple[str, int, int]]) -> None:
    spans = [span(one, parent, start, start + length) for one, (parent, start, length) in shape.items()]
    rows = waterfall(spans)
    assert sorted(row.span.span_id for row in rows) == sorted(shape)
    assert all(0 <= row.left <= 100 and row.width > 0 and row.left + row.width <= 100.001 for row in rows)
