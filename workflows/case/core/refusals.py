"""Every reason why a step may not be taken, in a plain sentence, and who can supply what is missing."""

from __future__ import annotations

from workflows.contracts.step_request import StepRefusal

FACILITATOR = "the facilitator"
HUB = "the hub"
LEAD = "a hub lead"
TWO_LEADS = "two leads"
REFERRER = "the referrer"
SENDER = "whoever sends the step"
PERSON = "the person themselves"
NOBODY = ""

# code -> (sentence, who can supply what is missing)
SENTENCES: dict[str, tuple[str, str]] = {
    # standing of the case
    "unknown_case": ("There is no such case, or it is not yours to see.", NOBODY),
    "not_your_step": ("This step is not yours to take in this case.", HUB),
    "no_referral": ("The case has not begun: a referral is missing.", REFERRER),
    "already_referred": ("This case already has its referral.", NOBODY),
    "case_closed": ("The case is closed.", HUB),
    "case_held": ("The case is on a safety hold; two leads release it after looking at risk anew.", TWO_LEADS),
    "case_paused": ("The case is paused.", "whoever's wish it is, or staff when it is nobody's"),
    "not_at_this_stage": ("The case is not at a stage where this step can be taken.", FACILITATOR),
    "needed": ("This is needed.", SENDER),
    # referral and screening
    "no_parties": ("At least one harmed or responsible person must be named.", REFERRER),
    "person_twice": ("The same person is named twice.", REFERRER),
    "grant_not_for_non_crime": ("The victims' grant may not pay for a matter that is not a crime.", HUB),
    "risk_missing": ("This person's risk has not been assessed.", FACILITATOR),
    "risk_unsafe": ("This person's latest risk assessment says unsafe.", LEAD),
    "no_permission": ("This person has not agreed to be contacted.", "the referrer or the person themselves"),
    "not_a_party": ("This person is neither harmed nor responsible.", HUB),
    "initiator_first": ("The side whose wish this is must be spoken to first.", HUB),
    "handling_too_low": ("Harm of this kind must be handled as sensitive or by specialists.", HUB),
    "specialist_handling_needed": ("A case for the specialist unit must be handled as specialist.", HUB),
    "initiator_not_allowed": ("This service does not take such a matter up at the responsible person's wish.", LEAD),
    "alternatives_not_offered": ("Alternatives must be offered before a harmed person's request is refused.", HUB),
    "no_refusal_to_sign": ("No refusal is waiting for a signature.", HUB),
    "second_signature_by_another": ("The second signature must be another person's.", LEAD),
    "lead_must_sign": ("One of the signatures must be a hub lead's.", LEAD),
    "bar_not_cleared": ("A bar may only be left out when the authority that cleared it is named.", FACILITATOR),
    "unknown_authority": ("The clearing authority must be court, police, probation or prison.", FACILITATOR),
    # allocation
    "facilitator_or_unit": ("Name either a facilitator or a unit.", HUB),
    "same_facilitator": ("The co-facilitator must be another person.", HUB),
    "facilitator_missing": ("The unit must name who will facilitate.", "the unit's lead"),
    "facilitator_is_set": ("The facilitator has already been named.", HUB),
    "unchanged": ("Nothing would change.", NOBODY),
    # people
    "unknown_person": ("This person is not part of the case.", HUB),
    "person_left": ("This person has left the case.", NOBODY),
    "already_identified": ("This person is already identified.", NOBODY),
    "not_identified": ("This person has not been identified yet.", "the police or the referrer"),
    "approach_not_agreed": ("The side that is spoken to first has not agreed to this approach.", FACILITATOR),
    "not_responsible": ("This person is not named as responsible.", HUB),
    "not_first_side": ("Only the side that is spoken to first agrees to the approach.", FACILITATOR),
    "not_informed": ("This person has not had full information yet.", FACILITATOR),
    "consent_not_given": ("There is no such consent to take back.", NOBODY),
    "not_this_exit": ("This exit does not fit how far the person has come.", FACILITATOR),
    "use_withdraw": ("A person who had consented withdraws; record it as a withdrawal.", FACILITATOR),
    "more_attempts_needed": ("Too few attempts have been made to call the person unreachable.", FACILITATOR),
    "denial_not_recorded": ("The facilitator has not recorded that responsibility is denied.", FACILITATOR),
    "person_is_identified": ("This person is identified.", NOBODY),
    "person_may_be_contacted": ("This person has agreed to be contacted.", NOBODY),
    "lead_signs_unsuitable": ("That a person is not suitable is signed by a lead.", LEAD),
    "onward_support_missing": ("Say whether onward support was offered, accepted or declined.", FACILITATOR),
    "not_waiting": ("This person has not said not now.", NOBODY),
    "already_waiting": ("This person has already said not now.", NOBODY),
    # readiness
    "unknown_process": ("There is no such process in this case.", FACILITATOR),
    "process_over": ("This process is over; plan another.", FACILITATOR),
    "process_in_progress": ("A process is in progress; record first how it ended.", FACILITATOR),
    "process_not_ready": ("The process has not been declared ready.", FACILITATOR),
    "process_not_booked": ("The process has not been booked.", FACILITATOR),
    "process_not_started": ("The process has not been started with the checklist of the day.", FACILITATOR),
    "process_already_ready": ("The process is already ready.", NOBODY),
    "no_pair_attends": ("Somebody harmed and somebody responsible must attend.", FACILITATOR),
    "nobody_attends": ("Somebody harmed or responsible must attend.", FACILITATOR),
    "consent_missing": ("This person's consent to take part is missing.", FACILITATOR),
    "consent_not_written": ("This person's consent to take part is not in writing.", FACILITATOR),
    "consent_stale": ("This person's consent to take part must be confirmed anew.", FACILITATOR),
    "representative_missing": ("A responsible adult or advocate must agree as well.", FACILITATOR),
    "not_prepared": ("This person has not been prepared.", FACILITATOR),
    "risk_stale": ("This person's risk must be looked at anew.", FACILITATOR),
    "risk_before_meeting": ("This person's risk has not been looked at since they were first met.", FACILITATOR),
    "bar_in_force": (
        "An order or condition forbids contact until its authority clears it.",
        "the authority that set it",
    ),
    "responsibility_not_accepted": ("This person has not accepted responsibility, at least in part.", FACILITATOR),
    "waits_for_person": ("This person has said not now.", PERSON),
    "co_facilitator_missing": ("A sensitive case needs two facilitators.", HUB),
    "no_signature_waiting": ("No readiness is waiting for a signature.", FACILITATOR),
    # process
    "venue_missing": ("This kind of process needs a venue.", FACILITATOR),
    "starts_in_past": ("The process must start in the future.", FACILITATOR),
    "arrival_missing": ("This person has no arrival of their own.", FACILITATOR),
    "not_an_attendee": ("This person is not expected at the process.", FACILITATOR),
    "arrivals_together": ("People of different sides must not arrive together.", FACILITATOR),
    "identity_not_checked": ("Identity must be checked on the day.", FACILITATOR),
    "risk_not_rechecked": ("Risk must be looked at again on the day.", FACILITATOR),
    "consent_not_reconfirmed": ("This person's consent was not confirmed on the day.", FACILITATOR),
    "exchange_open": ("A released letter or recording has no end yet.", FACILITATOR),
    "nothing_exchanged": ("Nothing was exchanged in this process.", FACILITATOR),
    # exchange
    "not_an_exchange": ("This kind of process has no letters or recordings.", FACILITATOR),
    "unknown_exchange": ("There is no such letter or recording in this case.", FACILITATOR),
    "not_drafted": ("It has already been reviewed.", NOBODY),
    "not_reviewed": ("It has not been reviewed as fit to release.", FACILITATOR),
    "not_accepted": ("The recipient has not agreed to receive it.", FACILITATOR),
    "not_released": ("It has not been released.", FACILITATOR),
    "stays_unsent": ("A letter written not to be sent stays with its writer.", NOBODY),
    "to_oneself": ("Sender and recipient must be different people.", FACILITATOR),
    # agreement
    "unknown_item": ("There is no such item in this case.", FACILITATOR),
    "item_settled": ("This item has already ended.", NOBODY),
    "not_in_item": ("This person neither owes the item nor benefits from it.", FACILITATOR),
    "already_agreed": ("This person has already agreed.", NOBODY),
    "item_not_agreed": ("Not everyone has agreed to this item; it can only be released.", FACILITATOR),
    "owner_did_not_attend": ("The person who undertakes it did not take part.", FACILITATOR),
    "nobody_benefits": ("Name whom the item is for.", FACILITATOR),
    # pause and hold
    "already_paused": ("The case already rests for this reason.", NOBODY),
    "not_paused": ("There is no such pause to end.", NOBODY),
    "whose_wish": ("Name the harmed person whose wish it is.", FACILITATOR),
    "review_day_missing": ("Say when staff will review the pause.", FACILITATOR),
    "review_day_past": ("The review day must be in the future.", FACILITATOR),
    "not_held": ("The case is not on a safety hold.", NOBODY),
    "already_signed": ("You have already signed; the second signature is another lead's.", "another lead"),
    "risk_before_hold": ("This person's risk has not been looked at since the hold.", FACILITATOR),
    # follow-up
    "unknown_point": ("There is no such follow-up.", FACILITATOR),
    "already_answered": ("This has already been answered.", NOBODY),
    "not_asked_yet": ("This has not been asked yet.", NOBODY),
    "link_expired": ("The time for answering has passed.", FACILITATOR),
    "unknown_measure": ("This is not one of the questions.", SENDER),
    "measure_twice": ("A question was answered twice.", SENDER),
    "value_out_of_range": ("An answer is a number from 1 to 5.", SENDER),
    "nothing_answered": ("The answer is empty.", SENDER),
    "not_handed_over": ("This follow-up has not been handed to a person.", NOBODY),
    # closing
    "paused_by_victim": ("A harmed person's pause is never closed over; only they end it.", PERSON),
    "viable_pair_left": ("Someone harmed and someone responsible are still in the case.", FACILITATOR),
    "reason_does_not_fit": ("Nobody of that side left the case in this way.", FACILITATOR),
    "refuse_at_screening": ("This reason belongs to a refusal at screening.", HUB),
    "nothing_held": ("No process has taken place.", FACILITATOR),
    "follow_up_open": ("Follow-up is not finished.", FACILITATOR),
    "item_open": ("An agreement item has not ended.", FACILITATOR),
    "process_open": ("A process has not ended.", FACILITATOR),
    "question_too_recent": ("The referrer still has time to answer.", REFERRER),
    "lead_closes": ("Only a lead closes for this reason.", LEAD),
    "second_person_closes": ("A victim-led case is closed for this reason by someone other than who decided it.", LEAD),
}


# What nobody can supply: the actor may not take the step at all.
_FORBIDDEN = frozenset({"not_your_step", "unknown_case"})


def refusal(code: str, field: str = "") -> StepRefusal:
    """The refusal with this code; `field` names the step's field, and the person or thing after a colon."""
    sentence, who = SENTENCES[code]
    return StepRefusal(code=code, sentence=sentence, field=field, who=who, forbidden=code in _FORBIDDEN)


def about(field: str, subject_id: str) -> str:
    """The field and the opaque id of the person or thing it is about."""
    return f"{field}:{subject_id}"
