"""Tokens of single-use links."""

from services.notifications.domain.link import LinkMint, is_token, token_hash

MINT = LinkMint("s" * 32, "http://127.0.0.1:8080/")


def test_a_retry_has_the_same_token_and_another_intention_or_secret_has_not() -> None:
    token = MINT.token("intention-1")
    assert is_token(token)
    assert token == MINT.token("intention-1")
    others = {MINT.token("intention-2"), LinkMint("t" * 32, "http://127.0.0.1:8080").token("intention-1")}
    assert token not in others
    assert len(others) == 2


def test_the_address_is_below_the_consoles() -> None:
    assert MINT.address("abc") == "http://127.0.0.1:8080/r/abc"


def test_the_hash_does_not_hold_the_token() -> None:
    token = MINT.token("intention-1")
    assert len(token_hash(token)) == 32
    assert token.encode() not in token_hash(token)
