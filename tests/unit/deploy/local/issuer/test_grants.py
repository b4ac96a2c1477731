"""Handles are good once and for a while; one used twice ends the sign-in it came from."""

from deploy.local.issuer.grants import CODE_SECONDS, Grants, PendingSignIn, Tickets


class Clock:
    """A time that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


PENDING = PendingSignIn(
    client_id="console",
    redirect_uri="http://127.0.0.1:1/back",
    challenge="challenge",
    wants_identity=True,
    state="state",
    nonce="nonce",
    browser="browser",
)


def test_a_handle_is_good_once() -> None:
    tickets: Tickets[str] = Tickets(60, Clock())
    handle = tickets.issue("value")
    assert tickets.peek(handle) == "value"
    assert tickets.redeem(handle) == "value"
    assert tickets.redeem(handle) is None
    assert tickets.peek(handle) is None
    assert tickets.used(handle) == "value"
    assert tickets.redeem("unknown") is None


def test_a_code_is_too_old_after_a_minute() -> None:
    clock = Clock()
    grants = Grants(clock)
    fresh, stale = grants.code_for(PENDING, "S101"), grants.code_for(PENDING, "S101")
    clock.now += CODE_SECONDS - 0.001
    assert grants.redeem_code(fresh) is not None
    clock.now += 0.001
    assert grants.redeem_code(stale) is None


def test_a_code_used_twice_ends_the_refresh_tokens_that_came_from_it() -> None:
    grants = Grants(Clock())
    code = grants.code_for(PENDING, "S101")
    grant = grants.redeem_code(code)
    assert grant is not None
    refresh = grants.refresh_for(grant)
    assert grants.redeem_code(code) is None
    assert grants.redeem_refresh(refresh) is None


def test_a_refresh_token_used_twice_ends_its_successor() -> None:
    grants = Grants(Clock())
    grant = grants.redeem_code(grants.code_for(PENDING, "S101"))
    assert grant is not None
    first = grants.refresh_for(grant)
    assert grants.redeem_refresh(first) is not None
    second = grants.refresh_for(grant)
    assert grants.redeem_refresh(first) is None
    assert grants.redeem_refresh(second) is None
