"""The single-use links in messages: a token nobody can guess, of which only a hash is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Link:
    """What a token stands for."""

    case_id: str
    person_id: str
    point_id: str
    language: str


class LinkMint:
    """Makes tokens of 32 bytes from the intention's id and a secret, so that a retried message has the same link."""

    def __init__(self, secret: str, public_url: str) -> None:
        """`secret` must stay the same as long as messages are in flight; `public_url` is the console's address."""
        self._secret = secret.encode()
        self._public_url = public_url.rstrip("/")

    def token(self, intention_id: str) -> str:
        """The token of an intention's link."""
        made = hmac.new(self._secret, b"link " + intention_id.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")

    def address(self, token: str) -> str:
        """The address a person opens."""
        return f"{self._public_url}/r/{token}"


def is_token(text: str) -> bool:
    """Whether a text can be a token at all."""
    return _TOKEN.fullmatch(text) is not None


def token_hash(token: str) -> bytes:
    """What is kept of a token: its SHA-256. The token is random enough that no salt is needed."""
    return hashlib.sha256(token.encode()).digest()
