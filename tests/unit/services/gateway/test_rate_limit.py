"""How much one address may ask for."""

from __future__ import annotations

import pytest

from services.gateway.rate_limit import _ADDRESSES_MAX, RateLimit
from services.runtime.refusal import Refused


class Clock:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def spend(limit: RateLimit, address: str, times: int) -> int:
    """How many of so many requests were let through."""
    let = 0
    for _ in range(times):
        try:
            limit.check(address)
        except Refused:
            continue
        limit.spend(address)
        let += 1
    return let


def test_an_address_spends_its_minute_and_regains_it() -> None:
    clock = Clock()
    limit = RateLimit(6, clock)
    assert spend(limit, "192.0.2.1", 10) == 6
    clock.now = 9.9
    assert spend(limit, "192.0.2.1", 1) == 0
    clock.now = 30.0
    assert spend(limit, "192.0.2.1", 10) == 3
    clock.now = 3000.0
    assert spend(limit, "192.0.2.1", 10) == 6


def test_addresses_do_not_share() -> None:
    limit = RateLimit(1, Clock())
    assert spend(limit, "192.0.2.1", 2) == 1
    assert spend(limit, "192.0.2.2", 2) == 1


def test_looking_costs_nothing() -> None:
    limit = RateLimit(1, Clock())
    for _ in range(10):
        limit.check("192.0.2.1")
    limit.spend("192.0.2.1")
    with pytest.raises(Refused, match="too_many_requests"):
        limit.check("192.0.2.1")


def test_the_address_unheard_of_for_longest_is_forgotten() -> None:
    limit = RateLimit(1, Clock())
    for number in range(_ADDRESSES_MAX + 1):
        limit.spend(f"address-{number}")
    limit.check("address-0")
    with pytest.raises(Refused):
        limit.check("address-1")
