"""Generates the stubs of every proto into a folder (protos/gen by default): `python protos/generate.py [folder]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROTOS = Path(__file__).resolve().parent


def generate(target: Path) -> None:
    """Writes stubs and their type hints below `target`; raises CalledProcessError when a proto is wrong."""
    target.mkdir(parents=True, exist_ok=True)
    protos = sorted(str(path.relative_to(PROTOS)) for path in (PROTOS / "rjhub").rglob("*.proto"))
    # The mypy plugins are programs beside this interpreter, which need not be on PATH.
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run(
        [
            *(sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTOS}"),
            *(f"--{kind}_out={target}" for kind in ("python", "grpc_python", "mypy", "mypy_grpc")),
            *protos,
        ],
        check=True,
        env=environment,
        cwd=PROTOS,
    )


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else PROTOS / "gen")
