"""What the supervisor needs to know of one process: how it is started, known to be ready, and stopped."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.probes import Probe


async def always() -> bool:
    """Nothing to do first; start."""
    return True


async def nothing() -> None:
    """Nothing to do afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process of the system.

    `needs` must be ready before it starts. `uses` need not: those only outlive it when everything stops.
    Without `ready` it is a job: it runs once, and is ready when it ends with exit code 0.
    `before` runs ahead of each start; False passes a job over. `after` runs once, when first ready and
    before anything that needs it starts. `user` is (user id, group id); None is our own.
    """

    name: str
    command: Callable[[], list[str]]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    ready: Probe | None = None
    before: Callable[[], Awaitable[bool]] = always
    after: Callable[[], Awaitable[None]] = nothing
    user: tuple[int, int] | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    grace_seconds: float = 10.0


def refuse_impossible_order(parts: list[Part]) -> None:
    """Raise ValueError when a name is used twice, a part relies on an unknown one, or parts wait for each other."""
    by_name = {part.name: part for part in parts}
    if len(by_name) != len(parts):
        raise ValueError("two parts have the same name")
    settled: set[str] = set()
    waiting = dict(by_name)
    for part in parts:
        for other in (*part.needs, *part.uses):
            if other not in by_name:
                raise ValueError(f"{part.name} relies on {other}, which is not a part")
    while waiting:
        free = [name for name, part in waiting.items() if {*part.needs, *part.uses} <= settled]
        if not free:
            raise ValueError(f"these parts wait for each other: {', '.join(sorted(waiting))}")
        for name in free:
            settled.add(name)
            del waiting[name]
