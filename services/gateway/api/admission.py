"""Who gets in at all, as the agencies service says: nobody whose time has ended or whose agency has no current
information-sharing agreement (R-130, R-076).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from services.runtime.identity import Caller
from services.runtime.refusal import Kind, Refusal, Refused

_PEOPLE_MAX = 5_000
_REFUSED_SECONDS_MAX = 5.0
_AWAY_SECONDS = 1.0
_ADMITTED_LATELY_SECONDS = 15 * 60.0
# Whoever may go on without an answer waits for one no longer than a person would notice.
_PATIENCE_SECONDS = 1.0
_NEVER = float("-inf")
_UNASKED = Refused(
    Kind.UNAVAILABLE,
    Refusal(
        "service_unavailable",
        "Whether you may come in could not be found out just now. Try again shortly.",
        who="operator",
    ),
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is known of one person until then: refused or not, and when agencies last let them in (seconds)."""

    until: float
    refused: Refused | None = None
    admitted_at: float = _NEVER

    def was_admitted_lately(self, now: float) -> bool:
        return now - self.admitted_at < _ADMITTED_LATELY_SECONDS


_UNKNOWN = _Standing(until=_NEVER)


class Admission:
    """Lets in whom agencies lets in, and remembers its answer for a short time, so that a request costs a look-up.

    While agencies is away nobody gets in (503 `service_unavailable`), with two exceptions: what is urgent goes on with
    the verified token alone, since nothing that is down may hold up a safety hold or a withdrawal; and someone whom
    agencies let in within the last 15 minutes, and has not refused since, is still let in.
    """

    def __init__(
        self,
        ask: Callable[[str], Awaitable[object]],
        remembered_seconds: float,
        people_max: int = _PEOPLE_MAX,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`ask` is agencies.GetMe with a token, raising `Refused`; `clock` (seconds) replaces the time in tests.

        An answer is remembered for `remembered_seconds` (a refusal for 5 s at most), of `people_max` people.
        """
        self._ask = ask
        self._remembered_seconds = remembered_seconds
        self._people_max = people_max
        self._clock = clock
        self._standings: dict[str, _Standing] = {}
        self._asking: dict[str, asyncio.Task[_Standing]] = {}

    async def admit(self, caller: Caller, urgent: bool = False) -> None:
        """Let the person in, or raise `Refused`: FORBIDDEN as agencies says, or UNAVAILABLE `service_unavailable`."""
        standing = self._standings.get(caller.subject, _UNKNOWN)
        if self._clock() >= standing.until:
            standing = await self._found_out(caller, standing, urgent)
        refused = standing.refused
        if refused is None or (urgent and refused.kind is Kind.UNAVAILABLE):
            return
        # A new one each time: an exception that is raised again grows by every trace.
        raise Refused(refused.kind, *refused.refusals)

    async def _found_out(self, caller: Caller, before: _Standing, urgent: bool) -> _Standing:
        """The person's standing as agencies says it now; requests that come meanwhile wait for the same answer."""
        asking = self._asking.get(caller.subject)
        if asking is None:
            asking = asyncio.create_task(self._asked(caller, before))
            self._asking[caller.subject] = asking
            asking.add_done_callback(partial(self._done, caller.subject))
        lately = before.was_admitted_lately(self._clock())
        # Shielded: whoever goes away takes the answer from nobody else.
        if not (urgent or lately):
            return await asyncio.shield(asking)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await asyncio.shield(asking)
        except TimeoutError:
            away = self._away(before)
            return self._remember(caller.subject, away) if lately else away

    async def _asked(self, caller: Caller, before: _Standing) -> _Standing:
        try:
            await self._ask(caller.token)
        except Refused as refused:
            if refused.kind is Kind.UNAVAILABLE:
                return self._remember(caller.subject, self._away(before))
            # A copy: the exception itself would keep every frame it came through.
            kept = Refused(refused.kind, *refused.refusals)
            standing = _Standing(self._clock() + min(self._remembered_seconds, _REFUSED_SECONDS_MAX), kept)
            # Anything else is about this token or this call, not about the person.
            return self._remember(caller.subject, standing) if kept.kind is Kind.FORBIDDEN else standing
        now = self._clock()
        return self._remember(caller.subject, _Standing(now + self._remembered_seconds, admitted_at=now))

    def _away(self, before: _Standing) -> _Standing:
        """The standing while agencies does not answer."""
        now = self._clock()
        if not before.was_admitted_lately(now):
            return _Standing(now + _AWAY_SECONDS, _UNASKED)
        until = min(now + self._remembered_seconds, before.admitted_at + _ADMITTED_LATELY_SECONDS)
        return _Standing(until, admitted_at=before.admitted_at)

    def _remember(self, subject: str, standing: _Standing) -> _Standing:
        # Moved to the end: the person asked about longest ago is the one forgotten.
        self._standings.pop(subject, None)
        self._standings[subject] = standing
        if len(self._standings) > self._people_max:
            del self._standings[next(iter(self._standings))]
        return standing

    def _done(self, subject: str, asking: asyncio.Task[_Standing]) -> None:
        del self._asking[subject]
        if not asking.cancelled():
            asking.exception()  # looked at here too: everyone who waited may have gone
