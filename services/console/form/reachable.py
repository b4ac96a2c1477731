"""How a person may safely be reached: the questions, asked alike in every referral, and the API's rules from them."""

from __future__ import annotations

from services.console.form.field import Field, long_text, one, text
from services.console.gateway import Json

# Field of the address, field of its safety, the API's channel; a mobile number serves both calls and texts.
_CHANNELS = (
    ("phone", "phone_safety", "phone"),
    ("phone", "sms_safety", "sms"),
    ("email", "email_safety", "email"),
    ("post", "letter_safety", "letter"),
)


def reachable_fields(*, own: bool) -> tuple[Field, ...]:
    """The questions, worded to the person themselves (`own`) or about someone else."""
    whom = "you" if own else "them"
    auto = {"phone": "tel", "email": "email"} if own else {"phone": "off", "email": "off"}
    return (
        text("phone", "Phone number", required=False, autocomplete=auto["phone"]),
        one("phone_safety", f"Is it safe to ring {whom}?", "MaySafely", required=False),
        one("sms_safety", f"Is it safe to send {whom} a text?", "MaySafely", required=False),
        text("email", "Email address", required=False, autocomplete=auto["email"]),
        one("email_safety", f"Is it safe to email {whom}?", "MaySafely", required=False),
        long_text("post", "Postal address", required=False),
        one("letter_safety", f"Is it safe to send {whom} a letter?", "MaySafely", required=False),
    )


def contact_of(answers: Json, confirmed_on: str) -> list[Json]:
    """Take the answers out of a body and give the API's contact rules; no answer on safety stays unknown.

    `confirmed_on` is the ISO date on which the person said what is safe, empty when they were not asked.
    """
    rules = []
    for address, safety, channel in _CHANNELS:
        if answers.get(address):
            rule = {"channel": channel, "address": answers[address], "safety": answers.get(safety, "unknown")}
            if confirmed_on and safety in answers:
                rule["confirmed_on"] = confirmed_on
            rules.append(rule)
    for name in {name for names in _CHANNELS for name in names[:2]}:
        answers.pop(name, None)
    return rules
