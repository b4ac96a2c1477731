"""The real list of parts: complete, in an order that works, each part given exactly its own settings."""

import importlib
import importlib.util
from pathlib import Path

import pytest

from deploy.local.databases import SERVICES
from deploy.local.part import Part, refuse_impossible_order
from deploy.local.parts import build_system, fingerprint, parts_of
from deploy.local.secrets import keep_secrets
from deploy.local.settings import CHECKOUT, Settings
from services.runtime.settings import ProcessSettings

PROCESSES = (*SERVICES, "gateway", "console", "worker", "issuer", "outbox", "traces", "region")


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, Part]:
    """The parts of a system in an empty folder, by name."""
    settings = Settings(data_folder=tmp_path)
    ports = settings.ports()
    system = build_system(settings, tmp_path, ports, keep_secrets(tmp_path, ports))
    return {part.name: part for part in parts_of(system)}


def test_the_list_is_complete_and_its_order_works(parts: dict[str, Part]) -> None:
    migrations = {f"{service}-migrations" for service in SERVICES}
    assert set(parts) == {"postgres", "temporal", *PROCESSES, *migrations}
    refuse_impossible_order(list(parts.values()))
    jobs = {name for name, part in parts.items() if part.ready is None}
    assert jobs == {"region", *migrations}


@pytest.mark.parametrize("name", PROCESSES)
def test_each_process_is_given_what_its_settings_ask_for_and_nothing_they_refuse(
    name: str, parts: dict[str, Part]
) -> None:
    module = parts[name].command()[2]
    assert importlib.util.find_spec(f"{module}.__main__") is not None
    found = vars(importlib.import_module(f"{module}.settings")).values()
    (settings,) = [one for one in found if _is_settings(one)]
    prefix = settings.model_config["env_prefix"]
    fields = settings.model_fields
    given = set(parts[name].environment)
    assert given <= {prefix + field.upper() for field in fields}
    assert {prefix + field.upper() for field, one in fields.items() if one.is_required()} <= given


def _is_settings(found: object) -> bool:
    return isinstance(found, type) and issubclass(found, ProcessSettings) and found is not ProcessSettings


@pytest.mark.parametrize("service", SERVICES)
def test_the_owner_migrates_and_the_service_connects_as_itself(service: str, parts: dict[str, Part]) -> None:
    name = f"RJHUB_{service.upper()}_DATABASE_URL"
    assert parts[f"{service}-migrations"].environment[name].startswith(f"postgresql+asyncpg://{service}_owner:")
    assert parts[service].environment[name].startswith(f"postgresql+asyncpg://{service}:")
    assert parts[service].environment[name].endswith(f"@127.0.0.1:8032/{service}")
    assert parts[f"{service}-migrations"].command()[2:] == [f"services.{service}", "migrate"]


def test_no_secret_shows_when_a_part_is_printed(parts: dict[str, Part]) -> None:
    secret = parts["worker"].environment["RJHUB_WORKER_CLIENT_SECRET"]
    assert len(secret) == 64
    assert secret not in repr(parts)


def test_a_fingerprint_changes_with_any_migration(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("1")
    first = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == first
    (tmp_path / "notes.txt").write_text("not a source")
    assert fingerprint(tmp_path) == first
    (tmp_path / "two.py").write_text("")
    second = fingerprint(tmp_path)
    (tmp_path / "two.py").write_text("2")
    assert len({first, second, fingerprint(tmp_path)}) == 3
    assert all((CHECKOUT / "services" / service / "migrations").is_dir() for service in SERVICES)
