"""Keys are made once, closed to others, and rotated so that tokens of the key before still verify."""

from pathlib import Path

from deploy.local.issuer.keys import KeyRing


def test_a_key_is_made_once_and_only_the_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = KeyRing(folder).signing_key()
    assert KeyRing(folder).signing_key().kid == first.kid
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_only_public_halves_are_published(tmp_path: Path) -> None:
    (key,) = KeyRing(tmp_path).published()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_a_key_added_by_another_process_signs_at_once_and_the_one_before_stays_published(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    first = ring.signing_key().kid
    second = KeyRing(tmp_path).rotate()
    assert ring.signing_key().kid == second != first
    assert [key["kid"] for key in ring.published()["keys"]] == [first, second]
    third = ring.rotate()
    assert [key["kid"] for key in ring.published()["keys"]] == [second, third]
    assert len(list(tmp_path.iterdir())) == 2
