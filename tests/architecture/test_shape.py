"""Every file one noun, every function one thing, and each says what it is for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, dotted, python_files, syntax_of

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "shared", "lib"}
# The list of steps is one noun, read from top to bottom; splitting it would hide that it is one list.
LONG_LISTS = {Path("workflows/contracts/steps.py"), Path("workflows/contracts/vocabulary.py")}
OURS = python_files("services", "workflows", "deploy", "protos", "tests")
PRODUCT = python_files("services", "workflows", "deploy")


@pytest.mark.parametrize("path", OURS, ids=str)
def test_file_is_short_and_no_drawer(path: Path) -> None:
    """A long file is several nouns; a drawer is none."""
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= FILE_LINES_MAX or path in LONG_LISTS, f"{path} has {lines} lines"
    assert not ({part.removesuffix(".py") for part in path.parts} & DRAWERS), path


@pytest.mark.parametrize("path", OURS, ids=str)
def test_functions_are_short(path: Path) -> None:
    """What does not fit on a screen does more than one thing."""
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{path}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", PRODUCT, ids=str)
def test_public_things_say_what_they_are(path: Path) -> None:
    """Modules, public classes and public functions have docstrings (a migration's pair of functions need none)."""
    tree = syntax_of(path)
    assert ast.get_docstring(tree), f"{path} says not what it owns"
    if "migrations" in path.parts:
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path}:{node.lineno} {node.name}"
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for member in node.body:
                if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and not member.name.startswith("_"):
                    overridden = any(isinstance(d, ast.Name) and d.id == "override" for d in member.decorator_list)
                    assert overridden or ast.get_docstring(member), f"{path}:{member.lineno} {member.name}"


@pytest.mark.parametrize("path", PRODUCT, ids=str)
def test_nothing_is_swallowed_or_promised(path: Path) -> None:
    """No error vanishes without a word, and no file promises what it does not do."""
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not any(word in text for word in ("TODO", "FIXME", "XXX"))
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or dotted(node.type) in {"Exception", "BaseException"}
            silent = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
            assert not (broad and silent), f"{path}:{node.lineno}"
