"""Matching: each criterion bars by its own code, the fit come first, then the less loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.agencies.domain.agency import SharingAgreement
from services.agencies.domain.matching import match
from services.agencies.domain.staff import SPECIALISMS, Level
from tests.unit.services.agencies.facilitators import AT, NEEDS, facilitator


def test_someone_who_fits_has_every_reason_for() -> None:
    (candidate,) = match(NEEDS, [facilitator()], 10)
    assert candidate.fit
    assert candidate.reasons_for == (
        "in_service", "agreement", "vetted", "level", "district", "language", "specialism", "has_capacity",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ends_on": date(2026, 5, 31)}, "ended"),
        ({"agreement": None}, "agreement_lapsed"),
        ({"agreement": SharingAgreement(date(2026, 1, 1), date(2026, 5, 31))}, "agreement_lapsed"),
        ({"agreement": SharingAgreement(date(2026, 6, 2), date(2026, 12, 31))}, "agreement_lapsed"),
        ({"vetting_expires_on": None}, "not_vetted"),
        ({"vetting_expires_on": date(2026, 5, 31)}, "not_vetted"),
        ({"district_ids": ("dudley",)}, "other_district"),
        ({"district_ids": ()}, "other_district"),
        ({"languages": ("en",)}, "language_missing"),
        ({"specialisms": ("hate_crime",)}, "specialism_missing"),
        ({"open_cases": 4}, "no_capacity"),
        ({"open_cases": 5}, "no_capacity"),
        ({"capacity_cases": 0}, "no_capacity"),
    ],
)
def test_each_criterion_bars_by_its_own_code(changes: dict[str, Any], reason: str) -> None:
    (candidate,) = match(NEEDS, [facilitator(**changes)], 10)
    assert not candidate.fit
    assert candidate.reasons_against == (reason,)


def test_the_level_must_reach_what_is_asked() -> None:
    asked = replace(NEEDS, level_at_least=Level.ADVANCED)
    candidates = match(asked, [facilitator("S1"), facilitator("S2", level=Level.ADVANCED)], 10)
    assert [(c.facilitator.staff.staff_id, c.reasons_against) for c in candidates] == [
        ("S2", ()),
        ("S1", ("level_too_low",)),
    ]


@pytest.mark.parametrize("changes", [{"ends_on": date(2026, 6, 1)}, {"vetting_expires_on": date(2026, 6, 1)}])
def test_a_last_day_counts_in_full_where_the_service_works(changes: dict[str, Any]) -> None:
    last_minute = datetime(2026, 6, 1, 22, 59, tzinfo=UTC)  # 23:59 in summer time
    (candidate,) = match(replace(NEEDS, at=last_minute), [facilitator(**changes)], 10)
    assert candidate.fit
    (late,) = match(replace(NEEDS, at=datetime(2026, 6, 1, 23, 0, tzinfo=UTC)), [facilitator(**changes)], 10)
    assert not late.fit


@pytest.mark.parametrize(
    ("spoken", "wanted", "fits"),
    [("en", "en-GB", True), ("EN", "en", True), ("zh-CN", "zh-HK", False), ("en-GB", "en", False), ("e", "en", False)],
)
def test_a_language_covers_its_variants(spoken: str, wanted: str, fits: bool) -> None:
    asked = replace(NEEDS, languages=frozenset({wanted}))
    (candidate,) = match(asked, [facilitator(languages=(spoken,))], 10)
    assert candidate.fit is fits


def test_what_is_not_asked_is_no_reason() -> None:
    asked = replace(NEEDS, languages=frozenset(), specialisms=frozenset())
    (candidate,) = match(asked, [facilitator(languages=(), specialisms=())], 10)
    assert candidate.fit
    assert not {"language", "specialism"} & set(candidate.reasons_for)


def test_the_fit_come_first_then_the_less_loaded_then_by_id() -> None:
    candidates = match(
        NEEDS,
        [
            facilitator("S5", languages=()),
            facilitator("S4", open_cases=2),
            facilitator("S3", open_cases=1),
            facilitator("S2", open_cases=2, capacity_cases=8),
            facilitator("S1", open_cases=1),
        ],
        4,
    )
    assert [candidate.facilitator.staff.staff_id for candidate in candidates] == ["S1", "S2", "S3", "S4"]


FACILITATORS = st.builds(
    facilitator,
    staff_id=st.from_regex(r"S[0-9]{1,4}", fullmatch=True),
    open_cases=st.integers(0, 20),
    capacity_cases=st.integers(0, 20),
    level=st.sampled_from(Level),
    specialisms=st.sets(st.sampled_from(sorted(SPECIALISMS))).map(tuple),
    languages=st.sets(st.sampled_from(["en", "pa", "ur"])).map(tuple),
    district_ids=st.sets(st.sampled_from(["walsall", "dudley"])).map(tuple),
    vetting_expires_on=st.none() | st.dates(date(2026, 5, 1), date(2026, 7, 1)),
    ends_on=st.none() | st.dates(date(2026, 5, 1), date(2026, 7, 1)),
)


@given(st.lists(FACILITATORS, max_size=12), st.sampled_from(Level), st.integers(1, 12))
def test_nobody_unfit_goes_before_the_fit_and_nobody_full_is_fit(pool: list[Any], level: Level, limit: int) -> None:
    candidates = match(replace(NEEDS, level_at_least=level, at=AT), pool, limit)
    assert len(candidates) == min(limit, len(pool))
    fits = [candidate.fit for candidate in candidates]
    assert fits == sorted(fits, reverse=True)
    for candidate in candidates:
        someone = candidate.facilitator
        assert len(candidate.reasons_for) + len(candidate.reasons_against) == 8
        if candidate.fit:
            assert someone.open_cases < someone.practitioner.capacity_cases
            assert someone.practitioner.level >= level
            assert "walsall" in someone.practitioner.district_ids
            assert someone.practitioner.vetting_expires_on is not None
