"""The words people read for the API's codes: one table per closed list, compared with the vocabulary by a test.

The words for the two sides are chosen here alone (R-187): change `HARMED`, `RESPONSIBLE` and the pages follow.
"""

from __future__ import annotations

from collections.abc import Mapping

SERVICE = "Restorative Justice Hub"
# Titles and history entries of public pages say no more than this.
NEUTRAL = "Hub"

HARMED = "harmed person"
RESPONSIBLE = "person responsible"

Words = Mapping[str, str]

# fmt: off
LISTS: Mapping[str, Words] = {
    "Role": {
        "referrer": "Referrer", "coordinator": "Hub coordinator", "lead": "Hub lead", "facilitator": "Facilitator",
        "unit_lead": "Unit lead", "specialist": "Specialist", "commissioner": "Commissioner",
        "administrator": "Administrator", "operator": "Operator", "participant": "Participant", "public": "Public",
    },
    "Stage": {
        "received": "Received", "info_requested": "Waiting for information", "screening": "Screening",
        "accepted": "Accepted", "allocated": "Allocated", "engaging": "First contact", "preparing": "Preparation",
        "ready": "Ready", "delivering": "Meeting", "monitoring": "Agreement", "follow_up": "Follow-up",
        "closed": "Closed",
    },
    "Channel": {
        "online": "Online form", "phone": "Phone", "api": "Agency's own system", "self_referral": "Self-referral",
    },
    "ReferrerKind": {
        "police": "Police", "housing": "Housing provider", "probation": "Probation", "prison": "Prison",
        "youth_justice": "Youth justice service", "council": "Council", "charity": "Charity", "school": "School",
        "court": "Court", "victim": f"A {HARMED}", "responsible_person": f"A {RESPONSIBLE}",
    },
    "Initiator": {
        "victim_led": f"The {HARMED} asked for it", "responsible_led": f"The {RESPONSIBLE} asked for it",
        "agency_led": "The agency suggests it",
    },
    "Stream": {"crime": "Crime", "non_crime": "Not a crime, or not recorded as one"},
    "HarmType": {
        "burglary": "Burglary", "assault": "Assault", "robbery": "Robbery", "theft": "Theft",
        "criminal_damage": "Criminal damage", "arson": "Arson", "hate_crime": "Hate crime",
        "harassment": "Harassment", "stalking": "Stalking", "domestic_abuse": "Domestic abuse",
        "sexual_harm": "Sexual harm", "trafficking": "Trafficking or exploitation", "driving": "Driving offence",
        "fraud": "Fraud", "anti_social_behaviour": "Anti-social behaviour", "neighbour_dispute": "Neighbour dispute",
        "noise": "Noise", "school_incident": "Incident at school or college", "other": "Something else",
    },
    "JusticeStage": {
        "no_crime": "No crime recorded", "reported": "Reported to the police", "out_of_court": "Settled out of court",
        "charged": "Charged", "pre_sentence": "Before sentence",
        "post_sentence_custody": "After sentence, in custody",
        "post_sentence_community": "After sentence, in the community", "released": "Released", "unknown": "Not known",
    },
    "RjLevel": {
        "level_1": "Level 1: instant or on the street",
        "level_2": "Level 2: a meeting, in place of or beside the justice process",
        "level_3": "Level 3: serious or complex, long preparation",
    },
    "FundingStream": {
        "victims_grant": "Victims' services grant", "housing_fee": "Housing provider's fee",
        "council_grant": "Council grant", "other": "Other",
    },
    "District": {
        "birmingham": "Birmingham", "coventry": "Coventry", "dudley": "Dudley", "sandwell": "Sandwell",
        "solihull": "Solihull", "walsall": "Walsall", "wolverhampton": "Wolverhampton",
    },
    "PartyRole": {
        "harmed": HARMED.capitalize(), "responsible": RESPONSIBLE.capitalize(),
        "both": "Both harmed and responsible", "supporter": "Supporter",
    },
    "AgeBand": {"adult": "18 or over", "under_18": "Under 18", "unknown": "Not known"},
    "Answer": {"yes": "Yes", "no": "No", "unknown": "Not known"},
    "Responsibility": {
        "accepts": "Accepts the basic facts", "partly": "Accepts some of it", "denies": "Denies it",
        "unknown": "Not known yet",
    },
    "Handling": {"ordinary": "Ordinary", "sensitive": "Sensitive", "specialist": "Specialist"},
    "Route": {
        "hub": "The hub's own facilitators", "satellite": "A satellite unit", "specialist": "The specialist unit",
    },
    "ScreeningRefusal": {
        "out_of_scope": "Outside what the hub does", "signposted": "Better helped by another service",
        "not_suitable": "Not suitable", "duplicate": "Already referred",
    },
    "RiskLevel": {"low": "Low", "medium": "Medium", "high": "High", "unsafe": "Not safe to go on"},
    "RiskMoment": {
        "screening": "At screening", "first_meeting": "After the first meeting",
        "before_event": "Before the conference or alternative", "after_event": "Afterwards",
        "incident": "Because something happened",
    },
    "Bar": {
        "restraining_order": "Restraining order", "bail_condition": "Bail condition",
        "licence_condition": "Licence condition", "live_proceedings": "Live court proceedings",
    },
    "ParticipationStatus": {
        "named": "Named", "permitted": "May be contacted", "contacting": "Being contacted", "informed": "Informed",
        "considering": "Considering", "consented": "Consented", "prepared": "Prepared", "confirmed": "Confirmed",
        "took_part": "Took part", "followed_up": "Followed up", "not_now": "Not now", "exited": "Left",
    },
    "Exit": {
        "not_identified": "Was never identified", "not_permitted": "May not be contacted",
        "no_safe_contact": "No safe way to reach them", "unreachable": "Could not be reached",
        "declined": "Declined", "denies": "Denies responsibility", "unsuitable": "Not suitable for this process",
        "unsafe": "Not safe", "withdrew": "Withdrew", "capacity_or_age": "Cannot decide alone, and nobody may for them",
        "external": "Something outside the service",
    },
    "ExitReason": {
        "own_choice": "Their own choice", "no_reason_given": "No reason given", "too_soon": "Too soon",
        "too_distressing": "Too distressing", "afraid": "Afraid", "no_longer_needed": "No longer needed",
        "denies_responsibility": "Denies responsibility", "motivation": "Not for the right reasons",
        "health": "Health", "manipulation": "Signs of manipulation", "no_answer": "No answer",
        "wrong_details": "Contact details are wrong", "someone_else_answers": "Someone else answers",
        "moved_away": "Moved away", "acquitted": "Acquitted or conviction quashed", "recalled": "Recalled to prison",
        "died": "Died", "not_identified": "Not identified", "needs_representative": "Needs someone to represent them",
        "other": "Another reason",
    },
    "ContactChannel": {
        "phone": "Phone", "visit": "Visit", "letter": "Letter", "email": "Email", "sms": "Text message",
        "third_party": "Through someone else",
    },
    "ContactOutcome": {
        "reached": "Reached the person", "no_answer": "No answer", "someone_else": "Someone else answered",
        "unsafe": "It was not safe", "wrong_details": "The details were wrong",
    },
    "ConsentKind": {
        "contact": "Being contacted", "participation": "Taking part", "sharing": "Sharing information",
        "feedback": "Being asked for feedback",
    },
    "ConsentMethod": {"written": "In writing", "verbal": "Spoken", "online": "Online"},
    "ProcessKind": {
        "face_to_face": "Face-to-face conference", "community_conference": "Community conference",
        "shuttle": "Shuttle: the facilitator goes between", "letter_exchange": "Exchange of letters",
        "recorded_message": "Recorded message", "live_video": "Live video conference",
        "messenger": "Questions and answers carried by the facilitator",
        "surrogate": "Meeting with someone in their place",
        "no_send_letter": "Letter that is not sent",
    },
    "ProcessStatus": {
        "planned": "Planned", "ready": "Ready", "confirmed": "Booked", "in_progress": "Under way", "held": "Held",
        "adjourned": "Adjourned", "stopped": "Stopped", "not_held": "Not held",
    },
    "NotHeldReason": {
        "withdrawal": "Someone withdrew", "illness": "Illness", "no_show": "Someone did not come",
        "logistics": "Room, travel or timing", "safety": "Safety", "switched": "Another process was chosen",
    },
    "ExchangeStatus": {
        "drafted": "Drafted", "reviewed": "Reviewed", "accepted_to_receive": "Recipient agreed to receive",
        "released": "Released", "answered": "Answered", "no_answer_wanted": "No answer wanted", "withheld": "Withheld",
    },
    "ItemKind": {
        "apology": "Apology", "financial_reparation": "Payment", "practical_reparation": "Practical repair or work",
        "behaviour": "A change in behaviour", "contact_arrangement": "How they will meet or keep apart",
        "programme": "A course or programme", "other": "Something else",
    },
    "ItemStatus": {
        "proposed": "Proposed", "agreed": "Agreed", "completed": "Completed", "partly": "Partly done",
        "not_completed": "Not done", "released": "Released from it",
    },
    "PauseKind": {"victim_wish": f"The {HARMED} wishes it", "other": "Another reason"},
    "PauseReason": {
        "person_wish": "The person's wish", "court": "Court proceedings", "illness": "Illness",
        "prison_move": "A move between prisons", "no_facilitator": "No facilitator free", "other": "Another reason",
    },
    "HoldReason": {
        "distress": "Someone is in distress", "unsafe_contact": "Contact was not safe",
        "new_order": "A new court order",
        "new_offence": "A new offence", "threat": "A threat", "safeguarding": "A safeguarding concern",
        "other": "Another reason",
    },
    "PointKind": {"welfare": "Welfare check", "questionnaire": "Questionnaire", "outcome": "How things are later on"},
    "PointStatus": {
        "planned": "Planned", "sending": "Being sent", "sent": "Sent", "handed_to_person": "For a person to do",
        "answered": "Answered", "no_reply": "No reply", "declined": "Would rather not", "cancelled": "Cancelled",
    },
    "CloseReason": {
        "completed": "Completed", "duplicate": "Already referred",
        "no_information": "The referrer gave no more information",
        "out_of_scope": "Outside what the hub does", "signposted": "Better helped by another service",
        "not_suitable": "Referral not suitable", "unsafe": "Not safe", "declined": "Declined",
        "denies": "Responsibility denied", "withdrew": "Withdrew", "unreachable": "Could not be reached",
        "no_safe_contact": "No safe way to reach someone", "not_identified": f"The {RESPONSIBLE} was never identified",
        "not_permitted": "Someone may not be contacted", "external": "Something outside the service",
        "capacity_or_age": "Someone cannot decide alone", "unsuitable": "Not suitable for this process",
    },
    "Side": {
        "harmed": f"The {HARMED}", "responsible": f"The {RESPONSIBLE}", "both": "Both sides", "service": "The service",
    },
    "OnwardSupport": {
        "not_offered": "Not offered yet", "offered": "Offered", "accepted": "Accepted", "declined": "Declined",
    },
    "DeliveryOutcome": {
        "sent": "Sent", "not_yet": "Waiting for a safe hour", "handed_to_person": "For a person to do",
    },
}

