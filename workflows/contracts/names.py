"""What the case workflow is called on the engine: queue, workflow, update, query and ids."""

from __future__ import annotations

TASK_QUEUE = "rjhub-case"
CASE_WORKFLOW = "Case"
STEP_UPDATE = "step"
VIEW_QUERY = "view"
# Search attributes: codes only, never anything personal (temporal.md 1.7).
PHASE_ATTRIBUTE = "RjhubPhase"
DISTRICT_ATTRIBUTE = "RjhubDistrict"


def case_workflow_id(case_id: str) -> str:
    """The workflow id of a case; the case id is opaque, so the workflow id is too."""
    return f"case-{case_id}"
