"""The TCP ports of the local system: where each part listens, and whether a port is taken."""

import errno
import socket
from dataclasses import dataclass

from deploy.local.start_error import StartError

HOST = "127.0.0.1"

OFFSETS: dict[str, int] = {
    "gateway": 0,
    "issuer": 10,
    "outbox": 11,
    "traces": 12,
    "agencies": 21,
    "records": 22,
    "notifications": 23,
    "reporting": 24,
    "postgres": 32,
    "temporal": 33,
    "temporal_ui": 34,
    "worker": 35,
    "console": 80,
}


@dataclass(frozen=True, slots=True)
class Ports:
    """Part name -> port number, complete for every name of `OFFSETS`."""

    numbers: dict[str, int]

    def number(self, name: str) -> int:
        """The port of a part; KeyError for a name that has none."""
        return self.numbers[name]

    def address(self, name: str) -> str:
        """`host:port` of a part."""
        return f"{HOST}:{self.numbers[name]}"

    def url(self, name: str) -> str:
        """`http://host:port` of a part."""
        return f"http://{self.address(name)}"


def free_port() -> int:
    """A port nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        number: int = probe.getsockname()[1]
        return number


def is_busy(number: int) -> bool:
    """Whether another process holds the port; raises StartError where we may not use it at all."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except PermissionError as refused:
            raise StartError(
                f"Port {number} may only be used by an administrator: set RJHUB_LOCAL_PORT_BASE above 1023."
            ) from refused
        except OSError as refused:
            if refused.errno == errno.EADDRINUSE:
                return True
            raise
    return False


def refuse_busy(ports: Ports) -> None:
    """Raise StartError naming each port that is taken, the part that wanted it, and the setting that moves it."""
    busy = [(name, number) for name, number in ports.numbers.items() if is_busy(number)]
    if not busy:
        return
    listed = ", ".join(f"{number} ({name})" for name, number in busy)
    word = "Port" if len(busy) == 1 else "Ports"
    verb = "is" if len(busy) == 1 else "are"
    setting = f"RJHUB_LOCAL_{busy[0][0].upper()}_PORT"
    raise StartError(
        f"{word} {listed} {verb} in use by another program: "
        f"stop it, or choose others with RJHUB_LOCAL_PORT_BASE or {setting}."
    )
