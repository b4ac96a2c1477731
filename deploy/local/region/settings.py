"""Settings of the region loader, read from the environment alone."""

from pathlib import Path

from pydantic import Field

from deploy.local.region.reading import DEFAULT_FOLDER
from services.runtime.settings import ProcessSettings


class LoaderSettings(ProcessSettings, process="loader"):
    """`client_id` is a client with the role `service.loader`; `agencies_address` is host:port."""

    client_id: str
    client_secret: str = Field(repr=False)
    agencies_address: str
    region_folder: Path = DEFAULT_FOLDER
