"""Every step of a case as a short form, each described once."""

from __future__ import annotations

from services.console.staff.steps import meeting, people, referral, whole_case
from services.console.staff.steps.step_form import Group, StepForm

STEP_FORMS: dict[str, StepForm] = {
    form.kind: form for form in (*referral.STEPS, *people.STEPS, *meeting.STEPS, *whole_case.STEPS)
}
# One action away on every page of a case, so not among the others.
SAFETY_STEPS = ("hold_for_safety", "withdraw")

__all__ = ["SAFETY_STEPS", "STEP_FORMS", "Group", "StepForm"]
