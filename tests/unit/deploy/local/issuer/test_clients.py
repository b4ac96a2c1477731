"""Clients prove who they are in one of three ways, and a bad clients file is refused without repeating it."""

import base64
import json
from pathlib import Path

import pytest

from deploy.local.issuer.clients import Client, Clients, ClientsError
from deploy.local.issuer.oauth_error import OAuthError

CLIENTS = Clients({"worker": Client(secret="p+q%rs tuv", roles=("service.worker",)), "demo": Client()})


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "form", "client_id"),
    [
        (basic("worker", "p+q%rs tuv"), {}, "worker"),
        (basic("worker", "p%2Bq%25rs+tuv"), {}, "worker"),
        ("", {"client_id": "worker", "client_secret": "p+q%rs tuv"}, "worker"),
        ("", {"client_id": "demo"}, "demo"),
    ],
)
def test_proved(authorization: str, form: dict[str, str], client_id: str) -> None:
    assert CLIENTS.authenticate(authorization, form)[0] == client_id


@pytest.mark.parametrize(
    ("authorization", "form", "code"),
    [
        (basic("worker", "wrong"), {}, "invalid_client"),
        (basic("nobody", "x"), {}, "invalid_client"),
        ("Bearer abc", {}, "invalid_client"),
        ("Basic !!!", {}, "invalid_client"),
        ("", {"client_id": "worker"}, "invalid_client"),
        ("", {"client_id": "demo", "client_secret": "any"}, "invalid_client"),
        ("", {}, "invalid_client"),
        (basic("worker", "p+q%rs tuv"), {"client_secret": "p+q%rs tuv"}, "invalid_request"),
    ],
)
def test_not_proved(authorization: str, form: dict[str, str], code: str) -> None:
    with pytest.raises(OAuthError) as refused:
        CLIENTS.authenticate(authorization, form)
    assert refused.value.code == code


def test_a_client_may_not_be_called_what_access_tokens_are_made_out_to() -> None:
    with pytest.raises(ClientsError):
        Clients({"rjhub": Client()})


def test_a_bad_file_is_refused_without_its_secrets(tmp_path: Path) -> None:
    file = tmp_path / "clients.json"
    file.write_text(json.dumps({"worker": {"secret": "hush-hush", "rolls": []}}))
    with pytest.raises(ClientsError, match=r"worker\.rolls") as refused:
        Clients.read(file)
    assert "hush" not in str(refused.value)
    with pytest.raises(ClientsError, match="cannot be read"):
        Clients.read(tmp_path / "missing.json")
