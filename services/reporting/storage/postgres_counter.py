"""Counts entries by the counting dictionary: every figure of a period in one query."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, distinct, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import TIMESTAMP

from services.reporting.domain.figures import Condition, Count, Figure, Rule
from services.reporting.storage.tables import EntryRow
from services.runtime.database import Database

_REGION_ZONE = "Europe/London"


class PostgresCounter:
    """The ledger's counting side."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, figures: tuple[Figure, ...], from_date: date, until_date: date) -> tuple[Count, ...]:
        """One count per figure over whole days as the region's clocks had them, by `happened_at`."""
        kinds = sorted({rule.kind for figure in figures for rule in figure.rules})
        query = select(*(_count(figure).label(figure.code) for figure in figures)).where(
            EntryRow.kind.in_(kinds),
            EntryRow.happened_at >= _start_of(from_date),
            EntryRow.happened_at < _start_of(until_date + timedelta(days=1)),
        )
        async with self._database.unit_of_work() as connection:
            values = (await connection.execute(query)).one()
        return tuple(Count(figure, int(value)) for figure, value in zip(figures, values, strict=True))


def _start_of(day: date) -> ColumnElement[object]:
    return func.timezone(_REGION_ZONE, cast(literal(day.isoformat(), Text), TIMESTAMP))


def _count(figure: Figure) -> ColumnElement[int]:
    counted: ColumnElement[str] = cast(EntryRow.sequence, Text)
    if figure.counted_by:
        counted = func.coalesce(EntryRow.data[figure.counted_by].astext, counted)
    rows = func.count(distinct(tuple_(EntryRow.case_id, counted)))
    return rows.filter(or_(*(_matches(rule) for rule in figure.rules)))


def _matches(rule: Rule) -> ColumnElement[bool]:
    return and_(EntryRow.kind == rule.kind, *(_meets(condition) for condition in rule.conditions))


def _meets(condition: Condition) -> ColumnElement[bool]:
    value = EntryRow.data[condition.field].astext
    if condition.one_of:
        return or_(value.in_(condition.one_of))
    # What is not there is none of them either; NULL would drop the entry.
    return or_(value.is_(None), value.not_in(condition.none_of))
