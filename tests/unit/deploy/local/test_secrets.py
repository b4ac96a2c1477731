"""Secrets are made once, readable by us alone, and never replaced while data needs them."""

import base64
import json
from pathlib import Path

import pytest

from deploy.local.issuer.clients import Clients
from deploy.local.secrets import SERVICE_CLIENTS, keep_secrets
from deploy.local.settings import Settings
from deploy.local.start_error import StartError

PORTS = Settings().ports()


def test_a_second_start_finds_the_same_secrets(tmp_path: Path) -> None:
    first, second = keep_secrets(tmp_path, PORTS), keep_secrets(tmp_path, PORTS)
    assert first == second
    passwords = [password for pair in first.databases.values() for password in (pair.owner, pair.service)]
    everything = [first.postgres_password, first.session_secret, first.link_secret, *first.clients.values(), *passwords]
    assert len(set(everything)) == len(everything) == 16
    assert not any(secret in repr(first) for secret in everything)


def test_every_secret_file_is_ours_alone(tmp_path: Path) -> None:
    keep_secrets(tmp_path, PORTS)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["clients.json", "payload-keys.json", "secrets.json"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_dir()} == {0o700}


def test_the_payload_keys_have_the_shape_the_worker_reads(tmp_path: Path) -> None:
    kept = json.loads(keep_secrets(tmp_path, PORTS).payload_keys_file.read_text())
    assert set(kept) == {"primary", "keys"}
    assert list(kept["keys"]) == [kept["primary"]]
    assert len(base64.b64decode(kept["keys"][kept["primary"]], validate=True)) == 32


def test_the_issuer_can_read_its_clients(tmp_path: Path) -> None:
    secrets = keep_secrets(tmp_path, PORTS)
    clients = Clients.read(secrets.clients_file)
    for name in SERVICE_CLIENTS:
        client = clients.find(name)
        assert client is not None
        assert client.secret == secrets.clients[name]
        assert client.roles == (f"service.{name}",)
    console, demo = clients.find("console"), clients.find("demo")
    assert console is not None
    assert demo is not None
    assert console.redirect_uris == ("http://127.0.0.1:8080/signed-in",)
    assert not console.is_public
    assert demo.is_public
    assert demo.redirect_uris == ("http://127.0.0.1:1/signed-in",)
    assert console.roles == demo.roles == ()


@pytest.mark.parametrize(
    ("data", "file"),
    [("postgres/data", "secrets/secrets.json"), ("temporal/temporal.db", "keys/payload-keys.json")],
)
def test_a_lost_secret_is_not_replaced_while_data_needs_it(tmp_path: Path, data: str, file: str) -> None:
    keep_secrets(tmp_path, PORTS)
    (tmp_path / data).mkdir(parents=True)
    (tmp_path / file).unlink()
    with pytest.raises(StartError, match=f"{file} is missing but .*{data} needs it: put the file back"):
        keep_secrets(tmp_path, PORTS)
    assert not (tmp_path / file).exists()


def test_a_secret_added_later_is_made_and_the_others_stay(tmp_path: Path) -> None:
    first = keep_secrets(tmp_path, PORTS)
    file = tmp_path / "secrets" / "secrets.json"
    kept = json.loads(file.read_text())
    del kept["client_loader"]
    file.write_text(json.dumps(kept))
    second = keep_secrets(tmp_path, PORTS)
    assert second.postgres_password == first.postgres_password
    assert second.clients["loader"] != first.clients["loader"]
