"""Settings of the local message provider, read from the environment alone."""

from pathlib import Path

from services.runtime.settings import ProcessSettings


class OutboxSettings(ProcessSettings, process="outbox"):
    """`folder` holds the one SQLite file with every message."""

    issuer_url: str = ""  # a message provider knows nothing of our sign-in
    listen: str = "127.0.0.1:8011"
    folder: Path
