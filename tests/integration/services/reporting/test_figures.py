"""Figures count what their rules say, and small ones are hidden from the commissioner."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from rjhub.reporting.v1 import reporting_pb2

from deploy.local.postgres import PostgresServer
from services.runtime.rpc_channel import RpcCall
from tests.support.reporting import ReportingSystem, batch, entry, running_reporting, stamp


def held(process_id: str, kind: str) -> dict[str, Any]:
    return {"kind": "process_held", "data": {"process_id": process_id, "process_kind": kind}}


def answered(point_id: str, satisfaction: int | None, role: str = "harmed") -> dict[str, Any]:
    data = {"point_id": point_id, "satisfaction": satisfaction, "party_role": role}
    return {"kind": "follow_up_answered", "data": data}


HAPPENED: list[dict[str, Any]] = [
    *({"kind": "referral_received"} for _ in range(6)),
    *({"kind": "referral_accepted"} for _ in range(3)),
    {"kind": "referral_refused"},
    *(held(f"direct-{number}", "face_to_face") for number in range(4)),
    held("direct-4", "live_video"),
    held("direct-4", "live_video"),
    held("indirect-1", "shuttle"),
    held("letters", "letter_exchange"),
    {"kind": "exchange_released", "data": {"process_id": "letters", "exchange_id": "e1"}},
    {"kind": "exchange_released", "data": {"process_id": "letters", "exchange_id": "e2"}},
    {"kind": "exchange_released", "data": {"process_id": "recorded", "exchange_id": "e3"}},
    {"kind": "process_not_held", "data": {"process_kind": "face_to_face"}},
    *({"kind": "follow_up_sent", "data": {"point_id": f"point-{number}"}} for number in range(20)),
    {"kind": "follow_up_sent", "data": {"point_id": "point-0"}},
    {"kind": "reminder_sent", "data": {"point_id": "point-0"}},
    *(answered(f"point-{number}", 5) for number in range(6)),
    answered("point-6", 4),
    answered("point-7", 3),
    answered("point-8", 1),
    answered("point-9", None),
    answered("point-10", 5, "responsible"),
]
TRUE = {
    "K1": 6,
    "K10": 3,
    "K15": 5,
    "K16": 3,
    "K27_satisfied": 7,
    "K27_answered": 9,
    "K28_answered": 11,
    "K28_asked": 20,
}


@pytest_asyncio.fixture(scope="module")
async def counted(postgres_server: PostgresServer) -> AsyncIterator[ReportingSystem]:
    """One busy case in April, and one whose referrals lie at the edges of the month in local time."""
    async with running_reporting(postgres_server) as system:
        middle = stamp(datetime(2026, 4, 15, 12, tzinfo=UTC))
        entries = [
            entry(sequence, **{"happened_at": middle, **fields}) for sequence, fields in enumerate(HAPPENED, start=1)
        ]
        await system.append(batch("busy", entries=entries))
        # British Summer Time: the local day begins at 23:00 UTC.
        edges = [datetime(2026, 4, 30, 22, 59, tzinfo=UTC), datetime(2026, 4, 30, 23, 0, tzinfo=UTC)]
        edges = [datetime(2026, 3, 31, 22, 59, tzinfo=UTC), datetime(2026, 3, 31, 23, 0, tzinfo=UTC), *edges]
        await system.append(
            batch(
                "edges",
                entries=[
                    entry(sequence, "referral_accepted", happened_at=stamp(at))
                    for sequence, at in enumerate(edges, start=1)
                ],
            )
        )
        yield system


async def figures(
    system: ReportingSystem, roles: list[str], from_date: str = "2026-04-01", until_date: str = "2026-04-30"
) -> dict[str, reporting_pb2.Figure]:
    request = reporting_pb2.GetFiguresRequest(from_date=from_date, until_date=until_date)
    token = system.token("someone", roles)
    answer = await RpcCall().call(system.stub.GetFigures, request, token=token, timeout_seconds=10)
    return {figure.code: figure for figure in answer.figures}


async def test_the_hub_sees_every_number(counted: ReportingSystem) -> None:
    found = await figures(counted, ["lead"])
    expected = TRUE | {"K10": TRUE["K10"] + 2}  # two of the four at the edges lie in April
    assert {code: figure.value for code, figure in found.items()} == expected
    assert not any(figure.suppressed for figure in found.values())
    assert all(figure.label and figure.counting_rule for figure in found.values())


@pytest.mark.parametrize("roles", [["commissioner"], ["commissioner", "lead"]])
async def test_small_numbers_are_hidden_from_a_commissioner(counted: ReportingSystem, roles: list[str]) -> None:
    found = await figures(counted, roles)
    hidden = {code for code, figure in found.items() if figure.suppressed}
    # 3 is small; 9 - 7 and 11 - 9 would tell 2 dissatisfied and 2 who did not say.
    assert hidden == {"K16", "K27_satisfied", "K27_answered"}
    assert all(found[code].value == 0 for code in hidden)
    assert found["K1"].value == 6


async def test_an_empty_period_is_noughts(counted: ReportingSystem) -> None:
    found = await figures(counted, ["commissioner"], "2020-01-01", "2020-12-31")
    assert {(figure.value, figure.suppressed) for figure in found.values()} == {(0, False)}
