"""Ties a child process's life to its parent's, so that nothing outlives a parent that was killed.

Run as a program it is the step between the parent and the child: it changes the user, asks the kernel to be told of
the parent's death, and becomes the child. The kernel forgets the wish when a process changes its user, so the order
matters; and doing it here rather than between fork and exec keeps it safe in a parent that has threads.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
NOT_FOUND_CODE = 127
SAME_USER = "-"


def tied(command: Sequence[str], death_signal: signal.Signals, user: tuple[int, int] | None = None) -> list[str]:
    """The command line that runs `command` as (user id, group id) and sends it `death_signal` when we die.

    The process keeps its id throughout. Only Linux knows such a signal; elsewhere a server left over is found and
    stopped at the next start.
    """
    credentials = f"{user[0]}:{user[1]}" if user else SAME_USER
    isolated = [sys.executable, "-I", "-S", os.path.abspath(__file__)]  # starts in 20 ms: no site packages
    return [*isolated, str(os.getpid()), str(int(death_signal)), credentials, *command]


def end_with_parent() -> None:
    """Ask the kernel to stop this process politely when its parent dies, even by SIGKILL."""
    _ask_for_death_signal(int(signal.SIGTERM))


def _ask_for_death_signal(number: int) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def _become(parent: int, death_signal: int, credentials: str, command: list[str]) -> int:
    """Turn into the command; answers an exit code only when that is impossible."""
    if credentials != SAME_USER:
        user, _, group = credentials.partition(":")
        os.setgroups([])
        os.setgid(int(group))
        os.setuid(int(user))
    _ask_for_death_signal(death_signal)
    if os.getppid() != parent:  # it died before we asked
        return 1
    try:
        os.execvp(command[0], command)  # noqa: S606  # a shell is what must not come between
    except OSError as refused:
        print(f"{command[0]} cannot be run: {refused.strerror}", file=sys.stderr)
    return NOT_FOUND_CODE


if __name__ == "__main__":
    sys.exit(_become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
