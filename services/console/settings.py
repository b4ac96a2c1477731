"""What the console is told from outside: where it listens, whom it asks, and the secret that signs its cookie."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from services.runtime.settings import ProcessSettings


class Settings(ProcessSettings, process="console"):
    """Read from `RJHUB_CONSOLE_*`; every address is without a slash at its end."""

    listen: str = Field(default="127.0.0.1:8080", pattern=r"^[^:\s]+:\d{1,5}$")
    gateway_url: str
    client_id: str
    client_secret: SecretStr
    public_url: str
    session_secret: SecretStr = Field(min_length=32)
    traces_url: str = ""  # empty: timelines show no links to traces
    temporal_ui_url: str = ""  # empty: case pages show no link to the workflow

    @field_validator("issuer_url", "gateway_url", "public_url", "traces_url", "temporal_ui_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return value.rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether this is local development, where everyone may follow a case into its traces and its workflow."""
        return self.public_url.startswith(("http://127.0.0.1", "http://localhost"))
