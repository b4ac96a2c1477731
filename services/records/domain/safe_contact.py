"""Whether an automatic message may go to a person at a moment, and by which channel; anything unknown means no."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.records.domain.contact import Channel, ContactRule, Safety

SERVICE_ZONE = ZoneInfo("Europe/London")
"""Where the service's people live: safe hours are local (R-031)."""

CONFIRMED_WITHIN_DAYS = 90
"""After so many days a confirmation no longer counts, because safety changes (R-033)."""

_AHEAD_DAYS_MAX = 1
# Only channels a message can go out on by itself, the one that is soonest seen first.
_PREFERENCE = (Channel.EMAIL, Channel.SMS, Channel.LETTER)
# A week and a day bring round every weekday; twice that also passes over an hour the clocks leave out.
_DAYS_AHEAD = 15


class BlockedReason(StrEnum):
    """Why nothing may be sent: a person gets a task instead (R-033, R-035)."""

    NO_SAFE_CHANNEL = "no_safe_channel"
    STALE_SAFETY = "stale_safety"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_CASE = "unknown_case"


@dataclass(frozen=True, slots=True)
class SafeContact:
    """Where a message may go now."""

    channel: Channel
    address: str = field(repr=False)
    may_name_service: bool


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Safe, but not at this hour: the next safe moment, in UTC."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Blocked:
    """No message may be sent."""

    reason: BlockedReason


Resolution = SafeContact | NotBefore | Blocked


def safe_contact(rules: Iterable[ContactRule], at: datetime) -> Resolution:
    """The answer for a person's rules at the case's own time (aware).

    The best channel that is safe and freshly confirmed decides; outside its hours the message waits for them rather
    than go by a channel the person likes less. Letters wait for no hour: nobody hears them arrive.
    """
    usable = [rule for rule in rules if _is_usable(rule)]
    if not usable:
        return Blocked(BlockedReason.NO_SAFE_CHANNEL)
    fresh = [rule for rule in usable if _is_fresh(rule, at)]
    if not fresh:
        return Blocked(BlockedReason.STALE_SAFETY)
    rule = min(fresh, key=lambda candidate: _PREFERENCE.index(candidate.channel))
    if rule.channel is Channel.LETTER or _is_open(rule, at):
        return SafeContact(rule.channel, rule.address, rule.may_name_service)
    moment = _next_opening(rule, at)
    return NotBefore(moment) if moment is not None else Blocked(BlockedReason.NO_SAFE_CHANNEL)


def _is_usable(rule: ContactRule) -> bool:
    return rule.channel in _PREFERENCE and rule.safety is Safety.SAFE and bool(rule.address)


def _is_fresh(rule: ContactRule, at: datetime) -> bool:
    """Whether the confirmation counts; one dated a day ahead may be another clock's, one further ahead is a mistake."""
    if rule.confirmed_on is None:
        return False
    age_days = (at.astimezone(SERVICE_ZONE).date() - rule.confirmed_on).days
    return -_AHEAD_DAYS_MAX <= age_days <= CONFIRMED_WITHIN_DAYS


def _is_open(rule: ContactRule, at: datetime) -> bool:
    local = at.astimezone(SERVICE_ZONE)
    from_hour, until_hour = rule.safe_hours
    return from_hour <= local.hour < until_hour and (not rule.safe_weekdays or local.isoweekday() in rule.safe_weekdays)


def _next_opening(rule: ContactRule, at: datetime) -> datetime | None:
    """The first moment after `at` at which the rule's hours begin; none if they never do."""
    today = at.astimezone(SERVICE_ZONE).date()
    from_hour, until_hour = rule.safe_hours
    if not 0 <= from_hour < until_hour <= 24:
        return None
    for days in range(_DAYS_AHEAD):
        # Compared in UTC: where the clocks change, local times are ambiguous or missing.
        opening = datetime.combine(today + timedelta(days), time(from_hour), SERVICE_ZONE).astimezone(UTC)
        if opening > at and _is_open(rule, opening):
            return opening
    return None
