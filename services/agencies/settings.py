"""What the agencies service needs to know to run, from `RJHUB_AGENCIES_*`."""

from __future__ import annotations

from services.runtime.settings import ProcessSettings


class Settings(ProcessSettings, process="agencies"):
    """`listen` is host:port; `database_url` is a `postgresql+asyncpg://` address with the role to use."""

    listen: str
    database_url: str
