"""How a person may be reached on one channel, as they last confirmed it (R-030 to R-033)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.runtime.refusal import Refusal

DEFAULT_SAFE_HOURS = (9, 20)
"""Local hours between which an automatic message may arrive when a person named none (R-031)."""

_ASKER = "caller"
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[A-Za-z0-9.-]{1,253}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,22}[0-9]")


class Channel(StrEnum):
    """A way to reach a person."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    VOICEMAIL = "voicemail"
    LETTER = "letter"
    VISIT = "visit"
    THIRD_PARTY = "third_party"


class Safety(StrEnum):
    """Whether a channel is safe for the person; unknown sends nothing (R-030)."""

    SAFE = "safe"
    NOT_SAFE = "not_safe"
    UNKNOWN = "unknown"


_NUMBERS = frozenset({Channel.SMS, Channel.PHONE, Channel.VOICEMAIL})
_NEEDS_ADDRESS = frozenset({Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.LETTER})


@dataclass(frozen=True, slots=True)
class ContactRule:
    """One channel of one person: hours are local and half-open, weekdays are ISO (Monday is 1), none named means all.

    Unless `may_name_service`, wording says nothing of restorative justice or the police (R-032).
    """

    channel: Channel
    address: str = field(repr=False)
    safety: Safety
    confirmed_on: date | None
    safe_from_hour: int
    safe_until_hour: int
    safe_weekdays: frozenset[int]
    may_name_service: bool

    @property
    def safe_hours(self) -> tuple[int, int]:
        """The hours to keep to; both 0 stand for the default ones."""
        if self.safe_from_hour == 0 and self.safe_until_hour == 0:
            return DEFAULT_SAFE_HOURS
        return self.safe_from_hour, self.safe_until_hour


def contact_faults(rule: ContactRule) -> Iterator[Refusal]:
    """What is wrong with a rule, by field; an address nobody could be reached at must not pass as safe."""
    if rule.safety is Safety.SAFE and rule.channel in _NEEDS_ADDRESS and not rule.address:
        yield Refusal("address_missing", "A safe channel needs its address or number.", field="address", who=_ASKER)
    if rule.address and not _well_formed(rule):
        yield Refusal("address_malformed", "This is no address of that channel.", field="address", who=_ASKER)
    low, high = rule.safe_hours
    if not 0 <= low < high <= 24:
        sentence = "Safe hours run from one full hour to a later one, between 0 and 24."
        yield Refusal("safe_until_hour_out_of_range", sentence, field="safe_until_hour", who=_ASKER)
    if not rule.safe_weekdays <= frozenset(range(1, 8)):
        sentence = "Weekdays are numbered from 1 (Monday) to 7 (Sunday)."
        yield Refusal("safe_weekdays_out_of_range", sentence, field="safe_weekdays", who=_ASKER)


def _well_formed(rule: ContactRule) -> bool:
    if rule.channel is Channel.EMAIL:
        return _EMAIL.fullmatch(rule.address) is not None
    if rule.channel in _NUMBERS:
        return _PHONE.fullmatch(rule.address) is not None
    return True