# Lists that other parts of the API speak: how a person may be reached, and what a record calls their safety.
OWN_LISTS: Mapping[str, Words] = {
    "ContactRoute": {
        "email": "Email", "sms": "Text message", "phone": "Phone", "voicemail": "Voicemail", "letter": "Letter",
        "visit": "Visit", "third_party": "Through someone else",
    },
    "Safety": {"safe": "Safe", "not_safe": "Not safe", "unknown": "Not known"},
    "Weekday": {
        "1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday", "5": "Friday", "6": "Saturday", "7": "Sunday",
    },
    "Authority": {"court": "Court", "police": "Police", "probation": "Probation", "prison": "Prison"},
    "Language": {
        "en": "English", "ar": "Arabic", "bn": "Bengali", "pa": "Punjabi", "pl": "Polish", "ro": "Romanian",
        "so": "Somali", "ur": "Urdu", "bfi": "British Sign Language",
    },
    "MaySafely": {"safe": "Yes", "not_safe": "No"},
    "Entrance": {"main": "Main entrance", "side": "Side entrance", "rear": "Rear entrance"},
    "Measure": {
        "satisfaction": "Satisfied with the service", "felt_listened_to": "Felt listened to",
        "well_informed": "Well informed", "felt_safe": "Felt safe", "would_recommend": "Would recommend",
        "wellbeing": "Wellbeing", "confidence_in_justice": "Confidence in justice",
    },
    "Who": {
        "caller": "You can give it here.", "referrer": "The referrer can give it.",
        "coordinator": "A hub coordinator can do it.", "lead": "A hub lead can do it.",
        "facilitator": "The facilitator can do it.", "unit_lead": "The unit's lead can do it.",
        "specialist": "A specialist can do it.", "administrator": "The administrator can do it.",
        "operator": "The operator can help.", "participant": "The person themselves can say it.",
        "harmed": f"The {HARMED} can say it.", "responsible": f"The {RESPONSIBLE} can say it.",
    },
}
# fmt: on


def word(list_name: str, code: object) -> str:
    """The words for a code; nothing for an empty one; a code nobody has named yet is shown readably, never hidden."""
    text = "" if code is None else str(code)
    table = LISTS.get(list_name) or OWN_LISTS.get(list_name) or {}
    return table.get(text) or in_words(text)


def in_words(code: str) -> str:
    """A code as readable text: `case_accepted` becomes "Case accepted"."""
    text = code.replace("_", " ").replace(".", " ").strip()
    return text[:1].upper() + text[1:]


def table(list_name: str) -> Words:
    """A whole list; raises KeyError for a list that does not exist."""
    return LISTS[list_name] if list_name in LISTS else OWN_LISTS[list_name]
