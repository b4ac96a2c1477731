"""What notifications is told by its environment, under `RJHUB_NOTIFICATIONS_`."""

from __future__ import annotations

from pydantic import AnyHttpUrl, Field, SecretStr

from services.runtime.settings import ProcessSettings


class Settings(ProcessSettings, process="notifications"):
    """`public_url` is the console's address, put before links; `link_secret` has 32 characters or more.

    The link secret must stay the same while messages are in flight: a changed one changes a retried message's link.
    """

    listen: str = "127.0.0.1:8023"
    database_url: SecretStr
    records_address: str
    outbox_url: AnyHttpUrl
    public_url: AnyHttpUrl
    client_id: str
    client_secret: SecretStr
    link_secret: SecretStr = Field(min_length=32)
