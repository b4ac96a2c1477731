"""The hub's numbers: time limits, follow-up plan and scope, in versions with effective dates; a case keeps the
one it began with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.case.core.state import CaseState
from workflows.contracts.vocabulary import HarmType, Initiator


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the rules' numbers. Days are calendar days unless the name says working days."""

    version: str
    effective_from: date
    screening_working_days: int = 2  # hub takes up and screens
    allocation_working_days: int = 2
    acceptance_working_days: int = 5  # then the allocation falls back to the hub (T15)
    first_contact_working_days: int = 10  # from the referral
    countersign_working_days: int = 2
    handed_over_working_days: int = 2  # what automation could not do, a person does by then
    fresh_days: int = 90  # consent and risk count for so long
    nudge_days: int = 14
    nudges_at_most: int = 2  # the facilitator, then the lead
    offer_review_days: int = 90  # staff look again at "not now"; never the person
    contact_attempts_before_unreachable: int = 3
    no_information_working_days: int = 20  # T7
    welfare_working_days: int = 2
    questionnaire_days: int = 42
    outcome_months: int = 6
    reminder_days: int = 14
    no_reply_days: int = 28
    answer_days: int = 60  # a link lives so long
    sensitive_harms: tuple[HarmType, ...] = (
        HarmType.DOMESTIC_ABUSE,
        HarmType.SEXUAL_HARM,
        HarmType.STALKING,
        HarmType.TRAFFICKING,
    )
    forbidden_initiations: tuple[tuple[Initiator, HarmType], ...] = (
        (Initiator.RESPONSIBLE_LED, HarmType.DOMESTIC_ABUSE),
        (Initiator.RESPONSIBLE_LED, HarmType.SEXUAL_HARM),
        (Initiator.RESPONSIBLE_LED, HarmType.STALKING),
    )


POLICIES = (Policy(version="2024-01", effective_from=date(2024, 1, 1)),)


def policy_in_force(on: date) -> Policy:
    """The version a case that begins on this day will keep; the first version also covers days before it."""
    begun = [policy for policy in POLICIES if policy.effective_from <= on]
    return begun[-1] if begun else POLICIES[0]


def policy_of(state: CaseState) -> Policy:
    """The version this case began with."""
    for policy in POLICIES:
        if policy.version == state.policy_version:
            return policy
    raise ValueError("the case's policy version is not known")
