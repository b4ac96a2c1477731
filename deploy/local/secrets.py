"""Makes the local system's passwords, secrets and keys once, and keeps them in files only we can read."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.databases import SERVICES, RolePasswords
from deploy.local.ports import Ports
from deploy.local.start_error import StartError

SERVICE_CLIENTS = ("worker", "gateway", "notifications", "loader")
CLIENTS_WITH_SECRET = (*SERVICE_CLIENTS, "console")
KEY_BYTES = 32
DEMO_REDIRECT = "http://127.0.0.1:1/signed-in"  # nothing listens there: the demo reads the code from the redirect


@dataclass(frozen=True, slots=True)
class LocalSecrets:
    """Everything secret the parts are started with, and where the secret files are."""

    postgres_password: str = field(repr=False)
    databases: Mapping[str, RolePasswords] = field(repr=False)
    clients: Mapping[str, str] = field(repr=False)
    session_secret: str = field(repr=False)
    link_secret: str = field(repr=False)
    payload_keys_file: Path
    issuer_key_folder: Path
    clients_file: Path


def keep_secrets(folder: Path, ports: Ports) -> LocalSecrets:
    """Read the secrets in the data folder, making those that are missing; write the issuer's list of clients.

    Raises StartError when the data is there but the secret that opens it is gone: a new one would lock the data out.
    """
    secrets_folder, keys_folder = folder / "secrets", folder / "keys"
    issuer_keys = secrets_folder / "issuer"
    for private in (secrets_folder, keys_folder, issuer_keys):
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        private.chmod(0o700)
    kept = _keep_passwords(secrets_folder / "secrets.json", opens=folder / "postgres" / "data")
    keys_file = keys_folder / "payload-keys.json"
    _keep_payload_keys(keys_file, opens=folder / "temporal" / "temporal.db")
    clients = {name: kept[f"client_{name}"] for name in CLIENTS_WITH_SECRET}
    clients_file = secrets_folder / "clients.json"
    write_private(clients_file, json.dumps(issuer_clients(clients, ports), indent=2))
    return LocalSecrets(
        postgres_password=kept["postgres"],
        databases={
            name: RolePasswords(owner=kept[f"database_{name}_owner"], service=kept[f"database_{name}"])
            for name in SERVICES
        },
        clients=clients,
        session_secret=kept["session"],
        link_secret=kept["link"],
        payload_keys_file=keys_file,
        issuer_key_folder=issuer_keys,
        clients_file=clients_file,
    )


def issuer_clients(client_secrets: Mapping[str, str], ports: Ports) -> dict[str, dict[str, object]]:
    """The issuer's clients: client id -> secret, roles and redirect_uris. `demo` is public (PKCE, no secret)."""
    clients: dict[str, dict[str, object]] = {
        name: {"secret": client_secrets[name], "roles": [f"service.{name}"], "redirect_uris": []}
        for name in SERVICE_CLIENTS
    }
    clients["console"] = {
        "secret": client_secrets["console"],
        "roles": [],
        "redirect_uris": [f"{ports.url('console')}/signed-in"],
        "post_logout_redirect_uris": [f"{ports.url('console')}/"],
    }
    clients["demo"] = {"roles": [], "redirect_uris": [DEMO_REDIRECT]}
    return clients


def write_private(path: Path, text: str) -> None:
    """Replace a file whole, readable by us alone from its first byte on."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _keep_passwords(path: Path, opens: Path) -> dict[str, str]:
    names = ["postgres", "session", "link", *(f"client_{name}" for name in CLIENTS_WITH_SECRET)]
    for service in SERVICES:
        names += [f"database_{service}", f"database_{service}_owner"]
    if not path.exists() and opens.exists():
        raise _locked_out(path, opens)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = [name for name in names if name not in kept]
    if missing:
        kept |= {name: secrets.token_hex(KEY_BYTES) for name in missing}
        write_private(path, json.dumps(kept, indent=2))
    return kept


def _keep_payload_keys(path: Path, opens: Path) -> None:
    if path.exists():
        return
    if opens.exists():
        raise _locked_out(path, opens)
    key_id = f"local-{secrets.token_hex(4)}"
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    write_private(path, json.dumps({"primary": key_id, "keys": {key_id: key}}, indent=2))


def _locked_out(path: Path, opens: Path) -> StartError:
    return StartError(
        f"{path} is missing but {opens} needs it: put the file back, or remove the data folder to start empty."
    )
