"""The steps from a referral's arrival to its allocation."""

from __future__ import annotations

from services.console.form.field import long_text, one, yes_no
from services.console.staff.steps.step_form import Group, StepForm
from services.console.words import HARMED

STEPS = (
    StepForm(
        kind="take_up",
        group=Group.REFERRAL,
        title="Take into screening",
        button="Take into screening",
        intro="You begin to screen this referral. The screening clock starts.",
    ),
    StepForm(
        kind="request_information",
        group=Group.REFERRAL,
        title="Ask the referrer for information",
        button="Send the question",
        intro="The hub's clock rests until the referrer answers.",
        fields=(long_text("question_note", "What do you need to know?"),),
    ),
    StepForm(
        kind="provide_information",
        group=Group.REFERRAL,
        title="Answer the hub's question",
        button="Send the answer",
        fields=(long_text("answer_note", "Your answer"),),
    ),
    StepForm(
        kind="accept_referral",
        group=Group.REFERRAL,
        title="Accept the referral",
        button="Sign and accept",
        intro="You sign the single shared assessment and take the case on.",
        fields=(
            one("handling", "How should the case be handled?", "Handling",
                hint="Sensitive and specialist cases need a lead's signature before a meeting."),
            one("route", "Who is to hold the case?", "Route"),
            one("approach_first_person_id", "Who is spoken to first?", "@people",
                hint="The other side is approached only when this person agrees."),
            long_text("reasons_note", "Reasons", required=False),
        ),
    ),
    StepForm(
        kind="refuse_referral",
        group=Group.REFERRAL,
        title="Refuse the referral",
        button="Refuse the referral",
        intro=f"A referral that a {HARMED} asked for needs a second signature before it is refused.",
        warning=True,
        fields=(
            one("reason", "Why does it go no further?", "ScreeningRefusal"),
            yes_no("alternatives_offered", "Have other kinds of help been offered?"),
            long_text("reasons_note", "Explain the decision"),
        ),
    ),
    StepForm(
        kind="countersign_refusal",
        group=Group.REFERRAL,
        title="Countersign the refusal",
        button="Countersign the refusal",
        intro="Yours is the second signature. It must be someone other than the person who refused the referral.",
        warning=True,
    ),
    StepForm(
        kind="allocate",
        group=Group.REFERRAL,
        title="Allocate the case",
        button="Allocate",
        intro="Choose a facilitator, or a satellite unit whose lead will name one.",
        fields=(
            one("facilitator_id", "Facilitator", "@facilitators", required=False, none="None: allocate to a unit"),
            one("co_facilitator_id", "Co-facilitator", "@co_facilitators", required=False, none="No co-facilitator"),
            one("unit_id", "Satellite or specialist unit", "@units", required=False, none="No unit"),
        ),
    ),
    StepForm(
        kind="accept_allocation",
        group=Group.REFERRAL,
        title="Accept the allocation",
        button="Accept the case",
        fields=(
            one("facilitator_id", "Facilitator", "@facilitators", required=False, none="I am the facilitator",
                hint="A unit's lead names one of the unit's facilitators."),
        ),
    ),
    StepForm(
        kind="decline_allocation",
        group=Group.REFERRAL,
        title="Hand the case back",
        button="Hand back to the hub",
        fields=(long_text("reasons_note", "Why are you handing it back?"),),
    ),
)  # fmt: skip
