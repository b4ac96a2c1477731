"""The key ring that the tests' payloads and the committed histories are encrypted with; it protects nothing real."""

from __future__ import annotations

import json
from pathlib import Path

from services.runtime.temporal import PayloadKeys

_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
_RING = {"primary": "test-1", "keys": {"test-1": _KEY}}


def write_test_keys(folder: Path) -> Path:
    """Writes the ring as a file in `folder` and answers its path."""
    file = folder / "payload-keys.json"
    file.write_text(json.dumps(_RING), encoding="utf-8")
    return file


def read_test_keys(folder: Path) -> PayloadKeys:
    """The ring itself."""
    return PayloadKeys.read(write_test_keys(folder))
