"""What reporting is told by its environment, under `RJHUB_REPORTING_`."""

from __future__ import annotations

from pydantic import SecretStr

from services.runtime.settings import ProcessSettings


class Settings(ProcessSettings, process="reporting"):
    """`listen` is host:port; `database_url` holds a password, so it is never shown."""

    listen: str = "127.0.0.1:8024"
    database_url: SecretStr
