"""Clocks, chance and the environment appear only where they belong."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, calls_in, dotted, python_files, syntax_of

# Time is data in every domain and in everything that is replayed.
PURE = (
    "workflows/case/core",
    "workflows/contracts",
    "services/agencies/domain",
    "services/records/domain",
    "services/notifications/domain",
    "services/reporting/domain",
)
REPLAYED = ("workflows/case",)
IMPURE_CALLS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now", "datetime.date.today",
    "time.time", "time.monotonic", "time.perf_counter", "time.time_ns", "time.sleep",
    "uuid.uuid1", "uuid.uuid4", "uuid4", "uuid1", "os.urandom", "secrets.token_hex", "secrets.token_urlsafe",
    "random.random", "random.choice", "random.randint", "random.shuffle", "random.uniform",
    "open", "os.getenv", "input", "print",
}  # fmt: skip
IMPURE_MODULES = {"random", "secrets", "socket", "subprocess", "threading", "os", "io", "urllib", "http", "requests"}


@pytest.mark.parametrize("path", python_files(*PURE, *REPLAYED), ids=str)
def test_no_clock_no_chance_no_io(path: Path) -> None:
    """A rule or a replayed module asks nothing of the machine it runs on."""
    tree = syntax_of(path)
    found = [f"{path}:{line} {name}" for name, line in calls_in(tree) if name in IMPURE_CALLS]
    imported = {
        alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    } | {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not found
    assert not imported & IMPURE_MODULES


@pytest.mark.parametrize("path", python_files("workflows/case/core"), ids=str)
def test_core_iterates_no_set(path: Path) -> None:
    """A set's order differs between processes, so nothing replayed may be built from one in its order."""
    for node in ast.walk(syntax_of(path)):
        iterated = node.iter if isinstance(node, ast.For | ast.comprehension) else None
        assert not isinstance(iterated, ast.Set | ast.SetComp), f"{path}:{getattr(node, 'lineno', 0)}"
        if isinstance(iterated, ast.Call):
            assert dotted(iterated.func) not in {"set", "frozenset"}, f"{path}:{iterated.lineno}"


@pytest.mark.parametrize(
    "path",
    [path for path in python_files("services", "workflows") if path.name not in {"settings.py", "__main__.py"}],
    ids=str,
)
def test_environment_is_read_in_settings_alone(path: Path) -> None:
    """One place per process reads the environment (the local supervisor, which hands it on, is not looked at)."""
    names = {dotted(node) for node in ast.walk(syntax_of(path)) if isinstance(node, ast.Attribute)}
    assert not names & {"os.environ", "os.getenv"}, path


def test_commit_happens_in_one_place() -> None:
    """One unit of work a call: nobody commits by hand."""
    found = [
        f"{path}:{line}"
        for path in python_files("services")
        if str(path) != "services/runtime/database.py"
        for name, line in calls_in(syntax_of(path))
        if name.endswith(".commit")
    ]
    assert not found


def test_root_is_this_repository() -> None:
    """The tests above look at the real sources: were the listing empty they would all pass for nothing."""
    assert (ROOT / "workflows" / "case" / "workflow.py").is_file()
    assert len(python_files("services", "workflows", "deploy")) > 50
