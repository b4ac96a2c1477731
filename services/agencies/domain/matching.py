"""Which facilitators fit a case and why: every criterion speaks for a candidate or bars them (R-070, R-071)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.agencies.domain.facilitator import Facilitator
from services.agencies.domain.service_day import service_day
from services.agencies.domain.staff import Level


@dataclass(frozen=True, slots=True)
class CaseNeeds:
    """What a case asks of its facilitator at a moment of its own time."""

    district_id: str
    level_at_least: Level
    specialisms: frozenset[str]
    languages: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A facilitator judged against a case; any reason against bars them."""

    facilitator: Facilitator
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]

    @property
    def fit(self) -> bool:
        """Whether nothing speaks against them."""
        return not self.reasons_against


def match(needs: CaseNeeds, facilitators: Iterable[Facilitator], limit: int) -> tuple[Candidate, ...]:
    """The best candidates: fit before unfit, then the less loaded; equal ones in the order of their ids."""
    candidates = [_judge(needs, facilitator) for facilitator in facilitators]
    candidates.sort(key=_rank)
    return tuple(candidates[:limit])


def _rank(candidate: Candidate) -> tuple[bool, float, str]:
    return not candidate.fit, candidate.facilitator.load, candidate.facilitator.staff.staff_id


def _judge(needs: CaseNeeds, facilitator: Facilitator) -> Candidate:
    verdicts = list(_verdicts(needs, facilitator))
    return Candidate(
        facilitator,
        reasons_for=tuple(good for met, good, _ in verdicts if met),
        reasons_against=tuple(bad for met, _, bad in verdicts if not met),
    )


def _verdicts(needs: CaseNeeds, facilitator: Facilitator) -> Iterator[tuple[bool, str, str]]:
    """Each criterion as: is it met, the code if it is, the code if it is not. What is not asked is left out."""
    practitioner = facilitator.practitioner
    day = service_day(needs.at)
    yield not facilitator.staff.ended_by(day), "in_service", "ended"
    yield facilitator.agreement_on(day), "agreement", "agreement_lapsed"
    yield practitioner.vetted_on(day), "vetted", "not_vetted"
    yield practitioner.level >= needs.level_at_least, "level", "level_too_low"
    yield needs.district_id in practitioner.district_ids, "district", "other_district"
    if needs.languages:
        spoken = all(_speaks(practitioner.languages, wanted) for wanted in needs.languages)
        yield spoken, "language", "language_missing"
    if needs.specialisms:
        trained = needs.specialisms.issubset(practitioner.specialisms)
        yield trained, "specialism", "specialism_missing"
    yield facilitator.has_capacity, "has_capacity", "no_capacity"


def _speaks(languages: tuple[str, ...], wanted: str) -> bool:
    """Whether someone speaks a language: `en` covers `en-GB`, while `zh-HK` asked for does not follow from `zh-CN`."""
    asked = wanted.lower()
    return any(asked == spoken or asked.startswith(f"{spoken}-") for spoken in map(str.lower, languages))
