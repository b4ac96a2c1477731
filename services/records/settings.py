"""What the records service needs to know to run, from `RJHUB_RECORDS_*`."""

from __future__ import annotations

from services.runtime.settings import ProcessSettings


class Settings(ProcessSettings, process="records"):
    """`listen` is host:port; `database_url` is a `postgresql+asyncpg://` address with the role to use."""

    listen: str
    database_url: str
