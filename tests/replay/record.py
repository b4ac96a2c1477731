"""Records the histories of a release: `python -m tests.replay.record 0.1.0`.

Run it once when a release is made and commit what it writes; never record a release's histories anew, since they are
what its open cases look like.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import TimeSkipper

from services.runtime.temporal import connect
from tests.support import burglary
from tests.support.case_client import CaseClient
from tests.support.case_worker import running_worker
from tests.support.fake_services import FakeServices
from tests.support.payload_keys import write_test_keys
from tests.support.people import COORDINATOR, FACILITATOR, HARMED_ID, LEAD, OTHER_LEAD, RESPONSIBLE_ID
from tests.support.spans import use_tracing
from tests.support.temporal import throwaway_temporal
from workflows.contracts import steps
from workflows.contracts.vocabulary import ExitReason, HoldReason, ItemStatus, RiskLevel, RiskMoment
from workflows.worker import REPLAY_SAFE

HISTORIES = Path(__file__).parent / "histories"


async def record(release: str, folder: Path = HISTORIES) -> list[Path]:
    """Walks a few cases on a real engine and writes each run's history as encrypted, compressed JSON."""
    written: list[Path] = []
    with tempfile.TemporaryDirectory() as keys, throwaway_temporal() as server:
        engine = await connect(
            address=server.address,
            namespace=server.namespace,
            payload_keys_file=write_test_keys(Path(keys)),
            identity="record",
            replay_safe=REPLAY_SAFE,
        )
        fakes = FakeServices()
        async with running_worker(engine, fakes):
            for name, walk in (("conference", _conference), ("withdrawal", _withdrawal), ("away", _services_away)):
                case = CaseClient(engine)
                await walk(engine, case, fakes)
                history = await case.handle.fetch_history()
                file = folder / f"{release}-{name}.json.gz"
                # The id is kept beside it, since payloads are bound to it.
                recorded = {"workflow_id": case.handle.id, "history": history.to_json_dict()}
                file.write_bytes(gzip.compress(json.dumps(recorded).encode(), mtime=0))
                written.append(file)
    return written


async def _conference(engine: Client, case: CaseClient, fakes: FakeServices) -> None:
    """From referral to the end of the follow-up, months later."""
    now = (await case.open(burglary.referral())).at
    for actor, step in burglary.to_monitoring(now)[1:]:
        await case.step(actor, step)
    await case.step(FACILITATOR, steps.SettleItem(item_id="A1", outcome=ItemStatus.COMPLETED))
    skipper = TimeSkipper(engine)
    for _ in range(16):
        await skipper.fast_forward(case.handle, timedelta(days=15))


async def _withdrawal(engine: Client, case: CaseClient, fakes: FakeServices) -> None:
    """A safety hold released by two leads, then a withdrawal."""
    await case.take(burglary.to_ready())
    await case.step(COORDINATOR, steps.HoldForSafety(reason=HoldReason.NEW_ORDER))
    for one in (HARMED_ID, RESPONSIBLE_ID):
        await case.step(LEAD, steps.AssessRisk(person_id=one, moment=RiskMoment.INCIDENT, level=RiskLevel.LOW))
    await case.step(LEAD, steps.ReleaseHold())
    await case.step(OTHER_LEAD, steps.ReleaseHold())
    await case.step(FACILITATOR, steps.Withdraw(person_id=HARMED_ID, reason=ExitReason.OWN_CHOICE))
    await TimeSkipper(engine).fast_forward(case.handle, timedelta(days=7))


async def _services_away(engine: Client, case: CaseClient, fakes: FakeServices) -> None:
    """Ledger and notifications are away for a while, so the slow ways are in the history too."""
    await case.open(burglary.referral())
    fakes.ledger_is_down = fakes.messages_are_down = True
    taken = await case.step(COORDINATOR, steps.TakeUp())
    held = await case.step(COORDINATOR, steps.HoldForSafety(reason=HoldReason.OTHER))
    fakes.ledger_is_down = fakes.messages_are_down = False
    await fakes.until(lambda: {taken.sequence, held.sequence} <= set(fakes.ledger[case.case_id]))


if __name__ == "__main__":
    use_tracing()
    for path in asyncio.run(record(sys.argv[1])):
        print(path)
