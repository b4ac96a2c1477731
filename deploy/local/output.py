"""Where the lines that parts write go: to the terminal with the part's name before them, and to a bounded file."""

import asyncio
import logging
import logging.handlers
import sys
from collections.abc import Callable
from pathlib import Path

MAX_FILE_BYTES = 5_000_000
MAX_LINE_BYTES = 1_000_000
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
OWN_NAME = "rjhub"


class Output:
    """One terminal and one log folder, shared by all parts. `write` takes each line meant for the terminal."""

    def __init__(
        self, folder: Path, names: list[str], *, colours: bool, write: Callable[[str], object] | None = None
    ) -> None:
        self._folder = folder
        self._write = write or _print
        self._width = max(len(name) for name in [*names, OWN_NAME])
        self._colours = {name: COLOURS[index % len(COLOURS)] for index, name in enumerate(names)} if colours else {}
        self._last: dict[str, str] = {}
        self._files: dict[str, logging.handlers.RotatingFileHandler] = {}

    def log_file(self, name: str) -> Path:
        """The file that holds a part's latest lines."""
        return self._folder / f"{name}.log"

    def reason(self, name: str) -> str:
        """What a part said last before it ended, and where to read the rest."""
        last = self._last.get(name)
        said = f"it said last '{last}'; " if last else ""
        return f"{said}see {self.log_file(name)}"

    def line(self, name: str, text: str) -> None:
        """Print one line under a part's name and add it to that part's file."""
        self._last[name] = text.strip() or self._last.get(name, "")
        prefix = f"{name:<{self._width}} |"
        if name in self._colours:
            prefix = f"\x1b[{self._colours[name]}m{prefix}\x1b[0m"
        self._write(f"{prefix} {text}")
        self._file(name).emit(logging.LogRecord(name, logging.INFO, "", 0, text, None, None))

    def say(self, text: str) -> None:
        """Print one line of our own."""
        self.line(OWN_NAME, text)

    def block(self, lines: list[str]) -> None:
        """Print several lines as they are, without a name before them."""
        for line in lines:
            self._write(line)

    async def follow(self, name: str, stream: asyncio.StreamReader) -> None:
        """Pass on each line of a stream until it ends."""
        while True:
            try:
                raw = await stream.readline()
            except ValueError:  # longer than the stream may buffer
                self.line(name, "(a line of more than a million characters was left out)")
                continue
            if not raw:
                return
            self.line(name, raw.decode("utf-8", errors="replace").rstrip("\r\n"))

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _file(self, name: str) -> logging.handlers.RotatingFileHandler:
        if name not in self._files:
            file = logging.handlers.RotatingFileHandler(
                self.log_file(name), maxBytes=MAX_FILE_BYTES, backupCount=1, encoding="utf-8"
            )
            file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            self._files[name] = file
        return self._files[name]


def _print(text: str) -> None:
    """Print unless nobody reads any more: a closed terminal must not stop the system from stopping cleanly."""
    try:
        print(text, flush=True)
    except (BrokenPipeError, OSError):
        sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115  # for the rest of the process
