"""The source files of this checkout, parsed once for the tests that read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SKIPPED = ("protos/gen/", "node_modules/", ".venv/", "build/", ".local/")


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file git tracks or would track, relative to the checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return tuple(Path(name) for name in listed if (ROOT / name).is_file())


def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files below the folders (all of ours when none is named), generated ones left out."""
    return tuple(
        path
        for path in repository_files()
        if path.suffix == ".py"
        and not str(path).startswith(_SKIPPED)
        and (not folders or str(path).startswith(tuple(f"{folder}/" for folder in folders)))
    )


@cache
def syntax_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def calls_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each call's dotted name as written, and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node.lineno


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain; an empty string for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""
