"""How a process runs and ends: one main coroutine, stopped once by a signal, with an exit code that says how."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn

from services.runtime.log import get_logger
from services.runtime.telemetry import shutdown_telemetry

_INTERRUPTED = 130


def run(main: Callable[[], Awaitable[None]]) -> NoReturn:
    """Run `main` to its end and exit: 0 when it ended or was stopped by a signal, 1 when it failed, else its own.

    SIGINT and SIGTERM cancel `main`, which then has its `finally` blocks to close things; tasks it left are cancelled
    after it. A second SIGINT ends the process at once.
    """
    code = 0
    try:
        asyncio.run(_supervised(main))
    except SystemExit as chosen:
        code = chosen.code if isinstance(chosen.code, int) else int(chosen.code is not None)
    except Exception:  # the last place: nothing of an error but its type and places is shown
        get_logger(__name__).exception("process_failed")
        code = 1
    finally:
        shutdown_telemetry()
    sys.exit(code)


async def _supervised(main: Callable[[], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(main())
    stopping = False

    def stop(number: signal.Signals) -> None:
        nonlocal stopping
        if stopping and number is signal.SIGINT:
            # Straight out: whoever presses Ctrl-C twice no longer wants to wait for anything.
            os._exit(_INTERRUPTED)
        if not stopping:
            stopping = True
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        if not stopping:
            raise
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
