"""Settings of the local issuer, read from the environment alone."""

from pathlib import Path

from deploy.local.region.reading import DEFAULT_FOLDER
from services.runtime.settings import ProcessSettings


class IssuerSettings(ProcessSettings, process="issuer"):
    """`url` is the issuer as written into every token; `clients_file` is JSON, client id to client."""

    issuer_url: str = ""  # this process is the issuer: it checks nobody else's tokens
    listen: str = "127.0.0.1:8010"
    url: str = "http://127.0.0.1:8010"
    key_folder: Path
    region_folder: Path = DEFAULT_FOLDER
    clients_file: Path
