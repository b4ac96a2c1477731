"""What the gateway is told at start: where it listens, whom it calls and how much a stranger may ask of it."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from services.runtime.settings import ProcessSettings


class Settings(ProcessSettings, process="gateway"):
    """The environment under `RJHUB_GATEWAY_`."""

    listen: str = "127.0.0.1:8000"
    temporal_address: str
    temporal_namespace: str
    payload_keys_file: Path
    agencies_address: str
    records_address: str
    notifications_address: str
    reporting_address: str
    client_id: str
    client_secret: SecretStr
    # How soon the gateway learns that someone's time, or their agency's sharing agreement, has ended.
    admission_remembered_seconds: float = Field(default=30.0, ge=0, le=300)
    # Per client address: a public library shares one, so these bound abuse and not people.
    self_referrals_per_minute: int = Field(default=10, ge=1)
    wrong_links_per_minute: int = Field(default=10, ge=1)
