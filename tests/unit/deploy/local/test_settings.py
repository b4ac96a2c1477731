"""Settings: what each one does, and the sentence when one cannot be used."""

import os
from pathlib import Path

import pytest

from deploy.local.ports import OFFSETS
from deploy.local.settings import (
    CHECKOUT,
    Settings,
    default_folder,
    inherited_environment,
    wants_colours,
)
from deploy.local.start_error import StartError


def test_the_fixed_ports_without_any_setting() -> None:
    numbers = Settings().ports().numbers
    assert numbers["gateway"] == 8000
    assert numbers["console"] == 8080
    assert numbers == {name: 8000 + offset for name, offset in OFFSETS.items()}


def test_a_base_moves_all_ports_and_a_name_moves_one() -> None:
    numbers = Settings(port_base=9000, records_port=7777).ports().numbers
    assert (numbers["gateway"], numbers["records"], numbers["console"]) == (9000, 7777, 9080)


def test_one_port_for_two_parts_is_refused() -> None:
    with pytest.raises(StartError, match="Port 8021 is set for both agencies and records: change RJHUB_LOCAL_RECORDS"):
        Settings(records_port=8021).ports()


def test_the_environment_is_read_and_what_is_wrong_in_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RJHUB_LOCAL_PORT_BASE", "9100")
    monkeypatch.setenv("RJHUB_LOCAL_TIME_SKIPPING", "false")
    settings = Settings.load()
    assert (settings.port_base, settings.time_skipping) == (9100, False)
    monkeypatch.setenv("RJHUB_LOCAL_PORT_BASE", "99999")
    monkeypatch.setenv("RJHUB_LOCAL_POTR_BASE", "1")
    with pytest.raises(StartError) as refused:
        Settings.load()
    assert "RJHUB_LOCAL_POTR_BASE is not a setting; RJHUB_LOCAL_PORT_BASE: " in str(refused.value)
    assert "\n" not in str(refused.value)


def test_data_is_kept_in_the_checkout_unless_root_found_it_closed_to_nobody(tmp_path: Path) -> None:
    closed = tmp_path / "home" / "checkout"
    closed.mkdir(parents=True)
    (tmp_path / "home").chmod(0o700)
    assert default_folder(closed, as_root=False) == closed / ".local"
    elsewhere = default_folder(closed, as_root=True)
    assert elsewhere.parent == Path("/var/lib")
    assert elsewhere.name.startswith("rjhub-")
    assert Settings(data_folder=Path("here")).folder() == Path.cwd() / "here"
    assert default_folder(CHECKOUT, as_root=False) == CHECKOUT / ".local"


def test_parts_inherit_no_setting_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RJHUB_WORKER_CLIENT_SECRET", "leaked")
    environment = inherited_environment()
    assert not [name for name in environment if name.startswith("RJHUB_")]
    assert environment["PATH"] == os.environ["PATH"]


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert wants_colours(terminal=True)
    assert not wants_colours(terminal=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colours(terminal=True)
