"""The steps of follow-up, of rest and safety, and of the end of a case."""

from __future__ import annotations

from services.console.form.field import Field, Kind, day, long_text, one, yes_no
from services.console.staff.steps.step_form import Group, StepForm
from services.console.words import HARMED

_POINT = one("point_id", "Which one?", "@points")

_ANSWERS = Field(
    name="answers", label="Their answers", kind=Kind.GROUP, source="Measure", row_key="measure", required=False,
    hint="From 1, not at all, to 5, very much. Leave out what was not asked.",
    fields=(Field(name="value", label="Answer", kind=Kind.SCORE, required=False, low=1, high=5),),
)  # fmt: skip

STEPS = (
    StepForm(
        kind="answer_follow_up", group=Group.FOLLOW_UP, title="Record an answer given to you",
        fields=(
            _POINT,
            yes_no("declined", "Would they rather not answer?", default="no", required=False),
            _ANSWERS,
            yes_no("wants_call", "Would they like a call?", default="no", required=False),
            yes_no("distressed", "Are they in distress?", default="no", required=False,
                   hint="Yes puts the case on hold and tells a lead at once."),
            long_text("comment_note", "What they said", required=False),
        ),
    ),
    StepForm(
        kind="give_up_follow_up", group=Group.FOLLOW_UP, title="Record that no answer came", button="Record no reply",
        intro="You tried to reach them in person and got no reply.", fields=(_POINT,),
    ),
    StepForm(
        kind="pause", group=Group.CASE, title="Pause the case", button="Pause",
        fields=(
            one("pause", "Whose pause is it?", "PauseKind",
                hint=f"A pause that a {HARMED} wishes has no end of its own."),
            one("reason", "Why?", "PauseReason"),
            one("person_id", "Whose wish is it?", "@people", required=False, none="Nobody's in particular"),
            day("review_on", "When is it looked at again?", required=False,
                hint=f"Needed unless the {HARMED} wishes the pause."),
        ),
    ),
    StepForm(
        kind="resume", group=Group.CASE, title="End the pause", button="Go on",
        fields=(
            one("person_id", f"Which {HARMED} said so?", "@people", required=False, none="It was not their pause",
                hint=f"A pause that a {HARMED} wished is ended by them alone."),
        ),
    ),
    StepForm(
        kind="hold_for_safety", group=Group.CASE, title="Hold for safety", button="Stop everything now", warning=True,
        intro="Every message stops, anything booked is unconfirmed, and the leads are told at once. "
              "Two leads release the hold after risk has been looked at again.",
        fields=(one("reason", "Why?", "HoldReason"), long_text("hold_note", "What happened?", required=False)),
    ),
    StepForm(
        kind="release_hold", group=Group.CASE, title="Release the safety hold", button="Sign the release",
        intro="Two leads sign, each once, after risk has been looked at again.",
    ),
    StepForm(
        kind="close_case", group=Group.CASE, title="Close the case", button="Close the case", warning=True,
        fields=(
            one("reason", "What is the main reason?", "CloseReason"),
            one("side", "Whose decision or situation was it?", "Side"),
            one("onward_support", "Support from other services", "OnwardSupport", default="not_offered"),
            long_text("summary_note", "Closing summary", required=False),
        ),
    ),
)  # fmt: skip
