"""Settings of the local trace store, read from the environment alone."""

from pathlib import Path

from pydantic import Field

from services.runtime.settings import ProcessSettings


class TracesSettings(ProcessSettings, process="traces"):
    """`folder` holds the SQLite file; the newest `spans_max` spans are kept."""

    issuer_url: str = ""  # a development page, open to whoever can reach this machine's loopback address
    listen: str = "127.0.0.1:8012"
    folder: Path
    spans_max: int = Field(default=200_000, ge=1000)
