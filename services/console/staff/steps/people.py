"""The steps with one person: contact, information, consent, risk, preparation, leaving."""

from __future__ import annotations

from services.console.form.field import Field, long_text, many, one, text, yes_no
from services.console.staff.steps.step_form import Group, StepForm
from services.console.words import HARMED, RESPONSIBLE


def _person(label: str = "Who is it about?", **more: object) -> Field:
    return one("person_id", label, "@people", **more)


_ONWARD = one(
    "onward_support", "Support from other services", "OnwardSupport", default="not_offered",
    hint=f"A {HARMED} who leaves is always offered support elsewhere.",
)  # fmt: skip

STEPS = (
    StepForm(
        kind="record_permission", group=Group.PEOPLE, title="Record permission to contact",
        fields=(_person(), one("may_be_contacted", "May this person be contacted?", "Answer")),
    ),
    StepForm(
        kind="identify_person", group=Group.PEOPLE, title=f"Name the {RESPONSIBLE}",
        intro="Their name and details go to the record under the same entry.",
        fields=(
            _person("Which entry is it?"),
            one("may_be_contacted", "May this person be contacted?", "Answer"),
        ),
    ),
    StepForm(
        kind="log_contact", group=Group.PEOPLE, title="Log a contact attempt", button="Log the attempt",
        fields=(
            _person("Whom did you try to reach?"),
            one("channel", "How?", "ContactChannel"),
            one("outcome", "What came of it?", "ContactOutcome"),
            long_text("contact_note", "Note", required=False),
        ),
    ),
    StepForm(
        kind="inform_person", group=Group.PEOPLE, title="Record that someone was informed",
        intro="They have heard how it works, what their rights are and what may follow. "
              f"A {RESPONSIBLE} has heard that taking part shortens no sentence.",
        fields=(
            _person("Who was informed?"),
            text("pack_version", "Version of the information pack", default="2026-04"),
        ),
    ),
    StepForm(
        kind="record_responsibility", group=Group.PEOPLE, title="Record what is accepted",
        fields=(
            _person(),
            one("responsibility", "Do they accept responsibility?", "Responsibility",
                hint="Accepting the basic facts is enough."),
        ),
    ),
    StepForm(
        kind="agree_to_approach", group=Group.PEOPLE, title="Record agreement to approach the other side",
        intro="The person spoken to first agrees that the other side is approached.",
        fields=(_person("Who agrees?"),),
    ),
    StepForm(
        kind="record_consent", group=Group.PEOPLE, title="Record consent",
        fields=(
            _person("Whose consent?"),
            one("consent", "Consent to what?", "ConsentKind"),
            yes_no("given", "Given or taken back?", yes="Given", no="Taken back"),
            one("method", "How?", "ConsentMethod", hint="Consent to taking part is needed in writing."),
            text("wording_version", "Version of the wording", default="2026-04"),
            yes_no("representative", "Does a responsible adult or advocate agree too?", default="no", required=False),
        ),
    ),
    StepForm(
        kind="assess_risk", group=Group.PEOPLE, title="Assess risk",
        intro="Earlier assessments stay. Tick every order or condition now in force: one left out counts as cleared.",
        fields=(
            _person("Whose risk?"),
            one("moment", "When is this?", "RiskMoment"),
            one("level", "Level", "RiskLevel"),
            many("bars", "Orders and conditions that forbid contact", "Bar", required=False),
            one("cleared_by", "Who cleared an order or condition?", "Authority", required=False,
                none="Nothing has been cleared"),
            long_text("assessment_note", "Assessment", required=False),
        ),
    ),
    StepForm(
        kind="record_preparation", group=Group.PEOPLE, title="Record a preparation meeting",
        fields=(
            _person("Whom did you meet?"),
            yes_no("attended", "Did they attend?"),
            yes_no("ready", "Are they prepared, in your judgement?"),
            long_text("meeting_note", "Note", required=False),
        ),
    ),
    StepForm(
        kind="not_now", group=Group.PEOPLE, title="Record “not now”",
        intro="The offer stays open, without an end.", fields=(_person("Who wants to wait?"),),
    ),
    StepForm(
        kind="consider_again", group=Group.PEOPLE, title="Record that someone considers it again",
        fields=(_person("Who?"),),
    ),
    StepForm(
        kind="record_exit", group=Group.PEOPLE, title="Record that someone leaves",
        fields=(
            _person("Who leaves?"),
            one("exit", "How?", "Exit"),
            one("reason", "Why?", "ExitReason"),
            _ONWARD,
            long_text("exit_note", "Note", required=False),
        ),
    ),
    StepForm(
        kind="withdraw", group=Group.PEOPLE, title="Someone withdraws", button="Record the withdrawal",
        intro="Anyone may withdraw at any time, without a reason. Everything to them stops at once.", warning=True,
        fields=(
            _person("Who withdraws?"),
            one("reason", "Reason, if they gave one", "ExitReason", default="no_reason_given"),
            _ONWARD,
            long_text("exit_note", "Note", required=False),
        ),
    ),
)  # fmt: skip
