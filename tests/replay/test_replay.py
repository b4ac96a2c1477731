"""Cases opened by an earlier release go on under today's code: each recorded history replays with the real plugin."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from services.runtime.temporal import DurablePlugin
from tests.replay.record import HISTORIES
from tests.support.payload_keys import read_test_keys
from tests.support.spans import use_tracing
from workflows.worker import REPLAY_SAFE, WORKFLOWS

RECORDED = sorted(HISTORIES.glob("*.json.gz"))


@pytest.fixture(scope="module")
def replayer(tmp_path_factory: pytest.TempPathFactory) -> Replayer:
    """A replayer with the plugin that client and worker use."""
    use_tracing()
    keys = read_test_keys(tmp_path_factory.mktemp("keys"))
    return Replayer(workflows=WORKFLOWS, plugins=[DurablePlugin(keys, REPLAY_SAFE)])


def test_there_are_histories() -> None:
    """Without recordings the test below would pass for nothing."""
    assert RECORDED


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.name.removesuffix(".json.gz"))
async def test_a_recorded_case_goes_on_under_todays_code(replayer: Replayer, file: Path) -> None:
    """The same commands, in the same order, from the same history."""
    recorded = json.loads(gzip.decompress(file.read_bytes()))
    history = WorkflowHistory.from_json(recorded["workflow_id"], recorded["history"])
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    assert result.replay_failure is None
