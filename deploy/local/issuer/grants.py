"""What the issuer remembers between requests, for a short time and in memory: sign-ins, codes, refresh tokens."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

PENDING_SECONDS = 900.0
CODE_SECONDS = 60.0
REFRESH_SECONDS = 12 * 3600.0
_ENTRIES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """A checked authorization request whose person has not been chosen yet, tied to one browser."""

    client_id: str
    redirect_uri: str
    challenge: str
    wants_identity: bool
    state: str
    nonce: str
    browser: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's sign-in to a client: what a code or a refresh token stands for."""

    grant_id: str
    client_id: str
    redirect_uri: str
    challenge: str
    staff_id: str
    nonce: str
    wants_identity: bool
    signed_in_at: float


Value = TypeVar("Value")


class Tickets(Generic[Value]):
    """Unguessable single-use handles to values that expire; the oldest make room when there are too many."""

    def __init__(self, lifetime_seconds: float, clock: Callable[[], float]) -> None:
        """`clock` answers Unix seconds."""
        self._lifetime_seconds = lifetime_seconds
        self._clock = clock
        self._open: dict[str, tuple[Value, float]] = {}
        self._used: dict[str, tuple[Value, float]] = {}

    def issue(self, value: Value) -> str:
        """A new handle to the value."""
        handle = secrets.token_urlsafe(32)
        _keep(self._open, handle, (value, self._clock() + self._lifetime_seconds))
        return handle

    def redeem(self, handle: str) -> Value | None:
        """The value, once; nothing when the handle is unknown, used or too old."""
        entry = self._open.pop(handle, None)
        if entry is None or entry[1] <= self._clock():
            return None
        _keep(self._used, handle, entry)
        return entry[0]

    def peek(self, handle: str) -> Value | None:
        """The value without using the handle up."""
        entry = self._open.get(handle)
        return entry[0] if entry is not None and entry[1] > self._clock() else None

    def used(self, handle: str) -> Value | None:
        """The value of a handle that was redeemed before: a sign that it was stolen."""
        entry = self._used.get(handle)
        return entry[0] if entry is not None else None


def _keep(table: dict[str, tuple[Value, float]], handle: str, entry: tuple[Value, float]) -> None:
    if len(table) >= _ENTRIES_MAX:
        del table[next(iter(table))]
    table[handle] = entry


class Grants:
    """Codes and refresh tokens; what is used twice ends the whole sign-in it came from (RFC 6749 section 4.1.2)."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` answers Unix seconds."""
        self.pending: Tickets[PendingSignIn] = Tickets(PENDING_SECONDS, clock)
        self._codes: Tickets[Grant] = Tickets(CODE_SECONDS, clock)
        self._refreshes: Tickets[Grant] = Tickets(REFRESH_SECONDS, clock)
        self._ended: dict[str, tuple[bool, float]] = {}
        self._clock = clock

    def code_for(self, pending: PendingSignIn, staff_id: str) -> str:
        """A code that stands for this person's sign-in for 60 seconds."""
        grant = Grant(
            grant_id=secrets.token_hex(8),
            client_id=pending.client_id,
            redirect_uri=pending.redirect_uri,
            challenge=pending.challenge,
            staff_id=staff_id,
            nonce=pending.nonce,
            wants_identity=pending.wants_identity,
            signed_in_at=self._clock(),
        )
        return self._codes.issue(grant)

    def redeem_code(self, code: str) -> Grant | None:
        """The sign-in a code stands for, once."""
        return self._redeem(self._codes, code)

    def refresh_for(self, grant: Grant) -> str:
        """A refresh token, good for 12 hours and for one use."""
        return self._refreshes.issue(grant)

    def redeem_refresh(self, token: str) -> Grant | None:
        """The sign-in a refresh token stands for, once."""
        return self._redeem(self._refreshes, token)

    def _redeem(self, tickets: Tickets[Grant], handle: str) -> Grant | None:
        grant = tickets.redeem(handle)
        stolen = tickets.used(handle) if grant is None else None
        if stolen is not None:
            _keep(self._ended, stolen.grant_id, (True, self._clock() + REFRESH_SECONDS))
        if grant is None or grant.grant_id in self._ended:
            return None
        return grant
