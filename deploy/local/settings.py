"""The settings of the local system: environment variables that begin with `RJHUB_LOCAL_`, all optional."""

import hashlib
import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.ports import OFFSETS, Ports
from deploy.local.postgres import nobody_may_enter
from deploy.local.start_error import StartError

PREFIX = "RJHUB_LOCAL_"
CHECKOUT = Path(__file__).resolve().parents[2]
HIGHEST_PORT = 65535
Port = Field(default=None, ge=1, le=HIGHEST_PORT)


class Settings(BaseSettings):
    """How the local system is set up. Each part's port is `port_base` plus its offset unless given by name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    data_folder: Path | None = Field(default=None, description="where all data is kept; `.local` in the checkout")
    port_base: int = Field(default=8000, ge=1, le=HIGHEST_PORT - max(OFFSETS.values()))
    gateway_port: int | None = Port
    issuer_port: int | None = Port
    outbox_port: int | None = Port
    traces_port: int | None = Port
    agencies_port: int | None = Port
    records_port: int | None = Port
    notifications_port: int | None = Port
    reporting_port: int | None = Port
    postgres_port: int | None = Port
    temporal_port: int | None = Port
    temporal_ui_port: int | None = Port
    worker_port: int | None = Port
    console_port: int | None = Port
    log_format: Literal["console", "json"] = "console"
    time_skipping: bool = Field(
        default=True, description="let a demo move a case's clock; for one machine only, never where real cases are"
    )
    postgres_bin: Path | None = Field(default=None, description="folder with `postgres` and `initdb` of your own")
    temporal_bin: Path | None = Field(default=None, description="a `temporal` program of your own")

    @classmethod
    def load(cls) -> Self:
        """Read the environment; raise StartError naming every setting that is unknown or has a bad value."""
        known = {PREFIX + name.upper() for name in cls.model_fields}
        unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
        problems = [f"{name} is not a setting" for name in unknown]
        try:
            settings = cls()
        except ValidationError as error:
            problems += [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        else:
            if not problems:
                return settings
        raise StartError(f"These settings cannot be used: {'; '.join(problems)}.")

    def ports(self) -> Ports:
        """Every part's port. Raises StartError when two parts would share one."""
        numbers = {name: getattr(self, f"{name}_port") or self.port_base + offset for name, offset in OFFSETS.items()}
        seen: dict[int, str] = {}
        for name, number in numbers.items():
            if number in seen:
                raise StartError(
                    f"Port {number} is set for both {seen[number]} and {name}: change {PREFIX}{name.upper()}_PORT."
                )
            seen[number] = name
        return Ports(numbers)

    def folder(self) -> Path:
        """The data folder, absolute: the chosen one, else `.local` in the checkout.

        As root PostgreSQL runs as `nobody`; a checkout that user may not enter (a private home folder) keeps its
        data in `/var/lib` instead, in a folder named after the checkout.
        """
        if self.data_folder is not None:
            return self.data_folder.absolute()
        return default_folder(CHECKOUT, as_root=os.geteuid() == 0)


def default_folder(checkout: Path, *, as_root: bool) -> Path:
    """Where a checkout's data is kept when nothing was chosen."""
    if as_root and not nobody_may_enter(checkout):
        name = hashlib.sha256(str(checkout).encode()).hexdigest()[:8]
        return Path("/var/lib") / f"rjhub-{name}"
    return checkout / ".local"


def inherited_environment() -> dict[str, str]:
    """What every part inherits: our environment without any setting of ours, so that each part gets only its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RJHUB_")}
    return kept | {"PYTHONUNBUFFERED": "1"}  # a line is printed when it happens


def wants_colours(*, terminal: bool) -> bool:
    """Colours only on a terminal whose owner did not refuse them (NO_COLOR)."""
    return terminal and not os.environ.get("NO_COLOR")
