"""The protos are clean, break nobody, and their stubs are what they generate."""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.descriptor import FileDescriptor
from rjhub.agencies.v1 import agencies_pb2
from rjhub.notifications.v1 import notifications_pb2
from rjhub.records.v1 import records_pb2
from rjhub.reporting.v1 import reporting_pb2

from tests.architecture.sources import ROOT

FILES: list[FileDescriptor] = [
    agencies_pb2.DESCRIPTOR,
    notifications_pb2.DESCRIPTOR,
    records_pb2.DESCRIPTOR,
    reporting_pb2.DESCRIPTOR,
]
PROGRAMS = ROOT / "protos" / "node_modules" / "@bufbuild"


def _buf(*arguments: str) -> subprocess.CompletedProcess[str]:
    (buf,) = PROGRAMS.glob("buf-linux-*/bin/buf")  # npm installs the one that fits this machine
    return subprocess.run([buf, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_buf_lint_is_clean() -> None:
    """Packages are paths, enums start unspecified, and so on: buf's standard rules."""
    result = _buf("lint", "protos")
    assert result.returncode == 0, result.stdout + result.stderr


def test_nothing_breaks_callers_of_main() -> None:
    """A change that an older caller would trip over needs a new package version."""
    command = ["git", "ls-tree", "--name-only", "main", "protos/buf.yaml"]
    kept = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not kept.stdout.strip():
        return  # the very first commit of the protos has nothing to break
    result = _buf("breaking", "protos", "--against", ".git#branch=main,subdir=protos")
    assert result.returncode == 0, result.stdout + result.stderr


def test_stubs_are_what_the_protos_generate(tmp_path: Path) -> None:
    """The committed stubs equal freshly generated ones, file by file."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, ROOT / "protos" / "generate.py", tmp_path], check=True, env=environment)
    fresh = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.py*"))
    kept = sorted(
        path.relative_to(ROOT / "protos" / "gen")
        for path in (ROOT / "protos" / "gen").rglob("*.py*")
        if "__pycache__" not in path.parts
    )
    assert fresh == kept
    gen = ROOT / "protos" / "gen"
    assert [str(path) for path in fresh if not filecmp.cmp(tmp_path / path, gen / path, shallow=False)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.package)
def test_enums_begin_unspecified(file: FileDescriptor) -> None:
    """Zero means not said, which every service refuses."""
    for name, enum in file.enum_types_by_name.items():
        assert enum.values_by_number[0].name.endswith("_UNSPECIFIED"), name


def test_the_ledger_has_no_place_for_a_name() -> None:
    """No field of the ledger's messages could hold who somebody is."""
    personal = {"name", "email", "phone", "address", "date_of_birth", "text", "narrative", "note", "body"}
    for message in reporting_pb2.DESCRIPTOR.message_types_by_name.values():
        assert not personal & {field.name for field in message.fields}, message.name
