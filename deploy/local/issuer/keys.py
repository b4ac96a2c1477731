"""The issuer's signing keys: made once, kept in files only the owner can read, rotated by adding a newer one."""

import json
import os
from pathlib import Path

from joserfc.jwk import ECKey, KeySet

_PUBLISHED_MAX = 2  # the key that signs and the one before it, whose tokens are still about


class KeyRing:
    """The keys of a folder: the newest signs, the newest two are published."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, making it and its first key when there is none yet.

        Raises OSError, ValueError or JoseError when a key cannot be read.
        """
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._seen: tuple[str, ...] = ()
        self._keys: list[ECKey] = []
        if not self._names():
            self.rotate()
        self._current()  # a damaged key is found now and not at the first sign-in

    def signing_key(self) -> ECKey:
        """The newest key; a key added by another process counts at once."""
        return self._current()[-1]

    def published(self) -> dict[str, list[dict[str, object]]]:
        """The public halves as a JWK set."""
        return {"keys": [dict(key.as_dict(private=False)) for key in self._current()]}

    def verification_keys(self) -> KeySet:
        """The published keys, to check what this issuer itself signed."""
        return KeySet([ECKey.import_key(key.as_dict(private=False)) for key in self._current()])

    def rotate(self) -> str:
        """Add a new signing key and withdraw all but the one before it; answers the new key's id."""
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        names = self._names()
        number = int(names[-1].partition(".")[0]) + 1 if names else 1
        _write_private(self._folder / f"{number:06}.json", json.dumps(key.as_dict(private=True)))
        for name in self._names()[:-_PUBLISHED_MAX]:
            (self._folder / name).unlink()
        return str(key.kid)

    def _names(self) -> tuple[str, ...]:
        return tuple(sorted(file.name for file in self._folder.glob("[0-9]*.json")))

    def _current(self) -> list[ECKey]:
        names = self._names()
        if names != self._seen:
            files = [self._folder / name for name in names[-_PUBLISHED_MAX:]]
            self._keys = [ECKey.import_key(json.loads(file.read_text(encoding="utf-8"))) for file in files]
            self._seen = names
        return self._keys


def _write_private(file: Path, text: str) -> None:
    """Written under another name first, so that a reader never meets half a key."""
    draft = file.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(file)
