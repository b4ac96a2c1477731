"""The steps of a conference or alternative, of letters and recordings, and of what was agreed."""

from __future__ import annotations

from services.console.form.field import Field, Kind, day, long_text, many, moment, one, yes_no
from services.console.staff.steps.step_form import Group, StepForm
from services.console.words import HARMED

_PROCESS = one("process_id", "Which one?", "@processes")
_EXCHANGE = one("exchange_id", "Which one?", "@exchanges")
_ITEM = one("item_id", "Which undertaking?", "@items")

_ARRIVALS = Field(
    name="arrivals", label="When does each person arrive?", kind=Kind.GROUP, source="@people", row_key="person_id",
    required=False, hint="Each person is told their own time and entrance only. Leave out those who do not come.",
    fields=(
        moment("arrive_at", "Arrives", required=False),
        one("entrance", "Entrance", "Entrance", default="main"),
    ),
)  # fmt: skip

_ITEMS = Field(
    name="items", label="What was undertaken", kind=Kind.GROUP, rows=4, row_label="Undertaking", required=False,
    hint="As the people worded it. Nothing undertaken is a valid result.",
    fields=(
        one("item_kind", "Kind", "ItemKind"),
        long_text("wording_note", "In their words", required=False),
        one("owner_person_id", "Who undertakes it?", "@people"),
        many("for_person_ids", "For whom?", "@people"),
        day("due_on", "By when?", required=False),
    ),
)  # fmt: skip

STEPS = (
    StepForm(
        kind="plan_process", group=Group.MEETING, title="Plan a conference or alternative",
        fields=(
            one("process_kind", "What is planned?", "ProcessKind"),
            many("person_ids", "Who takes part?", "@people"),
        ),
    ),
    StepForm(
        kind="declare_ready", group=Group.MEETING, title="Declare ready", button="Declare ready",
        intro="Everyone is prepared, consents and risk are fresh, and no order forbids contact.", fields=(_PROCESS,),
    ),
    StepForm(
        kind="countersign_ready", group=Group.MEETING, title="Countersign readiness", button="Countersign",
        intro="A sensitive or specialist case needs a lead's signature before anything is booked.", fields=(_PROCESS,),
    ),
    StepForm(
        kind="book_process", group=Group.MEETING, title="Book", button="Book",
        fields=(
            _PROCESS,
            moment("starts_at", "When does it start?"),
            one("venue_id", "Where?", "@venues", required=False, none="No venue needed",
                hint="Not needed for video, shuttle or letters."),
            _ARRIVALS,
        ),
    ),
    StepForm(
        kind="start_process", group=Group.MEETING, title="Start", button="Start",
        intro="The checklist of the day.",
        fields=(
            _PROCESS,
            yes_no("identity_checked", "Has everyone's identity been checked?"),
            yes_no("risk_rechecked", "Has risk been looked at again today?"),
            many("consent_reconfirmed_person_ids", "Who confirmed their consent today?", "@people"),
        ),
    ),
    StepForm(
        kind="record_held", group=Group.MEETING, title="Record that it was held",
        intro="Who came and what was undertaken. What was said is not recorded.",
        fields=(_PROCESS, many("attended_person_ids", "Who took part?", "@people"), _ITEMS),
    ),
    StepForm(
        kind="record_not_held", group=Group.MEETING, title="Record that it did not take place",
        fields=(
            _PROCESS,
            one("reason", "Why not?", "NotHeldReason"),
            one("person_id", "Through whom?", "@people", required=False, none="Nobody's doing"),
        ),
    ),
    StepForm(
        kind="adjourn_process", group=Group.MEETING, title="Adjourn", button="Adjourn",
        intro="It is broken off, and taken up again after more preparation.", fields=(_PROCESS,),
    ),
    StepForm(
        kind="stop_process", group=Group.MEETING, title="Stop for safety", button="Stop now", warning=True,
        intro="It stops at once and the whole case goes on hold.",
        fields=(_PROCESS, one("reason", "Why?", "HoldReason")),
    ),
    StepForm(
        kind="draft_exchange", group=Group.EXCHANGE, title="Add a letter or recording",
        fields=(
            one("process_id", "Part of what?", "@processes"),
            one("from_person_id", "From whom?", "@people"),
            one("to_person_id", "To whom?", "@people"),
            long_text("content_note", "Its content"),
        ),
    ),
    StepForm(
        kind="review_exchange", group=Group.EXCHANGE, title="Review a letter or recording",
        intro="Read it for its content, for risk, and for anything that says where someone lives or works.",
        fields=(
            _EXCHANGE,
            yes_no("fit_to_release", "Is it fit to be handed on?", yes="Yes", no="No, withhold it"),
            long_text("review_note", "Note", required=False),
        ),
    ),
    StepForm(
        kind="agree_to_receive", group=Group.EXCHANGE, title="Record that the recipient agrees to receive it",
        fields=(_EXCHANGE,),
    ),
    StepForm(
        kind="release_exchange", group=Group.EXCHANGE, title="Hand it to the recipient", button="Record as handed over",
        fields=(_EXCHANGE,),
    ),
    StepForm(
        kind="close_exchange", group=Group.EXCHANGE, title="Record the answer to a letter or recording",
        fields=(_EXCHANGE, yes_no("answered", "Did they answer?", yes="They answered", no="They want no answer sent")),
    ),
    StepForm(
        kind="agree_item", group=Group.AGREEMENT, title="Record agreement to an undertaking",
        fields=(_ITEM, one("person_id", "Who agrees?", "@people")),
    ),
    StepForm(
        kind="settle_item", group=Group.AGREEMENT, title="Record how an undertaking ended",
        intro=f"The {HARMED} is told either way.",
        fields=(
            _ITEM,
            one("outcome", "How did it end?", "ItemStatus", only=("completed", "partly", "not_completed", "released")),
            long_text("evidence_note", "How is this known?", required=False),
        ),
    ),
)  # fmt: skip
